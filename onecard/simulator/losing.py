"""Stories of lost cards: by telephone, at the bank, online, and a replacement on its way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from onecard.actions import financial, loss, replacement
from onecard.actions.collection import CardInHand, Shown
from onecard.adapters.partners import partners
from onecard.domain.authority import Actor
from onecard.domain.replacement import Confirmation, Replacing
from onecard.queries import card as cards
from onecard.simulator.online import LONG_AGO, RECEIVED, Visit, apply, enable
from onecard.simulator.plan import plan
from onecard.simulator.population import Inhabitant
from onecard.simulator.telling import PHONE, Story, answers, document

BANK = "icbc"
"""The bank whose clerk signs in as `bank`: the lost cards are of that bank."""

KEYS = ("lost_temporary", "lost_formal", "lost_online", "replacing")
ACTIVATED = 4 * 24
DAY_SIX = 14 * 24 - (5 * 24 + 20)
"""Five days and twenty hours ago: today is the sixth day of a temporary report."""
LAST_WEEK, DAY_BEFORE, YESTERDAY = 9 * 24, 12 * 24, 13 * 24


def stories(people: dict[str, Inhabitant], hired: dict[str, Actor]) -> list[Story]:
    """Each gets a card, enables and activates it, and loses it."""
    home = plan().homes.plain
    received = [
        story
        for key in KEYS
        for story in (
            Story(LONG_AGO, apply(people[key], home=home, bank=BANK)),
            Story(LONG_AGO + RECEIVED, enable(people[key])),
            Story(ACTIVATED, activate(people[key], hired["bank"])),
        )
    ]
    return [
        *received,
        Story(DAY_SIX, report_by_phone(people["lost_temporary"], hired["phone"])),
        Story(DAY_BEFORE, report_at_bank(people["lost_formal"], hired["bank"])),
        Story(YESTERDAY, report_online(people["lost_online"])),
        Story(LAST_WEEK, report_online(people["replacing"])),
        Story(DAY_BEFORE, replace(people["replacing"], home=home)),
    ]


def activate(who: Inhabitant, clerk: Actor) -> Callable[[datetime], object]:
    """Go to the bank with card and document."""

    def happen(at: datetime) -> object:
        newest = partners().hr_database.cards_of(who.person.identity_number)[-1]
        return financial.activate(
            card=_own_card(who, at),
            proof=CardInHand(card_number=newest.card_number),
            shown=Shown(holder=document(who)),
            actor=clerk,
            at=at,
        )

    return happen


def report_by_phone(who: Inhabitant, operator: Actor) -> Callable[[datetime], object]:
    """Call 12333."""

    def happen(at: datetime) -> object:
        caller = loss.identify_caller(
            name=who.person.name,
            identity_number=who.person.identity_number,
            actor=operator,
            at=at,
        )
        return loss.report_temporary(call=caller.call, card=caller.cards[0], actor=operator, at=at)

    return happen


def report_at_bank(who: Inhabitant, clerk: Actor) -> Callable[[datetime], object]:
    """Go to an outlet of the card's bank: both functions are stopped together."""

    def happen(at: datetime) -> object:
        card, shown = _own_card(who, at), Shown(holder=document(who))
        return loss.report_formally_at_bank(card=card, shown=shown, actor=clerk, at=at)

    return happen


def report_online(who: Inhabitant) -> Callable[[datetime], object]:
    """Report formally at home: the HR function only."""

    def happen(at: datetime) -> object:
        actor = Visit.of(who, at).actor
        return loss.report_formally_online(card=_own_card(who, at), actor=actor, at=at)

    return happen


def replace(who: Inhabitant, *, home: str) -> Callable[[datetime], object]:
    """Apply online for a new card, to be sent by post."""

    def happen(at: datetime) -> object:
        actor = Visit.of(who, at).actor
        replacement.begin_online(actor=actor, at=at)
        told = answers(who, home=home, phone=PHONE, post_to=home, bank=BANK)
        confirmed = Replacing(confirmed=tuple(Confirmation), base_data_right=True)
        return replacement.apply_online(answers=told, replacing=confirmed, actor=actor, at=at)

    return happen


def _own_card(who: Inhabitant, at: datetime) -> str:
    return cards.my_cards(as_seen_by=Visit.of(who, at).actor, at=at).cards[0].card
