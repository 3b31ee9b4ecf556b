"""The drawer of an outlet: cash in and out once each, closed to the fen, a difference by two."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, transaction

from onecard.actions import _cash, cash, topup
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.ledger import Account
from onecard.domain.refusal import NotFound, Refused
from onecard.records.models import CashLine, CashShift, PaymentRefund, TopUpOrder
from onecard.seams import holding
from tests import made_card, threads
from tests.bookkeeping import part_fen, post
from tests.chip.desk import a_card
from tests.paying import ledger_sum
from tests.staff import a_member
from tests.topping_up import (
    AMOUNT_FEN,
    OUTLET,
    Phone,
    a_purse,
    held_fen,
    keys,
    later,
    now,
    opened,
    state,
    sweep,
)

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = Actor(Role.CARD_OUTLET_CLERK, "stf_other", Channel.DIRECT_OUTLET, outlet="out_direct")
ELSEWHERE = Actor(Role.CARD_OUTLET_CLERK, "stf_far", Channel.DIRECT_OUTLET, outlet="out_far")
FLOAT_FEN = 20_000


@pytest.fixture(autouse=True)
def custody() -> Iterator[None]:
    """The test keys."""
    with keys():
        yield


def _open(float_fen: int = FLOAT_FEN, clerk: Actor = OUTLET) -> str:
    return cash.open_shift(float_fen=float_fen, actor=clerk, at=now()).shift


def _take() -> tuple[str, cash.CashReceipt]:
    order = opened(a_purse(), actor=OUTLET)
    return order, cash.take_topup(order=order, actor=OUTLET, at=now())


def _count(counted_fen: int, reason: str = "") -> cash.ShiftReceipt:
    return cash.count(counted_fen=counted_fen, reason=reason, actor=OUTLET, at=now())


def _code(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.refusal.code


@pytest.mark.rule("platform C7.4")
def test_cash_for_a_top_up_lies_in_the_drawer_and_waits_for_the_card() -> None:
    """收现金:钱进钱箱,订单已付,给收据号。"""
    shift = _open()
    order, receipt = _take()
    assert (receipt.amount_fen, receipt.state, state(order)) == (AMOUNT_FEN, "paid", "paid")
    assert receipt.receipt_no == f"20260302-{shift[-6:].upper()}-0002"
    assert part_fen(Account.CASH_DRAWER, shift) == FLOAT_FEN + AMOUNT_FEN
    assert (held_fen("awaiting_load"), held_fen("payment_clearing")) == (AMOUNT_FEN, 0)


def test_a_second_press_gives_the_same_receipt_and_takes_nothing_more() -> None:
    """重复点收款:同一张收据,不多收。"""
    shift = _open()
    order, first = _take()
    assert cash.take_topup(order=order, actor=OUTLET, at=now()) == first
    assert part_fen(Account.CASH_DRAWER, shift) == FLOAT_FEN + AMOUNT_FEN


def test_without_an_open_drawer_no_cash_is_taken() -> None:
    """未开箱不收现金,订单不变。"""
    order = opened(a_purse(), actor=OUTLET)
    with pytest.raises(Refused) as refused:
        cash.take_topup(order=order, actor=OUTLET, at=now())
    assert (_code(refused), state(order)) == ("cash.no_open_shift", "opened")


def test_for_a_void_order_the_cash_stays_with_the_citizen() -> None:
    """订单已作废:不收,现金退还来人。"""
    _open()
    order = opened(a_purse(), actor=OUTLET)
    later(minutes=16)
    sweep()
    with pytest.raises(Refused) as refused:
        cash.take_topup(order=order, actor=OUTLET, at=now())
    assert _code(refused) == "cash.order_not_payable"
    assert held_fen("cash_drawer") == -FLOAT_FEN


@pytest.mark.rule("rule book 22.4: payment refunds go back the way the money came")
def test_cash_goes_back_as_cash_once() -> None:
    """现金付的款以现金退,只退一次。"""
    shift = _open()
    order, _ = _take()
    topup.cancel(order=order, actor=OUTLET, at=now())
    assert state(order) == "refunding"
    back = cash.pay_back(order=order, actor=OUTLET, at=now())
    assert (state(order), back.amount_fen) == ("refunded", AMOUNT_FEN)
    assert cash.pay_back(order=order, actor=OUTLET, at=now()).receipt_no == back.receipt_no
    assert part_fen(Account.CASH_DRAWER, shift) == FLOAT_FEN
    assert (held_fen("refunds_payable"), held_fen("payment_clearing")) == (0, 0)
    assert PaymentRefund.objects.get().told


def test_nothing_is_paid_back_for_an_order_that_is_not_to_go_back() -> None:
    """没有待退现金的订单不付款。"""
    _open()
    order, _ = _take()
    with pytest.raises(Refused) as refused:
        cash.pay_back(order=order, actor=OUTLET, at=now())
    assert _code(refused) == "cash.nothing_to_pay_back"


@pytest.mark.rule("guarantees R2: conditional update, not read then write")
def test_a_drawer_never_pays_out_what_does_not_lie_in_it() -> None:
    """钱箱不够不付,也不会成负数。"""
    shift = _open(float_fen=1000)
    post("purse.opening", "operator_settlement", "on_cards", 5000, "pur_x", "pur_x")
    post("refund.drained", "on_cards", "refunds_payable", 5000, "ref_x", "pur_x")
    with pytest.raises(Refused) as refused:
        _pay_out("ref_x", 5000)
    assert _code(refused) == "cash.drawer_too_low"
    assert (part_fen(Account.CASH_DRAWER, shift), CashLine.objects.count()) == (1000, 1)


def test_a_purse_refund_is_paid_out_inside_the_act_that_decides_it() -> None:
    """退值付现:一次,重复调用同一收据号。"""
    shift = _open()
    post("purse.opening", "operator_settlement", "on_cards", 5000, "pur_x", "pur_x")
    post("refund.drained", "on_cards", "refunds_payable", 5000, "ref_x", "pur_x")
    assert _pay_out("ref_x", 5000) == _pay_out("ref_x", 5000)
    assert part_fen(Account.CASH_DRAWER, shift) == FLOAT_FEN - 5000


def _pay_out(about: str, fen: int) -> str:
    with holding.holding("test"), transaction.atomic():
        return _cash.pay_out(about=about, amount_fen=fen, card="pur_x", by=OUTLET, at=now())


@pytest.mark.rule("platform C7.4: the drawer ties to the ledger to the fen")
def test_an_equal_count_closes_the_drawer_and_empties_it() -> None:
    """点钞相符:日结,全部解款,钱箱归零。"""
    shift = _open()
    _take()
    done = _count(FLOAT_FEN + AMOUNT_FEN)
    assert (done.state, done.difference_fen) == ("closed", 0)
    assert part_fen(Account.CASH_DRAWER, shift) == 0
    assert (held_fen("cash_drawer"), held_fen("bank_account")) == (0, -AMOUNT_FEN)
    assert ledger_sum() == 0


def test_an_empty_drawer_closes_with_nothing() -> None:
    """空箱可以日结。"""
    _open(float_fen=0)
    assert _count(0).state == "closed"


@pytest.mark.rule("guarantees 12: a difference by two persons")
@pytest.mark.parametrize("difference_fen", [-1, 1, -FLOAT_FEN])
def test_a_difference_needs_a_reason_and_a_second_person(difference_fen: int) -> None:
    """差一分也要原因、也要另一人复核,差额进待查。"""
    shift = _open()
    with pytest.raises(Refused) as refused:
        _count(FLOAT_FEN + difference_fen)
    assert _code(refused) == "cash.difference_unexplained"
    counted = _count(FLOAT_FEN + difference_fen, "change given wrongly")
    assert (counted.state, counted.difference_fen) == ("counted", difference_fen)
    with pytest.raises(Refused) as refused:
        cash.approve_difference(shift=shift, actor=OUTLET, at=now())
    assert _code(refused) == "cash.second_person"
    with pytest.raises(NotFound):
        cash.approve_difference(shift=shift, actor=ELSEWHERE, at=now())
    done = cash.approve_difference(shift=shift, actor=OTHER, at=now())
    assert (done.state, part_fen(Account.CASH_DRAWER, shift)) == ("closed", 0)
    assert held_fen("suspense") == difference_fen
    assert ledger_sum() == 0


def test_a_second_sign_in_of_one_s_own_is_no_second_person() -> None:
    """同一人的另一个账号不算另一人。"""
    person = made_card.a_person()
    mine, again = (
        a_member(Role.CARD_OUTLET_CLERK, username=name, person=person).ref
        for name in ("one", "two")
    )
    first = Actor(Role.CARD_OUTLET_CLERK, mine, Channel.DIRECT_OUTLET, outlet="out_direct")
    second = Actor(Role.CARD_OUTLET_CLERK, again, Channel.DIRECT_OUTLET, outlet="out_direct")
    shift = _open(clerk=first)
    cash.count(counted_fen=0, reason="robbed", actor=first, at=now())
    with pytest.raises(Refused) as refused:
        cash.approve_difference(shift=shift, actor=second, at=now())
    assert _code(refused) == "cash.second_person"


def test_a_difference_sent_back_is_counted_again() -> None:
    """退回重点:钱箱重新打开,再点。"""
    shift = _open()
    _count(FLOAT_FEN - 100, "one note missing")
    cash.count_again(shift=shift, actor=OTHER, at=now())
    assert CashShift.objects.get().counted_fen is None
    assert _count(FLOAT_FEN).state == "closed"
    with pytest.raises(Refused) as refused:
        cash.count_again(shift=shift, actor=OTHER, at=now())
    assert _code(refused) == "cash.not_in_this_state"


def test_while_a_difference_waits_nothing_moves_in_that_drawer() -> None:
    """差额待复核期间,钱箱不收不付。"""
    _open()
    _count(FLOAT_FEN - 100, "one note missing")
    order = opened(a_purse(), actor=OUTLET)
    with pytest.raises(Refused) as refused:
        cash.take_topup(order=order, actor=OUTLET, at=now())
    assert _code(refused) == "cash.no_open_shift"
    with pytest.raises(Refused) as refused:
        _open()
    assert _code(refused) == "cash.shift_open"


@pytest.mark.parametrize("fen", [-1, 100_001, True, 1.5, "5"])
def test_a_float_is_whole_fen_within_what_the_city_lets_lie(fen: object) -> None:
    """备用金为整数分,不超上限。"""
    with pytest.raises(Refused) as refused:
        _open(float_fen=fen)  # type: ignore[arg-type]
    assert _code(refused) == "cash.float_out_of_range"


@pytest.mark.parametrize("fen", [-1, True, 1.5, None])
def test_a_count_is_whole_fen(fen: object) -> None:
    """点钞金额为整数分且不为负。"""
    _open()
    with pytest.raises(Refused) as refused:
        _count(fen)  # type: ignore[arg-type]
    assert _code(refused) == "cash.count_not_possible"


def test_the_database_itself_wants_two_for_a_difference_and_keeps_every_line() -> None:
    """差额须两人、现金流水不可改,由数据库约束。"""
    shift = _open()
    _count(FLOAT_FEN - 1, "lost")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE cash_shift SET state = 'closed', approved_by = clerk")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM cash_line")
    assert CashShift.objects.get(ref=shift).state.value == "counted"


def test_paid_in_cash_the_top_up_is_written_like_any_other() -> None:
    """现金付款后照常写卡。"""
    _open()
    card = a_card()
    order = opened(a_purse(card), actor=OUTLET)
    cash.take_topup(order=order, actor=OUTLET, at=now())
    Phone(card, actor=OUTLET).top_up(order)
    assert (state(order), held_fen("on_cards")) == ("loaded", AMOUNT_FEN)
    assert TopUpOrder.objects.get().paid_by == "cash"


@pytest.mark.postgres
def test_many_payouts_at_one_drawer_stop_at_its_last_fen() -> None:
    """并发付款:付到最后一分为止。"""
    shift = _open(float_fen=10_000)
    for number in range(20):
        post(
            "purse.opening",
            "operator_settlement",
            "on_cards",
            1000,
            f"pur_{number}",
            f"pur_{number}",
        )
        post(
            "refund.drained", "on_cards", "refunds_payable", 1000, f"ref_{number}", f"pur_{number}"
        )
    refused: list[str] = []

    def work(number: int) -> None:
        try:
            with holding.holding("test"), transaction.atomic():
                _cash.pay_out(
                    about=f"ref_{number}",
                    amount_fen=1000,
                    card=f"pur_{number}",
                    by=OUTLET,
                    at=now(),
                )
        except Refused as no:
            refused.append(no.refusal.code)

    threads.join(threads.start(*(lambda number=number: work(number) for number in range(20))))  # type: ignore[misc]
    assert refused == ["cash.drawer_too_low"] * 10
    assert part_fen(Account.CASH_DRAWER, shift) == 0
    numbers = [line[-4:] for line in CashLine.objects.values_list("receipt_no", flat=True)]
    assert sorted(numbers) == [f"{number:04d}" for number in range(1, 12)]
