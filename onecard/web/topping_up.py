"""What every page that tops up asks: the amount, for a card that was just read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from onecard import words
from onecard.actions._tapping import TapStep
from onecard.domain.refusal import Refusal
from onecard.queries.topup import PurseSeen
from onecard.web.forms import WordedForm, folded
from onecard.web.templatetags.purse import FEN_PER_YUAN, yuan

SHOWN = "card_shown"
OTHER = "other"
MOST_DIGITS = 8


class AmountForm(WordedForm):
    """One of the city's amounts, or another one in yuan."""

    stem = "purse_pages.amount"
    depends = ("other",)
    amount_fen = forms.ChoiceField(widget=forms.RadioSelect)
    other = forms.CharField(
        max_length=MOST_DIGITS,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, seen: PurseSeen, **named: Any) -> None:
        super().__init__(*args, **named)
        offered = [(str(fen), yuan(fen)) for fen in seen.offered_fen]
        self.offer("amount_fen", [*offered, (OTHER, "")])

    @property
    def fen(self) -> int:
        """What was chosen."""
        chosen = self.cleaned_data["amount_fen"]
        return int(self.cleaned_data["other"] if chosen == OTHER else chosen)

    def clean(self) -> dict[str, Any]:
        """An amount of one's own is whole yuan; whether it may be loaded is the rule's to say."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("amount_fen") == OTHER:
            typed = folded(told.get("other", ""))
            if typed.isascii() and typed.isdigit():
                told["other"] = int(typed) * FEN_PER_YUAN
            else:
                self.add_error("other", forms.ValidationError("whole yuan", code="whole_yuan"))
        return told

    def say_no_of(self, refusal: Refusal, *others: WordedForm) -> None:
        """Put a no beside the question it is about, else above them all."""
        for form in (self, *others):
            if refusal.field in form.fields:
                form.say_no(refusal)
                return
        said = words.in_one_breath(refusal, self.language)
        forms.Form.add_error(self, None, forms.ValidationError(said, code=refusal.code))


def show_on(request: HttpRequest, step: TapStep) -> None:
    """Keep what a card just showed, for the page on which the amount is chosen."""
    if "purse" in step.facts:
        request.session[SHOWN] = {"purse": step.facts["purse"], "fen": step.facts["balance_fen"]}


def shown_on(request: HttpRequest, purse: str) -> int | None:
    """What the card showed when it was read for this page; None for another card."""
    shown = request.session.get(SHOWN, {})
    return shown["fen"] if shown.get("purse") == purse else None
