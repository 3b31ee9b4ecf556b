"""Accepted before asked means denied: no partner's check ever sees a lost card as usable (C2)."""

from __future__ import annotations

import os
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Lock

import pytest

from onecard.actions import loss
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.partner_scope import RIGHTS, Function, PartnerKind
from onecard.queries import partner as queries
from onecard.queries.partner import PartnerCaller
from onecard.records.models import Card
from onecard.seams.world import world
from tests import many_cards, threads

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

CARDS, HELD_SECONDS, PAUSE_SECONDS = 2, 0.05, 0.002
CHECKERS = int(os.environ.get("ONECARD_CHECKERS", "4"))
SPELLS = int(os.environ.get("ONECARD_SPELLS", "30"))
CHECKS = int(os.environ.get("ONECARD_CHECKS", "0"))
"""Few clients ask often, so that many questions fall close behind an acceptance; the goal of 64
clients and 200,000 checks is a longer run of the same."""
REGISTER = PartnerCaller("cli_hr", "hr", PartnerKind.HR, "", RIGHTS[PartnerKind.HR].scopes)


@pytest.fixture
def partners() -> Iterator[SimulatedPartners]:
    """Partners in memory."""
    with many_cards.with_partners() as made:
        yield made


@dataclass
class Spell:
    """A time in which a card was surely lost: from the answer to a report to the next question.

    `ends` is set before the withdrawal is asked for.
    """

    card: str
    begins: float
    ends: float = float("inf")


@dataclass(frozen=True)
class Check:
    """One question of a partner."""

    card: str
    asked: float
    answered: float
    usable: bool


@dataclass
class History:
    """Who asked when and heard what; and when cards were surely lost, or surely not."""

    lost: list[Spell] = field(default_factory=list)
    found: list[Spell] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def told_by(self, spells: list[Spell]) -> list[Check]:
        """Checks that fell wholly within one of these spells: from them something can be told."""
        by_card: dict[str, list[Check]] = defaultdict(list)
        for check in sorted(self.checks, key=lambda one: one.asked):
            by_card[check.card].append(check)
        return [
            check
            for spell in spells
            for check in _asked_within(by_card[spell.card], spell)
            if check.answered < spell.ends
        ]

    def stale(self) -> list[Check]:
        """Checks that were answered against what surely was so."""
        lost, found = self.told_by(self.lost), self.told_by(self.found)
        return [one for one in lost if one.usable] + [one for one in found if not one.usable]

    @property
    def goes_on(self) -> bool:
        """Whether there have been too few spells, or too few checks."""
        return len(self.lost) < SPELLS or len(self.checks) < CHECKS


def _asked_within(checks: list[Check], spell: Spell) -> Iterator[Check]:
    first = bisect_right(checks, spell.begins, key=lambda one: one.asked)
    for check in checks[first:]:
        if check.asked >= spell.ends:
            return
        yield check


def _checker(history: History, refs: list[str], place: int) -> Callable[[], None]:
    def work() -> None:
        turn = place
        while history.goes_on:
            ref = refs[turn % len(refs)]
            turn += 1
            asked = time.monotonic()
            seen = queries.function(
                caller=REGISTER, card=ref, function=Function.HR, at=world().clock.now()
            )
            history.checks.append(Check(ref, asked, time.monotonic(), bool(seen.usable)))
            time.sleep(PAUSE_SECONDS)

    return work


def _loser(history: History, ref: str) -> Callable[[], None]:
    """Loses the card, finds it, again and again."""

    def work() -> None:
        card = Card.objects.select_related("person").get(ref=ref)
        actor, shown = many_cards.teller(card.bank), many_cards.shown_by(card)
        found = Spell(ref, 0.0)
        while history.goes_on:
            found.ends = time.monotonic()
            at = world().clock.now()
            told = loss.report_formally_at_bank(card=ref, shown=shown, actor=actor, at=at)
            lost = Spell(ref, time.monotonic())
            time.sleep(HELD_SECONDS)
            lost.ends = time.monotonic()
            loss.withdraw_formally(
                card=ref,
                version=told.version,
                proof=many_cards.in_hand(card),
                shown=shown,
                actor=actor,
                at=at,
            )
            with history.lock:
                history.lost.append(lost)
                history.found.append(found)
            found = Spell(ref, time.monotonic())
            time.sleep(HELD_SECONDS)

    return work


@pytest.mark.rule("guarantees C2, MUT 22 23")
def test_no_check_after_acceptance_ever_finds_a_lost_card_usable(
    partners: SimulatedPartners,
) -> None:
    """挂失受理之后发出的查询,一律答不可用;解挂之后发出的,一律可用。"""
    many_cards.desks()
    cards = many_cards.cards(CARDS)
    many_cards.known_to(partners, cards)
    refs, history = [card.ref for card in cards], History()
    losers = [_loser(history, ref) for ref in refs]
    checkers = [_checker(history, refs, place) for place in range(CHECKERS)]
    threads.join(threads.start(*losers, *checkers))
    assert history.stale() == []
    assert len(history.told_by(history.lost)) > SPELLS
