"""Cards that the province's register names and our archive does not: kept, so that one is one.

The register owns the state of a card that was not made here; of our own cards we do.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from onecard.actions._history import transition
from onecard.adapters.hr_database import ProvincialCard
from onecard.domain.authority import Actor
from onecard.domain.hr_function import IN_USE
from onecard.records.models import Card, Discrepancy, Person
from onecard.seams.world import world

PARTNER = "hr_database"


def keep_cards(person: Person, cards: Iterable[ProvincialCard], *, by: Actor, at: datetime) -> None:
    """Bring the cards of a held person in step with the register."""
    for told in cards:
        index = world().custody.blind_index("card_number", told.card_number)
        card = Card.objects.filter(card_number_index=index).first()
        if card is None:
            _keep_new(person, told, index, at)
        elif card.person_id == person.ref and _is_theirs(card) and card.hr_state is not told.state:
            _follow(card, told, by, at)


def _is_theirs(card: Card) -> bool:
    return card.application_id is None


def _keep_new(person: Person, told: ProvincialCard, index: str, at: datetime) -> None:
    in_use = Card.objects.filter(person=person, hr_state__in=IN_USE)
    if told.state in IN_USE and in_use.exists():
        _note_second_card(person, told, at)
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


def _follow(card: Card, told: ProvincialCard, by: Actor, at: datetime) -> None:
    others = Card.objects.filter(person=card.person_id, hr_state__in=IN_USE).exclude(ref=card.ref)
    if told.state in IN_USE and others.exists():
        return
    was, card.hr_state = card.hr_state, told.state
    card.save(update_fields=["hr_state"])
    transition(card, function="hr", was=was, now=told.state, reason="register", by=by, at=at)


def _note_second_card(person: Person, told: ProvincialCard, at: datetime) -> None:
    """Two cards in use for one person: shown to an operator, never applied (V3)."""
    kind = "second_card_in_register"
    if Discrepancy.objects.filter(kind=kind, about=person.ref, settled_at=None).exists():
        return
    Discrepancy.objects.create(
        ref=world().ids.new("dis"),
        kind=kind,
        about=person.ref,
        partner=PARTNER,
        detail={"city": told.city, "generation": told.generation, "state": told.state.value},
        found_at=at,
    )
