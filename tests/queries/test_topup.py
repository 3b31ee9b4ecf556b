"""钱在哪里: every state with its proof, every fen explained, every held case with its owner."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from onecard import words
from onecard.actions import topup as acts
from onecard.chip.simulated_card import NINE_TEAR_POINTS
from onecard.domain.refusal import NotFound, Refused
from onecard.domain.topup import Evidence, OrderState
from onecard.queries import topup
from onecard.records.models import LedgerTransfer, PurseAccount
from onecard.seams.world import world
from tests.chip.desk import a_card
from tests.topping_up import (
    AMOUNT_FEN,
    HOLDER,
    ONE,
    SOMEBODY,
    Phone,
    a_purse,
    keys,
    later,
    now,
    opened,
    paid,
    pay,
    refund,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def custody() -> Iterator[None]:
    """The test keys."""
    with keys():
        yield


def seen(order: str) -> topup.OrderSeen:
    """As its owner reads it."""
    return topup.order_seen(order=order, as_seen_by=HOLDER, at=now())


def test_an_order_tells_where_the_money_is_and_what_comes_next() -> None:
    """待付款、待写卡、待确认、已充值:钱在哪、凭什么、下一步。"""
    card = a_card()
    order = opened(a_purse(card))
    first = seen(order)
    assert (first.state, first.may_tap, first.may_cancel) == ("opened", False, True)
    pay(order)
    assert (seen(order).may_tap, seen(order).may_ask_back) == (True, True)
    Phone(card).torn(order, NINE_TEAR_POINTS["after_credit"])
    doubt = seen(order)
    assert (doubt.state, doubt.money_word) == ("in_doubt", "topup.money.in_doubt")
    assert (doubt.may_tap, doubt.may_ask_back, doubt.evidence_word) == (True, True, "")
    Phone(card).top_up(order)
    done = seen(order)
    assert (done.state, done.evidence_word) == ("loaded", "topup.evidence.p2")
    assert (done.may_tap, done.may_ask_back) == (False, False)
    assert "*" in done.card


def test_every_state_and_every_proof_has_its_words() -> None:
    """每个状态、每种凭证都有说法。"""
    for state in OrderState:
        for kind in ("state", "money", "next"):
            assert words.has(f"topup.{kind}.{state.value}")
    assert all(words.has(f"topup.evidence.{one.value}") for one in Evidence)


def test_a_statement_explains_every_fen_line_by_line() -> None:
    """对账单:每一分从哪到哪、谁办的、凭哪个凭证。"""
    card = a_card()
    order = paid(a_purse(card))
    Phone(card).torn(order, NINE_TEAR_POINTS["before_credit"])
    Phone(card).top_up(order)
    told = topup.statement(order=order, as_seen_by=HOLDER, at=now())
    assert [(line.kind, line.amount_fen) for line in told.money] == [
        ("topup.paid", AMOUNT_FEN),
        ("topup.loaded", AMOUNT_FEN),
    ]
    assert [line.evidence for line in told.attempts] == [
        "topup.evidence.n1_strong",
        "topup.evidence.p1",
    ]
    assert len(told.attempts[1].tac) == 8
    assert [tap.outcome for tap in told.taps] == ["topup.tap.in_doubt", "topup.tap.loaded"]
    assert told.taps[0].trail[0].startswith("00A40400")
    deeds = [line.act for line in told.deeds if line.result == "done"]
    assert deeds[0] == "topup.open"
    assert deeds[-1] in {"topup.finish", "topup.settle"}
    assert all(words.has(line.by_role) and words.has(line.channel) for line in told.deeds)


def test_foreign_money_is_not_told() -> None:
    """别人的订单、账户和全市清单都看不到。"""
    order = paid(a_purse())
    for ask in (
        lambda: topup.order_seen(order=order, as_seen_by=SOMEBODY, at=now()),
        lambda: topup.statement(order=order, as_seen_by=SOMEBODY, at=now()),
        lambda: topup.held_cases(as_seen_by=SOMEBODY, at=now()),
        lambda: topup.daily_check(as_seen_by=HOLDER, at=now()),
        lambda: topup.purse_seen(
            purse=PurseAccount.objects.get().ref, as_seen_by=SOMEBODY, at=now()
        ),
    ):
        with pytest.raises(NotFound):
            ask()
    assert topup.my_orders(as_seen_by=SOMEBODY, at=now()) == ()


@pytest.mark.rule("SEED, FAQ 14; A10")
def test_a_purse_tells_what_may_still_be_loaded() -> None:
    """余额加未写入,最多可充多少。"""
    purse = a_purse()
    paid(purse)
    told = topup.purse_seen(purse=purse.ref, shown_balance_fen=91_000, as_seen_by=HOLDER, at=now())
    assert (told.pending_fen, told.most_fen, told.offered_fen) == (AMOUNT_FEN, 4000, (2000,))
    assert [order.state for order in told.orders] == ["paid"]


@pytest.mark.rule("card reference 10.5")
def test_held_cases_have_an_owner_and_an_age() -> None:
    """待确认的都有负责人和时长,到哪天可裁定。"""
    card = a_card()
    order = paid(a_purse(card))
    Phone(card).torn(order, NINE_TEAR_POINTS["after_credit"])
    with pytest.raises(Refused):
        refund(order)
    later(hours=25)
    (case,) = topup.held_cases(as_seen_by=ONE, at=now())
    assert (case.order, case.hours, case.owner) == (order, 25, "platform_operator")
    assert (case.overdue, case.refund_wanted, case.counter_moved) == (True, True, False)
    assert case.decidable_on.isoformat() == "2026-03-16"
    acts.take_over(order=order, actor=ONE, at=now())
    assert topup.held_cases(as_seen_by=ONE, at=now())[0].owner == "stf_a"


@pytest.mark.rule("card reference 10.5: paid = loaded + paid back + held")
def test_the_daily_check_holds_and_finds_a_missing_fen() -> None:
    """日核对:已付=已充+已退+未决;少一分就指出来。"""
    card = a_card()
    purse = a_purse(card)
    Phone(card).top_up(paid(purse))
    refund(paid(purse))
    Phone(card).torn(paid(purse), NINE_TEAR_POINTS["after_credit"])
    check = topup.daily_check(as_seen_by=ONE, at=now())
    assert check.breaks == ()
    assert (check.paid_fen, check.loaded_fen, check.held_fen) == (
        3 * AMOUNT_FEN,
        AMOUNT_FEN,
        AMOUNT_FEN,
    )
    LedgerTransfer.objects.create(
        ref=world().ids.new("ldg"),
        kind="topup.loaded",
        debit="awaiting_load",
        credit="on_cards",
        amount_fen=1,
        about="nobody",
        at=now(),
    )
    broken = topup.daily_check(as_seen_by=ONE, at=now())
    assert broken.breaks == ("ledger_on_cards", "ledger_awaiting")
