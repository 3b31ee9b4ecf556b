"""The daily routine of those who work here: cards are sent out, unpacked, handed over, enabled."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from onecard.actions import collection, person, production
from onecard.actions.collection import CardInHand, Shown
from onecard.adapters.partners import partners
from onecard.domain.authority import Actor
from onecard.domain.refusal import Refused
from onecard.queries import card as cards
from onecard.queries import production as making
from onecard.simulator.at_counter import look_for, visitors
from onecard.simulator.population import Inhabitant
from onecard.simulator.telling import Story, document

DAYS, MORNING, AFTERNOON = 14, 8, 15
DAYS_UNTIL_BACK, COME_BACK = 5, 18


def stories(crowd: list[Inhabitant], hired: dict[str, Actor]) -> list[Story]:
    """Mornings the operator sends cards out, afternoons outlets unpack; some people come back."""
    clerks = (hired["clerk"], hired["hr"])
    daily = [
        Story(day * 24 + hour, happen)
        for day in range(1, DAYS - 1)
        for hour, happen in (
            (MORNING, send_out(hired["operator"])),
            *((AFTERNOON, unpack(clerk)) for clerk in clerks),
        )
    ]
    back = [
        Story(visited + DAYS_UNTIL_BACK * 24, collect(who, clerk))
        for visited, who, clerk in list(visitors(crowd, clerks))[:COME_BACK]
    ]
    return daily + back


def send_out(operator: Actor) -> Callable[[datetime], object]:
    """Send every batch with made cards to the outlets."""

    def happen(at: datetime) -> object:
        ready = {card.batch for card in making.ready_to_distribute(as_seen_by=operator, at=at)}
        return [
            production.distribute(batch=batch, actor=operator, at=at) for batch in sorted(ready)
        ]

    return happen


def unpack(clerk: Actor) -> Callable[[datetime], object]:
    """Confirm whatever came to the clerk's outlet."""

    def happen(at: datetime) -> object:
        coming = tuple(card.application for card in making.coming_in(as_seen_by=clerk))
        return production.arrive(applications=coming, actor=clerk, at=at) if coming else None

    return happen


def collect(who: Inhabitant, clerk: Actor) -> Callable[[datetime], object]:
    """Come back for the card and have it enabled; who comes too early is sent home."""

    def happen(at: datetime) -> object:
        met = person.find_at_counter(look=look_for(who), actor=clerk, at=at)
        mine = cards.cards_of(person=met.person, as_seen_by=clerk, at=at).cards
        registered = partners().hr_database.cards_of(who.person.identity_number)
        if not mine or not registered:
            return None
        with suppress(Refused):
            return collection.enable(
                card=mine[0].card,
                proof=CardInHand(card_number=registered[-1].card_number),
                shown=Shown(holder=document(who)),
                old_card_handed_in=False,
                actor=clerk,
                at=at,
            )
        return None

    return happen
