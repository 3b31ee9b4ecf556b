"""What clerks type in a hurry: days in eight digits, documents as they lie on the desk."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from onecard import words
from onecard.domain.documents import DocumentKind, ShownDocument
from onecard.queries import documents
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web.forms import WordedForm, folded

OFF = {"autocomplete": "off", "spellcheck": "false"}
WITHOUT_END = frozenset({"0", "长期", "9999", "99991231"})
_DAY = re.compile(r"(\d{4})[-./年]?(\d{1,2})[-./月]?(\d{1,2})日?", re.ASCII)
_OTHER = DocumentKind.SOCIAL_SECURITY_CARD
KINDS = tuple(kind for kind in DocumentKind if kind is not _OTHER)


class QuickDayField(forms.CharField):
    """A day typed as `20360131` or `2036-01-31`. Problems: `required`, `no_such_day`."""

    widget = forms.TextInput(attrs={**OFF, "inputmode": "numeric", "size": 12})

    def __init__(self, **named: Any) -> None:
        super().__init__(max_length=16, **named)

    def clean(self, value: Any) -> Any:
        """The day, None when nothing was typed."""
        text = super().clean(folded(value))
        return self.read(text) if text else None

    def read(self, text: str) -> Any:
        """The day the text means."""
        parts = _DAY.fullmatch(text)
        if parts is None:
            raise ValidationError("no such day", code="no_such_day")
        try:
            return date(*(int(part) for part in parts.groups()))
        except ValueError as wrong:
            raise ValidationError("no such day", code="no_such_day") from wrong


class ExpiryField(QuickDayField):
    """The last day of a document, or `0` for one without end, which is `date.max`."""

    def read(self, text: str) -> Any:
        """The day, `date.max` for a document without end."""
        return date.max if text in WITHOUT_END else super().read(text)


def text_field(*, required: bool = True, most: int = 80, **attrs: Any) -> forms.CharField:
    """One line of text; a shared counter remembers nothing."""
    widget = forms.TextInput(attrs={**OFF, **attrs})
    return forms.CharField(max_length=most, required=required, widget=widget)


def kind_field() -> forms.ChoiceField:
    """The kind of a document; a counter form words the choices."""
    return forms.ChoiceField(choices=[(kind.value, "") for kind in KINDS])


class CounterForm(WordedForm):
    """A form of the counter: documents are named as everywhere, numbers are judged by the rules."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for name in self.fields:
            if name.endswith("kind"):
                self.offer(name, [(kind.value, self.say(kind)) for kind in KINDS])

    def say(self, kind: DocumentKind) -> str:
        """The name of a kind of document in the clerk's language."""
        return words.text(f"documents.kind.{kind.value}", self.language)

    def must_be_number(self, kind: str, number: str) -> None:
        """A number that is none is a slip of the hand: said beside the field."""
        typed = self.cleaned_data.get(number)
        if not typed or not self.cleaned_data.get(kind):
            return
        refusal = documents.check_number(
            kind=DocumentKind(self.cleaned_data[kind]),
            number=typed,
            on=local_day(world().clock.now()),
        )
        if refusal is not None:
            self.say_no(replace(refusal, field=number))

    def only_if(self, name: str, value: str, *fields: str) -> None:
        """These are asked, and must be answered, only while another answer is `value`."""
        asked = not self.is_bound or self.data.get(name) == value
        for field in fields:
            if field in self.fields:
                self.fields[field].required = asked

    def shown(self, prefix: str = "") -> ShownDocument:
        """The document whose fields begin with `prefix`, as it lies on the desk."""
        told = self.cleaned_data
        valid_to = told.get(f"{prefix}valid_to")
        return ShownDocument(
            kind=DocumentKind(told[f"{prefix}kind"]),
            number=told[f"{prefix}number"],
            valid_to=None if valid_to == date.max else valid_to,
            original=bool(told.get(f"{prefix}original")),
        )


def without_gaps(text: str) -> str:
    """A number with narrow digits and no gaps, as rules want it."""
    return folded(text).replace(" ", "")
