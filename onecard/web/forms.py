"""Questions people answer: forms whose every label, hint and error comes from the word files.

A form names its stem, e.g. `portal.address`; a field's words are `<stem>.<field>.label`, `.hint`
(optional), `.option.<value>`, and per problem `.error.<code>`, else `common.error.<code>`.
Errors are judged on submit, by the server alone; nothing typed is ever lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.utils import ErrorDict

from onecard import words
from onecard.domain.refusal import Refusal


@dataclass(frozen=True)
class Problem:
    """One line of the error summary: the id to jump to and the sentence, word for word."""

    anchor: str
    sentence: str


class WordedForm(forms.Form):
    """A form that speaks the reader's language."""

    stem = ""
    use_required_attribute = False
    depends: tuple[str, ...] = ()
    """Fields that another answer makes necessary: not required, and not called optional."""

    def __init__(self, *args: Any, language: str = "zh", **named: Any) -> None:
        super().__init__(*args, **{"auto_id": "%s", **named})
        self.language = language
        for name, field in self.fields.items():
            field.label = self._word(name, "label")
            field.help_text = self._word(name, "hint")
            self._word_options(name, field)
            if isinstance(field.widget, OneDay):
                field.widget.part_names = {
                    part: words.text(f"common.day.{part}", language) for part in PARTS
                }

    def add_error(self, field: str | None, error: Any) -> None:
        """Keep an error as the sentence of its code."""
        said = [
            ValidationError(self._sentence(field, one), code=one.code) for one in _singles(error)
        ]
        super().add_error(field, said)

    def say_no(self, refusal: Refusal) -> None:
        """Put a rule's no beside the field it is about: what is so, and what to do."""
        said = words.in_one_breath(refusal, self.language)
        super().add_error(refusal.field, ValidationError(said, refusal.code))

    def offer(self, name: str, options: list[tuple[str, str]]) -> None:
        """The options of a choice; an empty label is taken from the words."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = options
            self._word_options(name, field)

    def show_as_typed(self) -> None:
        """Redisplay what was typed without judging it: the reader switched language or size."""
        self._errors = ErrorDict()
        self.cleaned_data = {}

    def problems(self) -> list[Problem]:
        """Every error in the order of the questions, for the summary at the top."""
        return [
            Problem(anchor_of(self[name]) if name in self.fields else "main", str(sentence))
            for name in [*self.fields, NON_FIELD_ERRORS]
            for sentence in self.errors.get(name, ())
        ]

    def _word(self, name: str, part: str) -> str:
        key = f"{self.stem}.{name}.{part}"
        return words.text(key, self.language) if words.has(key, self.language) else ""

    def _word_options(self, name: str, field: forms.Field) -> None:
        if not isinstance(field, forms.ChoiceField):
            return
        offered: list[tuple[Any, Any]] = list(field.choices)  # type: ignore[arg-type]
        field.choices = [
            (value, label or self._word(name, f"option.{value}")) for value, label in offered
        ]

    def _sentence(self, field: str | None, error: ValidationError) -> str:
        code = _code(self.fields.get(field or ""), error.code)
        params = {key: _fact(value) for key, value in (error.params or {}).items()}
        facts = {"label": self._word(field, "label") if field else "", **params}
        for key in (f"{self.stem}.{field}.error.{code}", f"common.error.{code}"):
            if words.has(key, self.language):
                return words.text(key, self.language, **facts)
        return str(error.messages[0])


PARTS = ("year", "month", "day")


class OneDay(forms.MultiWidget):
    """Year, month, day as three boxes, so that nobody has to find a date in a calendar."""

    template_name = "components/day.html"

    def __init__(self) -> None:
        numeric = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "4"}
        super().__init__(widgets={part: forms.TextInput(attrs=numeric) for part in PARTS})
        self.part_names = dict.fromkeys(PARTS, "")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The three boxes, each with its label."""
        context = super().get_context(name, value, attrs)
        for part, label in zip(
            context["widget"]["subwidgets"], self.part_names.values(), strict=True
        ):
            part["label"] = label
        return context

    def decompress(self, value: date | None) -> list[str]:
        """A day as its three parts."""
        return [str(value.year), str(value.month), str(value.day)] if value else ["", "", ""]


class DayField(forms.MultiValueField):
    """A day typed in three boxes. Problems: `required`, `no_such_day`."""

    widget = OneDay

    def __init__(self, **named: Any) -> None:
        parts = tuple(forms.CharField(max_length=8) for _ in range(3))
        super().__init__(fields=parts, require_all_fields=True, **named)

    def clean(self, value: Any) -> date | None:
        """The day. Full-width digits and spaces are read as meant."""
        return super().clean([folded(part) for part in value or []])  # type: ignore[no-any-return]

    def compress(self, data_list: list[str]) -> date | None:
        """Put the parts together."""
        if not data_list:
            return None
        try:
            return date(*(int(part) for part in data_list))
        except (ValueError, OverflowError) as wrong:
            raise ValidationError("no such day", code="no_such_day") from wrong


def folded(text: Any) -> str:
    """Full-width digits and letters made narrow, outer and ideographic spaces dropped."""
    narrow = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    return str(text or "").translate({**narrow, 0x3000: 0x20}).strip()


def anchor_of(bound: forms.BoundField) -> str:
    """The id the error link jumps to: the field, its first part, or its first option."""
    widget = bound.field.widget
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return f"{bound.html_name}_0"
    return f"{bound.html_name}_year" if isinstance(widget, OneDay) else bound.html_name


def _singles(error: Any) -> list[ValidationError]:
    whole = error if isinstance(error, ValidationError) else ValidationError(error)
    return list(whole.error_list)


def _code(field: forms.Field | None, code: str | None) -> str:
    """An empty answer is told in the words of its kind: write, choose, tick, pick a file."""
    if code != "required":
        return code or "invalid"
    kinds = {
        forms.ChoiceField: "unchosen",
        forms.BooleanField: "unticked",
        forms.FileField: "missing",
    }
    return next((said for kind, said in kinds.items() if isinstance(field, kind)), code)


def _fact(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool, date)) else str(value)
