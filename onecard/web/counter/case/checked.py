"""The answers of a case as sheets to be looked over before they are accepted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.forms import BooleanField, ChoiceField

from onecard import words
from onecard.domain.masking import mask_name, mask_number, mask_phone
from onecard.web.counter.case.forms import CaseForm
from onecard.words.speech import spoken


@dataclass(frozen=True)
class Line:
    """One answer: what was asked, what was said, and where it is changed."""

    label: str
    value: str
    change: str


@dataclass(frozen=True)
class Sheet:
    """One paper or one group of answers."""

    title: str
    lines: tuple[Line, ...]


HOLDER = ("kind", "number", "valid_to", "original", "id_card_issued", "old_card_shown")
GUARDIAN = (
    "guardian_name",
    "guardian_relation",
    "guardian_kind",
    "guardian_number",
    "guardian_valid_to",
    "guardian_original",
    "guardianship_proof",
)
AGENT = (
    "agent_name",
    "agent_kind",
    "agent_number",
    "agent_valid_to",
    "agent_original",
    "agent_letter",
)
OLD_CARD = ("reason", "account_settled", "confirmed", "base_data_right")
ANSWERS = ("phone", "address", "occupation", "nationality")
CARD = ("bank", "making_mode", "collection", "post_to", "postage_understood")
MASKS = {
    "number": mask_number,
    "guardian_number": mask_number,
    "agent_number": mask_number,
    "guardian_name": mask_name,
    "agent_name": mask_name,
    "phone": mask_phone,
}


def sheets(form: CaseForm, address: str) -> tuple[Sheet, ...]:
    """Every answer of a form that was found right; what does not apply is left out."""
    who = form.cleaned_data["applied_by"]
    groups: list[tuple[str, tuple[str, ...]]] = [("who", ("applied_by",))]
    groups += [("old_card", OLD_CARD)] if "base_data_right" in form.fields else []
    groups += [("holder", HOLDER)]
    groups += [("guardian", GUARDIAN)] if "guardian_name" in form.fields else []
    groups += [("agent", AGENT)] if who == "agent" else []
    groups += [("answers", ANSWERS), ("card", CARD)]
    return tuple(
        Sheet(
            words.text(f"counter.case.sheet.{name}", form.language),
            tuple(
                Line(str(form.fields[field].label), said, f"{address}#{_anchor(form, field)}")
                for field in fields
                if field in form.fields
                for said in [_said(form, field)]
                if said
            ),
        )
        for name, fields in groups
    )


def _said(form: CaseForm, name: str) -> str:
    """An answer in words, masked as on every counter screen; empty where it does not apply."""
    value, field = form.cleaned_data.get(name), form.fields[name]
    if not _applies(form, name):
        return ""
    if name == "confirmed":
        said = len(value or ()), len(field.choices)  # type: ignore[attr-defined]
        return words.text("counter.case.confirmed_of", form.language, given=said[0], all=said[1])
    if value == date.max:
        return words.text("counter.case.without_end", form.language)
    if isinstance(field, BooleanField):
        return words.text(f"common.{'yes' if value else 'no'}", form.language)
    if isinstance(field, ChoiceField):
        return str(dict(field.choices).get(value, ""))  # type: ignore[arg-type]
    return MASKS.get(name, str)(value) if isinstance(value, str) else _day(value, form.language)


def _applies(form: CaseForm, name: str) -> bool:
    """Whether a question means something beside the other answers."""
    told = form.cleaned_data
    applies: dict[str, bool] = {
        "post_to": told["collection"] == "post",
        "postage_understood": told["collection"] == "post",
        "account_settled": told.get("reason") == "bank_change",
        "id_card_issued": told["kind"] == "household_register",
    }
    return applies.get(name, True)


def _day(value: date | None, language: str) -> str:
    return spoken(value, language) if value else ""


def _anchor(form: CaseForm, name: str) -> str:
    """The id of the first control of a question."""
    return str(form[name].id_for_label or f"{name}_0")
