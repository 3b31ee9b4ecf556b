"""Many phones, many threads, one card: one open attempt, and never a fen over the cap."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

import pytest

from onecard.actions import topup
from onecard.actions.tap import Posted
from onecard.chip.simulated_card import SimulatedCard
from onecard.chip.wire import WireBroke
from onecard.domain.refusal import Refused
from onecard.domain.topup import AttemptState, OrderState
from onecard.queries.topup import daily_check
from onecard.records.models import LoadAttempt, PurseAccount, TopUpOrder
from tests import threads
from tests.chip.desk import a_card
from tests.topping_up import HOLDER, ONE, Phone, a_purse, keys, now, numbered_card, paid, pay

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
LOADS = int(os.environ.get("ONECARD_RACING_LOADS", "400"))
"""How many loads race at the cap; `ONECARD_RACING_LOADS=50000` for the whole proof."""

THREADS = 32
AMOUNT_FEN = 1000
CAP_FEN = 100_000


@dataclass
class Done:
    """What came of it, over all threads."""

    lock: Lock = field(default_factory=Lock)
    times: Counter[str] = field(default_factory=Counter)

    def note(self, what: str) -> None:
        """Count it."""
        with self.lock:
            self.times[what] += 1


class SharedCard(Phone):
    """One piece of plastic in many hands: one command at a time, anybody may come between."""

    lock = Lock()

    def hold(self, step: object) -> Posted:
        """Give the commands to the card; others' taps may fall between two of them."""
        with self.lock:
            self.card.enter_field()
            return super().hold(step)  # type: ignore[arg-type]


def together(deed: Callable[[int], None], count: int = THREADS) -> None:
    """All threads at once, each with the keys in force."""

    def run(number: int) -> Callable[[], None]:
        def go() -> None:
            with keys():
                deed(number)

        return go

    threads.join(threads.start(*[run(number) for number in range(count)]))


@pytest.mark.rule("card reference 16.3: 32 threads on one card, exactly one OPEN attempt")
def test_thirty_two_threads_on_one_card_open_one_attempt() -> None:
    """32个线程同时贴同一张卡:恰好一次未决写卡。"""
    card = a_card()
    with keys():
        order = paid(a_purse(card))
    done = Done()

    def tap_it(_: int) -> None:
        phone = SharedCard(card)
        try:
            step = topup.begin(order=order, actor=HOLDER, at=now())
            after = phone.post(step, phone.hold(step))
            done.note("writes" if after.moves_money else after.outcome)
        except Refused as refused:
            done.note(refused.refusal.code)

    together(tap_it)
    rows = LoadAttempt.objects.filter(state=AttemptState.OPEN)
    assert rows.count() == 1
    assert TopUpOrder.objects.get().state in {OrderState.WRITING, OrderState.IN_DOUBT}
    assert done.times["writes"] >= 1
    assert card.balance_fen == 5000
    with keys():
        Phone(card).top_up(order)
    assert (TopUpOrder.objects.get().state, card.balance_fen) == (OrderState.LOADED, 10_000)
    assert daily_check(as_seen_by=ONE, at=now()).breaks == ()


@pytest.mark.rule("card reference 11, fault 17: two posts of the same answers")
def test_the_same_answers_posted_by_many_threads_are_taken_once() -> None:
    """同一应答同时发来32次:只处理一次,大家得到同一步骤。"""
    card = a_card()
    with keys():
        order = paid(a_purse(card))
        step = topup.begin(order=order, actor=HOLDER, at=now())
    card.enter_field()
    posted = Phone(card).hold(step)
    seen: set[str] = set()

    def post(_: int) -> None:
        seen.add(Phone(card).post(step, posted).apdus[0].hex)

    together(post)
    assert len(seen) == 1
    assert LoadAttempt.objects.count() == 1


@pytest.mark.rule("issue C: loads racing at the cap end exactly at the cap; V8")
def test_loads_racing_at_the_cap_end_exactly_at_the_cap() -> None:
    """多人同时给同一张卡充值:最后恰好等于上限,一分不多。"""
    cards = [numbered_card(number) for number in range(max(1, LOADS // 500))]
    with keys():
        purses = [a_purse(card) for card in cards]
    locks = [Lock() for _ in cards]
    done = Done()

    def load(number: int) -> None:
        for turn in range(LOADS // THREADS + 1):
            which = (number + turn) % len(cards)
            _one_load(cards[which], purses[which], locks[which], done)

    together(load)
    with keys():
        for card, purse, lock in zip(cards, purses, locks, strict=True):
            while card.balance_fen < CAP_FEN:
                _one_load(card, purse, lock, done)
    for card, purse in zip(cards, purses, strict=True):
        assert card.balance_fen == CAP_FEN
        loaded = TopUpOrder.objects.filter(purse=purse, state=OrderState.LOADED)
        assert loaded.count() * AMOUNT_FEN == CAP_FEN
        assert PurseAccount.objects.get(ref=purse.ref).shadow_balance_fen == CAP_FEN
    assert done.times["topup.open_order_exists"] + done.times["topup.over_cap"] > 0
    assert daily_check(as_seen_by=ONE, at=now()).breaks == ()


def _one_load(card: SimulatedCard, purse: PurseAccount, lock: Lock, done: Done) -> None:
    """Open, pay, hold the card: whoever comes at the wrong moment is refused or torn."""
    try:
        order = topup.open_order(
            purse=purse.ref,
            amount_fen=AMOUNT_FEN,
            shown_balance_fen=card.balance_fen,
            platform="android",
            actor=HOLDER,
            at=now(),
        ).order
        pay(order, amount_fen=AMOUNT_FEN)
        with lock:
            outcome = Phone(card).top_up(order).outcome
        done.note(outcome)
    except Refused as refused:
        done.note(refused.refusal.code)
    except WireBroke:
        done.note("torn")
