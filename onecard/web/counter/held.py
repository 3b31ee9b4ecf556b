"""A card and its person, as every page about one card needs them."""

from __future__ import annotations

from dataclasses import dataclass

from onecard.domain.refusal import NotFound
from onecard.queries import card as cards
from onecard.queries.card import CardSeen
from onecard.queries.person import CounterPerson
from onecard.queries.person import at_counter as seen_at_counter
from onecard.queries.staff import Me
from onecard.seams.world import world


@dataclass(frozen=True)
class Held:
    """A card and whose it is."""

    person: CounterPerson
    card: CardSeen


def held(me: Me, person: str, card: str) -> Held:
    """A person's card, by its own name or its application's.

    Raises `NotFound` for a card that is not this person's.
    """
    now = world().clock.now()
    mine = cards.cards_of(person=person, as_seen_by=me.actor, at=now).cards
    found = next((one for one in mine if card in (one.card, one.application)), None)
    if found is None:
        raise NotFound("Card")
    return Held(seen_at_counter(person=person, as_seen_by=me.actor, at=now), found)
