"""The answers about one person as lines to be looked over before they are sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.forms import ChoiceField, FileField

from onecard import words
from onecard.domain.masking import mask_number, mask_phone
from onecard.web.unit.forms import PersonForm
from onecard.words.speech import spoken

MASKS = {"number": mask_number, "guardian_number": mask_number, "phone": mask_phone}


@dataclass(frozen=True)
class Line:
    """One answer: what was asked, what was said, and where it is changed."""

    label: str
    value: str
    change: str


def lines(form: PersonForm, address: str) -> tuple[Line, ...]:
    """Every answer that was given, in the order of the form."""
    told = form.cleaned_data
    without_guardian = not told["guardian_name"]
    return tuple(
        Line(str(field.label), said, f"{address}#{form[name].id_for_label or name + '_0'}")
        for name, field in form.fields.items()
        if not isinstance(field, FileField)
        and not (without_guardian and name.startswith("guardian"))
        for said in [_said(form, name)]
        if said
    )


def _said(form: PersonForm, name: str) -> str:
    value, field = form.cleaned_data.get(name), form.fields[name]
    if value == date.max:
        return words.text("counter.case.without_end", form.language)
    if isinstance(field, ChoiceField):
        return str(dict(field.choices).get(value, ""))  # type: ignore[arg-type]
    if isinstance(value, date):
        return spoken(value, form.language)
    return MASKS.get(name, str)(value) if value else ""
