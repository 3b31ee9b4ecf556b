"""What lies on a desk when a person comes about a card: papers, and the card where there is one.

Shared by the outlets and the banks, so that the same questions have the same words everywhere.
"""

from __future__ import annotations

from typing import Any

from django import forms

from onecard import words
from onecard.actions.collection import CardInHand, Shown
from onecard.web.counter.fields import (
    CounterForm,
    ExpiryField,
    kind_field,
    text_field,
    without_gaps,
)

WHO = ("holder", "agent")
IDENTIFIER_LENGTH = 32
AGENTS = ("agent_name", "agent_kind", "agent_number", "agent_valid_to")
USUAL = "counter.collect"


class Papers(CounterForm):
    """Whoever stands here, and the originals they show."""

    stem = USUAL
    who = forms.ChoiceField(choices=[(who, "") for who in WHO], widget=forms.RadioSelect)
    kind = kind_field()
    number = text_field(most=32)
    valid_to = ExpiryField()
    original = forms.BooleanField(required=False)
    agent_name = text_field()
    agent_kind = kind_field()
    agent_number = text_field(most=32)
    agent_valid_to = ExpiryField()
    agent_original = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **named: Any) -> None:
        usual = {"who": "holder", "kind": "resident_id", **named.pop("initial", {})}
        super().__init__(*args, initial=usual, **named)
        self.only_if("who", "agent", *AGENTS)

    def clean_number(self) -> str:
        """Narrow digits, without gaps."""
        return without_gaps(self.cleaned_data["number"])

    def clean_agent_number(self) -> str:
        """Narrow digits, without gaps."""
        return without_gaps(self.cleaned_data["agent_number"])

    def clean(self) -> None:
        """An agent shows an own document too."""
        super().clean()
        self.must_be_number("kind", "number")
        if self.cleaned_data.get("who") == "agent":
            self.must_be_number("agent_kind", "agent_number")

    def papers(self) -> Shown:
        """The papers on the desk."""
        if self.cleaned_data["who"] == "agent":
            name = self.cleaned_data["agent_name"]
            return Shown(self.shown(), self.shown("agent_"), name)
        return Shown(self.shown())

    def own_fields(self) -> list[forms.BoundField]:
        """What is asked beside the papers and the card, in order; nothing hidden."""
        usual = PapersAndCard.base_fields
        return [one for one in self.visible_fields() if one.name not in usual]

    def _word(self, name: str, part: str) -> str:
        """A word of this desk's own, else the usual one."""
        usual = f"{USUAL}.{name}.{part}"
        own = super()._word(name, part)
        return own or (words.text(usual, self.language) if words.has(usual, self.language) else "")


class PapersAndCard(Papers):
    """The card was read as well: a reader gives the long identifier, the eye the short number."""

    card = text_field(most=40, autofocus=True)

    field_order = ("card",)

    def clean_card(self) -> str:
        """As printed, without gaps."""
        return without_gaps(self.cleaned_data["card"]).upper()

    def proof(self) -> CardInHand:
        """What was read."""
        return read(self.cleaned_data["card"])


def read(card: str) -> CardInHand:
    """A card as it was read or typed."""
    if len(card) == IDENTIFIER_LENGTH:
        return CardInHand(card_identifier=card)
    return CardInHand(card_number=card)
