"""What a difference between two books is called, and who may do what about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.domain.financial_function import FinancialState as Money
from onecard.domain.hr_function import HrState
from onecard.domain.reconciliation import (
    BreakKind,
    Digest,
    FixKind,
    Ours,
    ReconciliationPolicy,
    Theirs,
    is_lost,
    is_stronger,
    judge,
    may_fix,
    must_be_second_person,
    suggested,
)
from tests import cast

FIGURES = ReconciliationPolicy(daily_from_hour=3, message_late_minutes=30, page_lines=500)
NOW = cast.MONDAY_9AM
LONG_AGO = NOW - timedelta(hours=2)
K = BreakKind


def kind(ours: Ours | None, theirs: Theirs | None, at: datetime = NOW) -> BreakKind | None:
    """As the rule calls it."""
    return judge(ours=ours, theirs=theirs, at=at, figures=FIGURES)


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (Ours(Money.ACTIVATED), Theirs(Money.ACTIVATED), None),
        (None, Theirs(Money.OPENED), K.ABSENT_HERE),
        (Ours(Money.OPENED), None, K.ABSENT_THERE),
        (Ours(HrState.SEALED, on_its_way=True), None, K.MESSAGE_LATE),
        (Ours(Money.ACTIVATED), Theirs(Money.ACTIVATED, listed=2), K.LISTED_TWICE),
        (
            Ours(Money.ACTIVATED, number="62"),
            Theirs(Money.ACTIVATED, number="63"),
            K.NUMBER_DIFFERS,
        ),
        (Ours(Money.ACTIVATED, number="62"), Theirs(Money.ACTIVATED), None),
        (Ours(Money.FORMAL_LOSS, on_its_way=True), Theirs(Money.ACTIVATED), K.MESSAGE_LATE),
        (
            Ours(Money.ACTIVATED, sequence=1),
            Theirs(Money.FORMAL_LOSS, sequence=2, changed_at=NOW - timedelta(minutes=29)),
            K.MESSAGE_LATE,
        ),
        (
            Ours(Money.ACTIVATED, sequence=1),
            Theirs(Money.FORMAL_LOSS, sequence=2, changed_at=NOW - timedelta(minutes=30)),
            K.MESSAGE_MISSED_HERE,
        ),
        (
            Ours(Money.ACTIVATED),
            Theirs(Money.FORMAL_LOSS, sequence=1),
            K.MESSAGE_MISSED_HERE,
        ),
        (
            Ours(Money.FORMAL_LOSS, version=1, given_up=True),
            Theirs(Money.ACTIVATED),
            K.MESSAGE_MISSED_THERE,
        ),
        (
            Ours(Money.ACTIVATED, version=3, given_up=True),
            Theirs(Money.TEMPORARY_LOSS, version=3),
            K.STRONGER_THERE,
        ),
        (Ours(Money.FORMAL_LOSS, version=2), Theirs(Money.ACTIVATED), K.MESSAGE_MISSED_THERE),
        (
            Ours(Money.ACTIVATED, version=2, confirmed=2, over=frozenset({"loss_1"})),
            Theirs(Money.FORMAL_LOSS, version=1, loss="loss_1"),
            K.MESSAGE_REPEATED,
        ),
        (
            Ours(Money.ACTIVATED, version=2, confirmed=2, over=frozenset({"loss_1"})),
            Theirs(Money.FORMAL_LOSS, version=1, loss="loss_1 ICBC1"),
            K.STRONGER_THERE,
        ),
        (
            Ours(Money.FORMAL_LOSS, version=2, confirmed=2),
            Theirs(Money.ACTIVATED, version=1),
            K.WEAKER_THERE,
        ),
        (Ours(Money.OPENED), Theirs(Money.ACTIVATED), K.ACTIVATION_DIFFERS),
        (Ours(HrState.NORMAL), Theirs(HrState.SEALED), K.ACTIVATION_DIFFERS),
        (Ours(Money.OPENED), Theirs(Money.FORMAL_LOSS), K.STRONGER_THERE),
        (Ours(Money.FORMAL_LOSS), Theirs(Money.CLOSED), K.CLOSED_DIFFERS),
        (Ours(HrState.CANCELLED), Theirs(HrState.NORMAL), K.CLOSED_DIFFERS),
        (Ours(HrState.NORMAL), Theirs(HrState.LOCKED), K.STRONGER_THERE),
        (Ours(HrState.FORMAL_LOSS), Theirs(HrState.TEMPORARY_LOSS), K.WEAKER_THERE),
    ],
)
def test_a_difference_is_called_by_its_cause(
    ours: Ours | None, theirs: Theirs | None, expected: BreakKind | None
) -> None:
    """先看有无登记,再看消息,最后看状态。"""
    assert kind(ours, theirs) is expected


@pytest.mark.rule("guarantees I6")
def test_a_clock_ahead_of_ours_is_just_now() -> None:
    """对方时钟快十分钟,算刚刚变动。"""
    ahead = Theirs(Money.CLOSED, sequence=1, changed_at=NOW + timedelta(minutes=10))
    assert kind(Ours(Money.ACTIVATED), ahead) is K.MESSAGE_LATE
    assert kind(Ours(Money.ACTIVATED), ahead, NOW + timedelta(minutes=40)) is K.MESSAGE_MISSED_HERE


@pytest.mark.parametrize("function", [Money, HrState])
def test_every_pair_of_states_has_a_name(function: type[Money | HrState]) -> None:
    """任意两种状态的差异都有归类;相同则无差异。"""
    for one in function:
        for other in function:
            found = kind(Ours(one), Theirs(other))
            assert (found is None) == (one is other)


@pytest.mark.rule("rule book V6")
def test_no_fix_but_a_missed_withdrawal_makes_a_loss_weaker() -> None:
    """除补收银行的解挂外,任何处理办法都不能使挂失变松。"""
    for broken in BreakKind:
        for ours in Money:
            for theirs in Money:
                fix = suggested(kind=broken, is_bank=True, ours=ours, theirs=theirs)
                weaker = is_lost(ours) and is_stronger(ours, theirs)
                if broken is not K.MESSAGE_MISSED_HERE and weaker:
                    assert fix is not FixKind.FOLLOW
                    may = may_fix(kind=broken, fix=FixKind.FOLLOW, ours=ours, theirs=theirs)
                    assert may is not None


def test_what_is_suggested_may_always_be_done() -> None:
    """建议的办法总是允许的。"""
    for broken in BreakKind:
        for is_bank in (True, False):
            function = Money if is_bank else HrState
            for ours in function:
                for theirs in function:
                    facts = {"kind": broken, "ours": ours, "theirs": theirs}
                    fix = suggested(is_bank=is_bank, **facts)  # type: ignore[arg-type]
                    assert may_fix(fix=fix, **facts) is None  # type: ignore[arg-type]


def test_two_persons_are_two() -> None:
    assert must_be_second_person(proposed_by="a", approver="b", is_same_person=False) is None
    for approver, same in (("a", False), ("b", True)):
        refusal = must_be_second_person(proposed_by="a", approver=approver, is_same_person=same)
        assert refusal is not None
        assert refusal.code == "reconciliation.second_person"


@given(st.lists(st.tuples(st.text("0123456789", min_size=1), st.sampled_from(Money)), max_size=4))
def test_a_digest_does_not_ask_for_an_order(lines: list[tuple[str, Money]]) -> None:
    """摘要与次序无关;多一行、少一行、改一行都不同。"""
    wholes = set()
    for order in permutations(lines):
        whole = Digest()
        for number, state in order:
            whole = whole.plus(number, state)
        wholes.add((whole.count, whole.hex))
    assert len(wholes) == 1
    ((count, digest),) = wholes
    more = Digest(count, int(digest, 16)).plus("6", Money.CLOSED)
    assert more.count == count + 1
    assert more.hex != digest
