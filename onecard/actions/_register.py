"""Cards that the province's register names and our archive does not: kept, so that one is one.

The register owns the state of a card that was not made here; of our own cards we do. What it says
gives way while our own word is on its way there, and never weakens a loss that stands here (V6).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from onecard.actions._history import lapse_if_over, open_side, transition
from onecard.adapters.hr_database import ProvincialCard
from onecard.domain.authority import Actor
from onecard.domain.hr_function import IN_USE, HrState
from onecard.domain.loss import Side
from onecard.records.models import Card, Discrepancy, OutboxRow, Person
from onecard.seams.world import world

PARTNER = "hr_database"
_STRENGTH = (
    HrState.SEALED,
    HrState.NORMAL,
    HrState.LOCKED,
    HrState.TEMPORARY_LOSS,
    HrState.FORMAL_LOSS,
    HrState.CANCELLED,
)
"""The weakest first: a stronger state is never overwritten by a weaker one (V6)."""


def keep_cards(person: Person, cards: Iterable[ProvincialCard], *, by: Actor, at: datetime) -> None:
    """Bring the cards of a held person in step with the register."""
    for told in cards:
        index = world().custody.blind_index("card_number", told.card_number)
        card = Card.objects.filter(card_number_index=index).first()
        if card is None:
            _keep_new(person, told, index, at)
        elif card.person_id == person.ref and _is_theirs(card) and not _is_behind(card):
            _follow(card, told, by, at)


def _is_theirs(card: Card) -> bool:
    return card.application_id is None


def _keep_new(person: Person, told: ProvincialCard, index: str, at: datetime) -> None:
    in_use = Card.objects.filter(person=person, hr_state__in=IN_USE)
    if told.state in IN_USE and in_use.exists():
        _note("second_card_in_register", person.ref, told, at)
        return
    Card.objects.create(
        ref=world().ids.new("crd"),
        person=person,
        generation=told.generation,
        bank=told.bank,
        card_number=told.card_number,
        card_number_index=index,
        hr_state=told.state,
        issued_on=told.issued_on,
        valid_to=told.valid_to,
        enabled_at=at if told.state in IN_USE else None,
    )


def _is_behind(card: Card) -> bool:
    """Whether the register has not yet heard what we had to say of this card."""
    said = OutboxRow.objects.filter(subject=card.ref, party=PARTNER, delivered_at=None)
    return said.exists()


def _follow(card: Card, told: ProvincialCard, by: Actor, at: datetime) -> None:
    lapse_if_over(card, at=at)
    others = Card.objects.filter(person=card.person_id, hr_state__in=IN_USE).exclude(ref=card.ref)
    if told.state is card.hr_state or (told.state in IN_USE and others.exists()):
        return
    if open_side(card, Side.HR) and _STRENGTH.index(told.state) < _STRENGTH.index(card.hr_state):
        _note("register_weaker_than_loss", card.ref, told, at)
        return
    was, card.hr_state, card.loss_ends_at = card.hr_state, told.state, None
    card.save(update_fields=["hr_state", "loss_ends_at"])
    transition(card, function="hr", was=was, now=told.state, reason="register", by=by, at=at)


def _note(kind: str, about: str, told: ProvincialCard, at: datetime) -> None:
    """What is shown to an operator and never applied, once as long as it is not settled."""
    if Discrepancy.objects.filter(kind=kind, about=about, settled_at=None).exists():
        return
    Discrepancy.objects.create(
        ref=world().ids.new("dis"),
        kind=kind,
        about=about,
        partner=PARTNER,
        detail={"city": told.city, "generation": told.generation, "state": told.state.value},
        found_at=at,
    )
