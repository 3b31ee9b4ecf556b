"""Payments: notices late, twice, forged, missing; money that paid for nothing goes back once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onecard.actions import payment
from onecard.actions.payment.refunding import confirm_refund
from onecard.adapters.faults import Fault
from onecard.adapters.outcomes import PartnerSilent
from onecard.adapters.payment.notices import Sent, simulated_keys
from onecard.adapters.payment.simulated import NoticeHabit, RefundHabit
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain import webhook
from onecard.domain.authority import THE_CLOCK
from onecard.domain.partner import PAYMENT
from onecard.domain.refusal import NotFound, Refused
from onecard.domain.topup import OrderState
from onecard.records import append_only
from onecard.records.models import (
    Discrepancy,
    LedgerAccount,
    LedgerTransfer,
    LoadAttempt,
    Payment,
    PaymentNotice,
    PaymentRefund,
    TopUpOrder,
)
from onecard.seams.clock import local_day
from onecard.seams.failpoint import Crash, armed
from tests import threads
from tests.paying import (
    a_channel,
    carried,
    carry_all,
    gateway,
    ledger_sum,
    look,
    payment_of,
    refunds,
    started,
)
from tests.topping_up import (
    AMOUNT_FEN,
    HOLDER,
    ONE,
    SOMEBODY,
    a_purse,
    held_fen,
    keys,
    later,
    now,
    opened,
    refund,
    state,
    sweep,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def channel() -> Iterator[SimulatedPartners]:
    """A channel made of software, and the test keys."""
    with a_channel() as made, keys():
        yield made


def _paid(channel: SimulatedPartners) -> tuple[str, str]:
    """An order paid through the channel, its notice taken."""
    order = opened(a_purse())
    ref = started(order)
    gateway(channel).pay(ref)
    assert carry_all(channel) == ["credited"]
    return order, ref


def _incidents() -> list[str]:
    kinds = Discrepancy.objects.filter(kind__startswith="payment.").order_by("found_at")
    return [kind.removeprefix("payment.") for kind in kinds.values_list("kind", flat=True)]


@pytest.mark.rule("card reference 10.3: payment notice, signature, amount and order match")
def test_a_notice_that_proves_itself_pays_the_order(channel: SimulatedPartners) -> None:
    """签名、金额、订单都对的通知:订单已付,钱在待写卡。"""
    order, ref = _paid(channel)
    row = payment_of(ref)
    assert (state(order), row.state.value, row.applied, row.heard) == (
        "paid",
        "paid",
        "credited",
        "notice",
    )
    assert (held_fen("payment_clearing"), held_fen("awaiting_load")) == (-AMOUNT_FEN, AMOUNT_FEN)


def test_asking_to_pay_again_is_the_same_payment(channel: SimulatedPartners) -> None:
    """重复点付款是同一笔。"""
    order = opened(a_purse())
    first = payment.start(order=order, actor=HOLDER, at=now())
    assert payment.start(order=order, actor=HOLDER, at=now()) == first
    assert first.pay_url.endswith(first.payment)
    with pytest.raises(NotFound):
        payment.start(order=order, actor=SOMEBODY, at=now())
    gateway(channel).pay(first.payment)
    carry_all(channel)
    with pytest.raises(Refused) as refused:
        payment.start(order=order, actor=HOLDER, at=now())
    assert refused.value.refusal.code == "payment.order_not_payable"


def test_an_order_whose_time_is_over_is_not_sent_to_pay() -> None:
    """过了付款时间不再发起付款。"""
    order = opened(a_purse())
    later(minutes=15)
    with pytest.raises(Refused) as refused:
        started(order)
    assert refused.value.refusal.code == "payment.too_late"


@pytest.mark.rule("guarantees 10.6 case 106")
def test_the_same_notice_again_is_the_same_answer_and_has_no_second_effect(
    channel: SimulatedPartners,
) -> None:
    """重复通知:同样的回答,不重复入账。"""
    gateway(channel).misbehave(notices=NoticeHabit.TWICE)
    order = opened(a_purse())
    gateway(channel).pay(started(order))
    assert carry_all(channel) == ["credited", "credited"]
    assert LedgerTransfer.objects.filter(kind="topup.paid").count() == 1


@pytest.mark.rule("guarantees 10.6 cases 105 to 108, threat 12")
@pytest.mark.parametrize(
    "forge",
    [
        lambda sent: replace(sent, shown=replace(sent.shown, signatures="")),
        lambda sent: replace(sent, shown=replace(sent.shown, signatures="v1,AAAA")),
        lambda sent: replace(sent, shown=replace(sent.shown, signatures="v9,x " * 100)),
        lambda sent: replace(sent, body=sent.body.replace(b": ", b":")),
        lambda sent: replace(sent, body=sent.body.replace(b"5000", b"1")),
        lambda sent: replace(sent, shown=replace(sent.shown, message="other")),
        lambda sent: replace(sent, shown=replace(sent.shown, message="")),
        lambda sent: replace(sent, shown=replace(sent.shown, timestamp="")),
        lambda sent: replace(
            sent, shown=replace(sent.shown, timestamp=str(int(sent.shown.timestamp) - 301))
        ),
    ],
    ids=["none", "wrong", "many", "spaces", "amount", "id", "no id", "no time", "old"],
)
def test_a_forged_notice_is_turned_away_and_noticed(channel: SimulatedPartners, forge: Any) -> None:
    """伪造或改动的通知:拒绝、留案,订单不动。"""
    order = opened(a_purse())
    gateway(channel).pay(started(order))
    (sent,) = gateway(channel).waiting()
    assert carried(forge(sent)) == "signature.invalid"
    assert (state(order), _incidents()) == ("opened", ["forged_notice"])
    assert carried(sent) == "credited"


def test_a_forger_with_a_key_of_his_own_moves_nothing(channel: SimulatedPartners) -> None:
    """用别的密钥签名的通知无效;多次伪造只记一条案。"""
    gateway(channel).misbehave(notices=NoticeHabit.FORGED)
    order = opened(a_purse())
    gateway(channel).pay(started(order))
    (sent,) = gateway(channel).waiting()
    assert [carried(sent) for _ in range(5)] == ["signature.invalid"] * 5
    assert (state(order), _incidents()) == ("opened", ["forged_notice"])
    assert Discrepancy.objects.get(kind="payment.forged_notice").detail["times"] == 5


@pytest.mark.rule("guarantees 10.6 case 106")
def test_a_known_id_with_another_body_is_an_alarm(channel: SimulatedPartners) -> None:
    """同一通知号、不同内容:拒绝并报警。"""
    order = opened(a_purse())
    gateway(channel).pay(started(order))
    (sent,) = gateway(channel).waiting()
    carried(sent)
    other = json.loads(sent.body) | {"total_fee": 1}
    assert carried(_signed(sent, other)) == "webhook.same_id"
    assert _incidents() == ["same_notice_other_body"]
    assert held_fen("awaiting_load") == AMOUNT_FEN


def test_a_signed_notice_that_makes_no_sense_is_refused(channel: SimulatedPartners) -> None:
    """签名对、内容不合约定:拒绝并留案。"""
    gateway(channel).pay(started(opened(a_purse())))
    (sent,) = gateway(channel).waiting()
    assert carried(_signed(sent, {"id": sent.shown.message})) == "payment.notice_unreadable"
    assert _incidents() == ["unreadable_notice"]


@pytest.mark.rule("guarantees mutant 16: the notice's amount is compared")
@pytest.mark.parametrize(
    ("field", "value", "result"),
    [
        ("order", "top_other", "notice_mismatch"),
        ("currency", "USD", "notice_mismatch"),
        ("total_fee", 0, "notice_mismatch"),
        ("total_fee", -5000, "notice_mismatch"),
        ("out_trade_no", "pay_other", "unknown_payment"),
    ],
)
def test_a_notice_that_fits_no_payment_of_ours_moves_nothing(
    channel: SimulatedPartners, field: str, value: object, result: str
) -> None:
    """订单号、币种、金额、付款号对不上:不入账,留案。"""
    order = opened(a_purse())
    gateway(channel).pay(started(order))
    (sent,) = gateway(channel).waiting()
    assert carried(_signed(sent, json.loads(sent.body) | {field: value})) == result
    assert (state(order), _incidents()) == ("opened", [result])


def test_one_payment_at_the_channel_pays_one_payment_here(channel: SimulatedPartners) -> None:
    """渠道的一笔交易只能付我方一笔。"""
    _, paid = _paid(channel)
    number = payment_of(paid).provider_no
    TopUpOrder.objects.update(state=OrderState.LOADED)
    order = opened(a_purse())
    gateway(channel).pay(started(order))
    (sent,) = gateway(channel).waiting()
    assert carried(_signed(sent, json.loads(sent.body) | {"provider_no": number})) == (
        "provider_no_reused"
    )
    assert state(order) == "opened"


@pytest.mark.rule("card reference 11 fault 1; mutant 16")
def test_another_sum_than_the_order_s_is_taken_and_goes_back_whole(
    channel: SimulatedPartners,
) -> None:
    """金额不符:不给订单,如数退回。"""
    order = opened(a_purse())
    ref = started(order)
    gateway(channel).pay(ref, amount_fen=AMOUNT_FEN + 100)
    assert carry_all(channel) == ["pays_back"]
    assert (state(order), _incidents()) == ("opened", ["amount_differs"])
    assert held_fen("refunds_payable") == AMOUNT_FEN + 100
    look()
    assert refunds() == [("surplus", "done")]
    assert (held_fen("refunds_payable"), held_fen("payment_clearing"), ledger_sum()) == (0, 0, 0)


@pytest.mark.rule("card reference 11 fault 1")
def test_money_that_arrives_after_the_order_is_void_goes_back_once(
    channel: SimulatedPartners,
) -> None:
    """订单作废后才到的付款:退回,只退一次。"""
    gateway(channel).misbehave(notices=NoticeHabit.LATE)
    order = opened(a_purse())
    ref = started(order)
    gateway(channel).pay(ref)
    assert carry_all(channel) == []
    later(minutes=20)
    sweep()
    assert state(order) == "void"
    assert carry_all(channel) == ["pays_back"]
    for _ in range(3):
        look()
        carry_all(channel)
    assert (state(order), refunds()) == ("void", [("surplus", "done")])
    assert PaymentRefund.objects.get().told
    assert (held_fen("payment_clearing"), held_fen("refunds_payable")) == (0, 0)


@pytest.mark.rule("card reference 11 fault 1: the notice never comes")
def test_a_payment_whose_notice_never_comes_is_found_by_asking(channel: SimulatedPartners) -> None:
    """通知一直不到:主动查询,照样入账。"""
    gateway(channel).misbehave(notices=NoticeHabit.NEVER)
    order = opened(a_purse())
    ref = started(order)
    gateway(channel).pay(ref)
    assert carry_all(channel) == []
    look()
    assert state(order) == "opened"
    later(seconds=20)
    look()
    assert (state(order), payment_of(ref).heard) == ("paid", "asked")


def test_what_nobody_pays_is_asked_about_less_and_less_and_then_closed() -> None:
    """一直没人付:查询间隔加倍,最后关闭。"""
    order = opened(a_purse())
    ref = started(order)
    pauses = []
    while payment_of(ref).state.value == "started":
        due = payment_of(ref).ask_at
        assert due is not None
        pauses.append(due - now())
        later(seconds=(due - now()).total_seconds())
        look()
    assert pauses[1:4] == [timedelta(seconds=30 * n) for n in (1, 2, 4)]
    assert max(pauses) == timedelta(seconds=30 * 256)
    assert (payment_of(ref).state.value, payment_of(ref).ask_at) == ("closed", None)


def test_money_for_a_closed_payment_is_money_all_the_same(channel: SimulatedPartners) -> None:
    """已关闭的付款又到账:认账并退回。"""
    order = opened(a_purse())
    ref = started(order)
    later(hours=30)
    sweep()
    look()
    assert payment_of(ref).state.value == "closed"
    gateway(channel).pay(ref)
    assert carry_all(channel) == ["pays_back"]
    look()
    assert refunds() == [("surplus", "done")]


@pytest.mark.rule("guarantees: gateway down")
def test_a_silent_channel_takes_nothing_and_later_goes_on(channel: SimulatedPartners) -> None:
    """渠道不通:不扣款、讲清楚;恢复后同一笔继续。"""
    order = opened(a_purse())
    channel.simulation.faults.set(PAYMENT, Fault.DOWN)
    with pytest.raises(Refused) as refused:
        started(order)
    assert refused.value.refusal.code == "payment.channel_silent"
    assert (Payment.objects.count(), state(order)) == (1, "opened")
    later(seconds=30)
    look()
    with pytest.raises(PartnerSilent):
        payment.ask(payment=Payment.objects.get().ref, actor=THE_CLOCK, at=now())
    channel.simulation.faults.heal(PAYMENT)
    assert started(order) == Payment.objects.get().ref
    assert Payment.objects.get().pay_url


@pytest.mark.parametrize("fault", [Fault.SLOW, Fault.BREAKS_AFTER, Fault.DUPLICATE])
def test_a_channel_that_does_and_does_not_answer_sends_money_once(
    channel: SimulatedPartners, fault: Fault
) -> None:
    """渠道办了却没答复:再发同一笔,只退一次。"""
    order, ref = _paid(channel)
    refund(order)
    channel.simulation.faults.set(PAYMENT, fault, times=1)
    for _ in range(4):
        look()
        later(seconds=300)
    carry_all(channel)
    assert (state(order), refunds()) == ("refunded", [("topup", "done")])
    later(days=1)
    file = gateway(channel).settlement(local_day(now() - timedelta(days=1)))
    assert file is not None
    assert [line.amount_fen for line in file.lines if line.refund] == [AMOUNT_FEN]
    assert (held_fen("payment_clearing"), held_fen("refunds_payable")) == (0, 0)
    assert payment_of(ref).paid_back_fen == AMOUNT_FEN


@pytest.mark.rule("guarantees M6, mutant 15")
def test_a_payment_goes_back_once_however_often_it_is_wanted_and_confirmed(
    channel: SimulatedPartners,
) -> None:
    """退款一笔只退一次,确认重复也只入账一次。"""
    gateway(channel).misbehave(notices=NoticeHabit.TWICE)
    order = opened(a_purse())
    gateway(channel).pay(started(order))
    carry_all(channel)
    refund(order)
    refund(order)
    assert refunds() == [("topup", "wanted")]
    look()
    assert carry_all(channel) == ["done", "done"]
    look()
    assert (state(order), refunds()) == ("refunded", [("topup", "done")])
    assert LedgerTransfer.objects.filter(kind="payment.refunded").count() == 1


def test_a_slow_refund_is_asked_about_until_it_is_done(channel: SimulatedPartners) -> None:
    """退款慢:订单一直是「退款中」,渠道办成后才算退。"""
    gateway(channel).misbehave(refunds=RefundHabit.SLOW)
    order, _ = _paid(channel)
    refund(order)
    look()
    assert (state(order), refunds()) == ("refunding", [("topup", "sent")])
    assert held_fen("refunds_payable") == AMOUNT_FEN
    later(days=2)
    look()
    assert (state(order), refunds()) == ("refunded", [("topup", "done")])


def test_a_refund_that_fails_is_tried_again_and_then_people_look(
    channel: SimulatedPartners,
) -> None:
    """退款失败:隔时重试,多次失败转人工;钱始终记在应退款。"""
    gateway(channel).misbehave(refunds=RefundHabit.FAILS)
    order, _ = _paid(channel)
    refund(order)
    for _ in range(20):
        look()
        carry_all(channel)
        later(hours=4)
    row = PaymentRefund.objects.get()
    assert (row.state.value, row.tries, row.try_at, row.failure) == ("failed", 3, None, "余额不足")
    assert (state(order), held_fen("refunds_payable")) == ("refunding", AMOUNT_FEN)
    assert _incidents() == ["refund_stuck"]
    gateway(channel).misbehave()
    payment.try_again(refund=row.ref, actor=ONE, at=now())
    look()
    assert (state(order), held_fen("refunds_payable")) == ("refunded", 0)
    with pytest.raises(Refused) as refused:
        payment.try_again(refund=row.ref, actor=ONE, at=now())
    assert refused.value.refusal.code == "payment.refund_not_failed"


def test_a_refund_of_something_else_is_not_believed(channel: SimulatedPartners) -> None:
    """退款通知对不上:不动账,留案。"""
    order, _ = _paid(channel)
    refund(order)
    look()
    told = confirm_refund(
        refund="prf_other",
        payment="pay_x",
        amount_fen=1,
        provider_no="",
        actor=THE_CLOCK,
        at=now(),
    )
    assert (told.state, _incidents()) == ("refund_mismatch", ["refund_mismatch"])


@pytest.mark.rule("guarantees I2: crash at every failpoint")
@pytest.mark.parametrize(
    "point",
    [
        f"{act}.{when}"
        for act in (
            "payment.keep_notice",
            "payment.mark_paid",
            "topup.pay",
            "payment.mark_applied",
            "payment.end_notice",
            "payment.confirm_refund",
            "topup.confirm_refund",
            "payment.mark_told",
        )
        for when in ("before_commit", "after_commit")
    ],
)
def test_a_crash_anywhere_between_notice_and_order_loses_and_doubles_nothing(
    channel: SimulatedPartners, point: str
) -> None:
    """任一处宕机后重来:不丢、不重。"""
    order = opened(a_purse())
    gateway(channel).pay(started(order))
    with armed(point):
        _until_crash(channel, order)
    later(seconds=30)
    look()
    carry_all(channel)
    if state(order) == "paid":
        refund(order)
    for _ in range(3):
        look()
        carry_all(channel)
        later(seconds=300)
    assert (state(order), refunds()) == ("refunded", [("topup", "done")])
    assert (held_fen("payment_clearing"), held_fen("refunds_payable"), ledger_sum()) == (0, 0, 0)


def _until_crash(channel: SimulatedPartners, order: str) -> None:
    try:
        for sent in gateway(channel).waiting():
            carried(sent)
        refund(order)
        look()
    except Crash:
        return


@pytest.mark.rule("guarantees M6: sum of refunds at most what was paid")
def test_the_database_itself_lets_no_more_go_back_than_came_in(channel: SimulatedPartners) -> None:
    """退款合计不超过收款,由数据库约束;一因只退一次。"""
    order, ref = _paid(channel)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(ref=ref).update(paid_back_fen=AMOUNT_FEN + 1)
    refund(order)
    known = PaymentRefund.objects.get()
    known.ref = "prf_second"
    with pytest.raises(IntegrityError), transaction.atomic():
        known.save(force_insert=True)


_WHAT = st.lists(
    st.sampled_from(
        ["pay", "carry", "carry_twice", "look", "sweep", "refund", "later", "late", "never"]
    ),
    max_size=14,
)


@pytest.mark.rule("guarantees M1, M4, M6")
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=_WHAT)
def test_in_whatever_order_things_happen_money_is_somewhere_exactly_once(
    steps: list[str],
) -> None:
    """任意先后:每一分钱恰在一处,收=充+退+留。"""
    with a_channel() as channel:
        order = opened(a_purse())
        ref = started(order)
        for step in steps:
            _do(step, channel, order, ref)
            assert ledger_sum() == 0
        row = payment_of(ref)
        taken = -held_fen("payment_clearing")
        owed = held_fen("awaiting_load") + held_fen("refunds_payable")
        assert taken == owed
        assert taken in (0, AMOUNT_FEN)
        assert row.paid_back_fen <= row.paid_fen
        assert PaymentRefund.objects.filter(payment=ref).count() <= 1
    _give_up_everything()


def _do(step: str, channel: SimulatedPartners, order: str, ref: str) -> None:
    deeds: dict[str, Any] = {
        "pay": lambda: gateway(channel).pay(ref),
        "carry": lambda: carry_all(channel),
        "carry_twice": lambda: [carried(sent) for sent in gateway(channel).waiting()],
        "look": look,
        "sweep": sweep,
        "refund": lambda: refund(order),
        "later": lambda: later(minutes=8),
        "late": lambda: gateway(channel).misbehave(notices=NoticeHabit.LATE),
        "never": lambda: gateway(channel).misbehave(notices=NoticeHabit.NEVER),
    }
    try:
        deeds[step]()
    except Refused:
        return


def _give_up_everything() -> None:
    """A clean desk for the next example: the tables are emptied as test tools may."""
    with append_only.lowered():
        for table in (
            PaymentNotice,
            PaymentRefund,
            Payment,
            LoadAttempt,
            TopUpOrder,
            LedgerTransfer,
            LedgerAccount,
        ):
            table._default_manager.all().delete()


@pytest.mark.postgres
@pytest.mark.rule("guarantees M6: a race of 32 duplicate notices")
def test_thirty_two_hands_with_the_same_notices_pay_once_and_pay_back_once(
    channel: SimulatedPartners,
) -> None:
    """32个并发重复通知:只入账一次、只退一次。"""
    order = opened(a_purse())
    gateway(channel).pay(started(order))
    (sent,) = gateway(channel).waiting()
    results = _race(sent)
    assert set(results) <= {"credited", "paid"}
    look()
    assert LedgerTransfer.objects.filter(kind="topup.paid").count() == 1
    refund(order)
    look()
    told = gateway(channel).waiting()
    assert set(_race(told[-1])) == {"done"}
    assert (state(order), refunds()) == ("refunded", [("topup", "done")])
    assert (held_fen("payment_clearing"), held_fen("refunds_payable")) == (0, 0)


def _race(sent: Sent) -> list[str]:
    results: list[str] = []
    threads.join(threads.start(*[lambda: results.append(carried(sent)) for _ in range(32)]))
    return results


def _signed(sent: Sent, body: dict[str, object]) -> Sent:
    """The same notice with another body, signed by whoever holds the channel's key."""
    raw = json.dumps(body).encode()
    string = webhook.signed_string(
        message=sent.shown.message, timestamp=sent.shown.timestamp, body=raw
    )
    (key,) = simulated_keys().values()
    return Sent(replace(sent.shown, signatures=webhook.v1(string, key=key)), raw)
