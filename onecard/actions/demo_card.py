"""演示卡的贴与移开: a phone, a kiosk and an outlet's reader of the demo hold a simulated chip.

Only a wire: it gives bytes to the chip and brings its answers. Nothing of ours is written here, so
these are not acts. Outside demo mode there are no such cards: `NotFound`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onecard.adapters.demo_cards import BadStep, Chip, DemoCards, demo_cards
from onecard.domain.authority import Actor, Role
from onecard.domain.hr_function import HrState
from onecard.domain.masking import mask_number
from onecard.domain.refusal import NotFound, Refusal, Refused
from onecard.records.models import Card

_MOST_OFFERED = 40
_GONE = frozenset({HrState.CANCELLED, HrState.SEALED})


@dataclass(frozen=True)
class DemoCard:
    """A card that can be held; the number is masked."""

    card: str
    name: str
    number: str


def is_offered() -> bool:
    """Whether there are demo cards here."""
    return demo_cards() is not None


def cards_for(*, actor: Actor, at: datetime) -> tuple[DemoCard, ...]:
    """The holder's own cards; for a desk or a kiosk those of the people with a story."""
    del at
    _there()
    rows = _rows(actor).select_related("person").order_by("person__created_at", "ref")
    return tuple(
        DemoCard(row.ref, row.person.name, mask_number(row.card_number))
        for row in rows[:_MOST_OFFERED]
    )


def hold(
    *, card: str, step: Mapping[str, Any], tear: str = "", actor: Actor, at: datetime
) -> Mapping[str, Any]:
    """Give one step to a chip; its answers as they are posted.

    Raises `NotFound`, and `Refused("topup.wrong_step")` for what is no step.
    """
    del at
    cards = _there()
    row = _rows(actor).filter(ref=card).select_related("person").first()
    if row is None:
        raise NotFound(Card.__name__)
    try:
        return cards.carry(_chip_of(row), step, tear).as_plain()
    except BadStep as bad:
        raise Refused(Refusal("topup.wrong_step", allowed={"seq": str(step.get("seq"))})) from bad


def _there() -> DemoCards:
    cards = demo_cards()
    if cards is None:
        raise NotFound("demo card")
    return cards


def _rows(actor: Actor) -> Any:
    living = Card.objects.exclude(hr_state__in=_GONE).exclude(card_identifier_index="")
    if actor.role is Role.CITIZEN:
        return living.filter(person=actor.ref)
    return living.exclude(person__demo="")


def _chip_of(row: Card) -> Chip:
    who = row.person
    return Chip(row.ref, row.card_identifier, row.card_number, who.identity_number, who.name)
