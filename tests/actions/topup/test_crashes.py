"""The server dies at every named place of a top-up: nothing is doubled, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onecard.actions import topup
from onecard.actions.topup import Decision
from onecard.chip.simulated_card import NINE_TEAR_POINTS, SimulatedCard, Tear
from onecard.domain.refusal import Refused
from onecard.domain.topup import AttemptState
from onecard.queries.topup import daily_check
from onecard.records.models import LoadAttempt, PurseAccount, TopUpOrder
from onecard.seams.failpoint import KNOWN, Crash, armed
from tests.chip.desk import a_card
from tests.topping_up import (
    AMOUNT_FEN,
    CASHIER,
    ONE,
    OTHER,
    Phone,
    a_purse,
    later,
    now,
    opened,
    order_of,
    pay,
    refund,
    state,
    sweep,
)

pytestmark = pytest.mark.django_db

ACTS = ("open", "pay", "begin", "settle", "finish", "fall_silent", "ask_refund", "look", "looked")
PLACES = sorted(
    name
    for name in KNOWN
    if name.startswith("topup.") and (name.count(".") == 1 or name.split(".")[1] in ACTS)
)
ENDS = {
    "honest": None,
    "torn before it wrote": NINE_TEAR_POINTS["during_credit"],
    "torn after it wrote": NINE_TEAR_POINTS["after_credit"],
}
Deed = Callable[[], object]


class Once:
    """Dies the first time this place is reached."""

    def __init__(self) -> None:
        self.fired = False

    def __call__(self) -> None:
        """Die, once."""
        if not self.fired:
            self.fired = True
            raise Crash


def until_done(deed: Deed, times: int = 4) -> None:
    """Do it again whenever the server died; what the rules refuse was done already."""
    for _ in range(times):
        try:
            deed()
        except Crash:
            later(seconds=1)
        except Refused:
            return
        else:
            return


def a_day(card: SimulatedCard, tear: Tear | None) -> str:
    """A whole life of one order: opened, paid, tapped, torn, silent, looked at, asked back."""
    purse = a_purse(card)
    until_done(lambda: opened(purse))
    order = TopUpOrder.objects.get().ref
    until_done(lambda: pay(order))
    if tear is not None:
        until_done(lambda: Phone(card).torn(order, tear))
    else:
        until_done(lambda: Phone(card).top_up(order))
    later(minutes=6)
    until_done(sweep)
    if state(order) != "loaded":
        until_done(lambda: refund(order))
    for _ in range(3):
        until_done(lambda: Phone(card).look())
    return order


@pytest.mark.slow
@pytest.mark.rule("card reference 11, faults 8, 9, 16; issue C: crash at every failpoint")
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("place", PLACES)
def test_a_crash_anywhere_doubles_nothing_and_loses_nothing(place: str, end: str) -> None:
    """在任何一处宕机:要么卡上写了一次,要么钱退了,从不两样都有或两样都没有。"""
    card = a_card()
    once = Once()
    with armed(place, once):
        order = a_day(card, ENDS[end])
    credited = card.balance_fen == 5000 + AMOUNT_FEN
    assert card.balance_fen in {5000, 5000 + AMOUNT_FEN}
    assert state(order) == ("loaded" if credited else "refunding")
    check = daily_check(as_seen_by=ONE, at=now())
    assert check.breaks == ()
    proven = LoadAttempt.objects.filter(state=AttemptState.PROVEN).count()
    assert proven == int(credited)


def test_a_crash_while_two_persons_decide_decides_once() -> None:
    """裁定时宕机:重做一次,只裁定一次。"""
    for place in ("topup.propose", "topup.decide", "topup.confirm_refund"):
        for moment in ("before_commit", "after_commit"):
            _decide_through(f"{place}.{moment}")


def _decide_through(place: str) -> None:
    card = a_card()
    PurseAccount.objects.update(load_counter_seen=None, watched_at=None)
    purse = PurseAccount.objects.first() or a_purse(card)
    order = opened(purse)
    pay(order)
    Phone(card).torn(order, NINE_TEAR_POINTS["before_credit"])
    until_done(lambda: refund(order))
    later(days=30)
    once = Once()
    with armed(place, once):
        facts = {"order": order, "decision": Decision.NOT_WRITTEN, "why": "清算", "actor": ONE}
        until_done(lambda: topup.propose(**facts, at=now()))  # type: ignore[arg-type]
        until_done(lambda: topup.decide(order=order, actor=OTHER, at=now()))
        payment = order_of(order).payment
        until_done(
            lambda: topup.confirm_refund(order=order, payment=payment, actor=CASHIER, at=now())
        )
    assert once.fired
    assert state(order) == "refunded"
    assert daily_check(as_seen_by=ONE, at=now()).breaks == ()
