"""The 26 fault points of the card reference (11), through the real acts and a simulated card.

The first thirteen: everything until the card is torn after it wrote.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from onecard.actions import topup
from onecard.actions.tap import Posted
from onecard.chip.purse_files import CardIdentity
from onecard.chip.simulated_card import NINE_TEAR_POINTS, Manners
from onecard.chip.status import StatusWord
from onecard.domain.refusal import Refused
from onecard.records.models import ChipDialogue, Discrepancy, LoadAttempt, PurseAccount
from onecard.seams.failpoint import Crash, armed
from tests.chip.desk import PUBLIC, a_card
from tests.topping_up import (
    AMOUNT_FEN,
    CASHIER,
    HOLDER,
    OUTLET,
    Phone,
    a_purse,
    attempts,
    held_fen,
    later,
    now,
    opened,
    order_of,
    paid,
    pay,
    refund,
    state,
    sweep,
)

pytestmark = pytest.mark.django_db


@pytest.mark.rule("card reference 11, fault 1")
def test_fault_01_a_payment_notice_comes_late_or_twice() -> None:
    """付款通知迟到或重复:按付款号只记一次;作废后到的原路退回。"""
    order = opened(a_purse())
    first, again = pay(order, "pay_1"), pay(order, "pay_1")
    assert (first.state, first.pays_back) == ("paid", False)
    assert (again.notice, again.pays_back) == ("topup.already_paid", False)
    second = pay(order, "pay_2")
    assert (second.state, second.notice, second.pays_back) == ("paid", "topup.already_paid", True)
    assert held_fen("awaiting_load") == AMOUNT_FEN


@pytest.mark.rule("card reference 11, fault 1; rule book 22.3")
def test_fault_01_a_payment_after_the_order_is_void_goes_back() -> None:
    """超时作废后到的付款:订单不变,款项退回。"""
    order = opened(a_purse())
    later(minutes=15)
    sweep()
    assert state(order) == "void"
    done = pay(order)
    assert (done.state, done.pays_back, held_fen("awaiting_load")) == ("void", True, 0)


def test_fault_01_a_payment_of_another_amount_goes_back() -> None:
    """付款金额与订单不符:订单不变,款项退回。"""
    order = opened(a_purse())
    done = pay(order, amount_fen=1)
    assert (done.state, done.notice, done.pays_back) == ("opened", "topup.amount_differs", True)


@pytest.mark.rule("card reference 11, fault 2; rule book 22.4")
def test_fault_02_nobody_ever_taps() -> None:
    """付款后一直不贴卡:本人可申请退款,7天后自动退款。"""
    card = a_card()
    purse = a_purse(card)
    order = paid(purse)
    later(days=6, hours=23)
    sweep()
    assert state(order) == "paid"
    later(hours=1)
    sweep()
    assert state(order) == "refunding"
    assert (held_fen("refunds_payable"), held_fen("awaiting_load")) == (AMOUNT_FEN, 0)
    done = topup.confirm_refund(
        order=order, payment=order_of(order).payment, actor=CASHIER, at=now()
    )
    assert done.state == "refunded"
    asked = paid(purse)
    assert refund(asked).state == "refunding"
    with pytest.raises(Refused, match=r"topup\.already_refunded"):
        Phone(card).top_up(asked)
    assert card.balance_fen == 5000


@pytest.mark.rule("card reference 11, fault 3")
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"public": replace(PUBLIC, serial=bytes.fromhex("00112233445566778899"))}, "other_serial"),
        ({"manners": Manners(blocked=StatusWord.FUNCTION_NOT_SUPPORTED)}, "blocked"),
        ({"manners": Manners(blocked=StatusWord.PERMANENTLY_LOCKED)}, "blocked"),
        ({"public": replace(PUBLIC, valid_to_raw=bytes.fromhex("20260301"))}, "expired"),
        ({"algorithm": 4}, "other_profile"),
    ],
)
def test_fault_03_the_wrong_card_is_held(changes: dict[str, object], why: str) -> None:
    """贴错卡、卡被锁、过期、卡型不符:订单不变,说明原因。"""
    order = paid(a_purse())
    done = Phone(a_card(**changes)).top_up(order)  # type: ignore[arg-type]
    assert (done.outcome, done.facts["why"]) == ("topup.tap.wrong_card", why)
    assert (state(order), attempts(order)) == ("paid", [])


@pytest.mark.rule("card reference 11, fault 3: a forged serial makes MAC1 fail")
def test_fault_03_a_forged_serial_proves_nothing() -> None:
    """冒用别的卡号:密钥随卡号而变,校验必败。"""
    forged = replace(PUBLIC, serial=bytes.fromhex("00112233445566778899"))
    stranger = a_card(public=forged)
    order = paid(a_purse(stranger))
    done = Phone(stranger).top_up(order)
    assert (done.outcome, state(order)) == ("topup.tap.mismatch", "paid")
    assert PurseAccount.objects.get().failures == 1
    assert CardIdentity(forged.issuer, forged.serial) != PUBLIC.identity


@pytest.mark.rule("card reference 11, fault 4; no test tries a PIN twice")
@pytest.mark.parametrize("status", ["63C2", "6983"])
def test_fault_04_the_card_wants_another_pin(status: str) -> None:
    """卡片说密码错:立即停止,订单不变,记录备查。"""
    order = paid(a_purse())

    def refuses(step: object, answers: list[str]) -> Posted:
        return Posted(step.seq, (*answers[:-1], status))  # type: ignore[attr-defined]

    phone = Phone(a_card(), meddle=refuses)
    done = phone.top_up(order)
    assert (done.outcome, done.facts["status"]) == ("topup.tap.refused", status)
    assert (state(order), len(phone.posts)) == ("paid", 1)
    assert Discrepancy.objects.get().kind == "purse.issuer_pin_refused"


@pytest.mark.rule("card reference 11, fault 5")
@pytest.mark.parametrize("point", ["before_select", "after_select", "before_init", "after_init"])
def test_fault_05_the_card_is_lost_before_anything_is_signed(point: str) -> None:
    """授权之前移开卡片:没有授权,再贴即可。"""
    card = a_card()
    order = paid(a_purse(card))
    card_phone = Phone(card)
    step = topup.begin(order=order, actor=HOLDER, at=now())
    card.tear(NINE_TEAR_POINTS[point])
    lost = card_phone.post(step, card_phone.hold(step))
    assert (lost.outcome, state(order), attempts(order)) == ("topup.tap.lost", "paid", [])
    assert Phone(card).top_up(order).outcome == "topup.tap.loaded"


def _flipped(answer: str, *, byte: int) -> str:
    raw = bytearray.fromhex(answer)
    raw[byte] ^= 1
    return raw.hex().upper()


@pytest.mark.rule("card reference 11, fault 6; guarantees 10.9")
def test_fault_06_mac1_does_not_verify_and_nothing_is_learned() -> None:
    """MAC1不符:什么都不学,只计数;满10次当天停用贴卡。"""
    card = a_card()
    order = paid(a_purse(card))

    def forge(step: object, answers: list[str]) -> Posted:
        return Posted(step.seq, (*answers[:-1], _flipped(answers[-1], byte=15)))  # type: ignore[attr-defined]

    liar = Phone(card, meddle=forge)
    for _ in range(10):
        assert liar.top_up(order).outcome == "topup.tap.mismatch"
    assert (state(order), attempts(order)) == ("paid", [])
    with pytest.raises(Refused, match=r"topup\.too_many_failures"):
        Phone(card).top_up(order)
    later(days=1)
    assert Phone(card).top_up(order).outcome == "topup.tap.loaded"


@pytest.mark.rule("card reference 11, fault 6: an old answer replayed")
def test_fault_06_an_answer_of_an_earlier_tap_is_worth_nothing() -> None:
    """重放旧应答:询问数不同,校验必败。"""
    card = a_card()
    order = paid(a_purse(card))
    old: list[str] = []

    def record(_: object, answers: list[str]) -> None:
        old.extend(answers)

    Phone(card, meddle=record).top_up(order)
    replayer = Phone(card, meddle=lambda step, _: Posted(step.seq, tuple(old)))
    assert replayer.top_up(order).outcome == "topup.tap.mismatch"
    assert (state(order), attempts(order)) == ("paid", [])


@pytest.mark.rule("card reference 11, fault 7; SEED, FAQ 14")
def test_fault_07_the_authenticated_balance_goes_over_the_cap() -> None:
    """写卡时以卡片证实的余额为准:超上限不写,可退款。"""
    card = a_card(balance_fen=96_000)
    order = paid(a_purse(card))
    done = Phone(card).top_up(order)
    assert (done.outcome, done.facts["code"]) == ("topup.tap.stopped", "topup.over_cap")
    assert done.facts["facts"]["max"] == "40.00"
    assert (state(order), attempts(order), card.balance_fen) == ("paid", [], 96_000)
    assert refund(order).state == "refunding"


@pytest.mark.rule("card reference 11, fault 8")
@pytest.mark.parametrize(
    "point",
    [
        "topup.answers_arrived",
        "topup.before_custody",
        "topup.after_custody",
        "topup.attempt_saved",
        "topup.settle.before_commit",
    ],
)
def test_fault_08_the_server_dies_before_the_attempt_is_saved(point: str) -> None:
    """保存之前宕机:没有任何授权离开,重发或再贴都行。"""
    card = a_card()
    order = paid(a_purse(card))
    phone = Phone(card)
    step = topup.begin(order=order, actor=HOLDER, at=now())
    posted = phone.hold(step)
    with pytest.raises(Crash), armed(point):
        phone.post(step, posted)
    assert (state(order), attempts(order)) == ("paid", [])
    assert phone.go_on(phone.post(step, posted)).outcome == "topup.tap.loaded"


@pytest.mark.rule("card reference 11, fault 9")
@pytest.mark.parametrize("point", ["topup.settle.after_commit", "topup.before_step_leaves"])
def test_fault_09_the_server_dies_with_the_attempt_saved(point: str) -> None:
    """保存后、发出前宕机:再贴卡,序号未变即证明未写入,重新写。"""
    card = a_card()
    order = paid(a_purse(card))
    with pytest.raises(Crash), armed(point):
        Phone(card).top_up(order)
    assert (state(order), attempts(order)) == ("writing", [("open", "")])
    done = Phone(card).top_up(order)
    assert (done.outcome, card.balance_fen) == ("topup.tap.loaded", 10_000)
    assert attempts(order) == [("dead", "n1_strong"), ("proven", "p1")]


def _lose_answer_to(phone: Phone, order: str) -> str:
    """The reply to the first post is lost on the network; the tap is given up."""
    step = topup.begin(order=order, actor=phone.actor, at=now())
    phone.card.enter_field()
    phone.post(step, phone.hold(step))
    return step.tap


@pytest.mark.rule("card reference 11, fault 10")
def test_fault_10_mac2_is_lost_on_the_network() -> None:
    """授权在网络上丢失:尝试仍未决,再贴查明后重写。"""
    card = a_card()
    order = paid(a_purse(card))
    lost = _lose_answer_to(Phone(card), order)
    assert (state(order), attempts(order)) == ("writing", [("open", "")])
    later(minutes=5)
    sweep()
    assert state(order) == "in_doubt"
    row = ChipDialogue.objects.get(ref=lost)
    assert (row.outcome, row.plan, row.step) == ("topup.tap.expired", {}, {})
    assert Phone(card, actor=OUTLET).top_up(order).outcome == "topup.tap.loaded"
    assert card.balance_fen == 10_000


@pytest.mark.rule("card reference 11, faults 11 and 12")
@pytest.mark.parametrize("point", ["before_credit", "during_credit"])
def test_fault_11_and_12_the_card_is_torn_before_it_commits(point: str) -> None:
    """写入之前撕卡:结果待确认;再贴证明未写入,只写一次。"""
    card = a_card()
    order = paid(a_purse(card))
    torn = Phone(card).torn(order, NINE_TEAR_POINTS[point])
    assert (torn.outcome, torn.state) == ("topup.tap.in_doubt", "in_doubt")
    assert held_fen("awaiting_load") == AMOUNT_FEN
    done = Phone(card).top_up(order)
    assert (done.outcome, card.balance_fen) == ("topup.tap.loaded", 10_000)
    assert attempts(order) == [("dead", "n1_strong"), ("proven", "p1")]


@pytest.mark.rule("card reference 11, fault 13")
def test_fault_13_the_card_wrote_and_its_answer_is_lost() -> None:
    """已写入但应答丢失:再贴取得凭证,不写第二次。"""
    card = a_card()
    order = paid(a_purse(card))
    assert Phone(card).torn(order, NINE_TEAR_POINTS["after_credit"]).outcome == "topup.tap.in_doubt"
    assert card.balance_fen == 10_000
    done = Phone(card).top_up(order)
    assert (done.outcome, card.balance_fen) == ("topup.tap.loaded", 10_000)
    assert attempts(order) == [("proven", "p2")]
    assert LoadAttempt.objects.get().tac
    assert held_fen("on_cards") == AMOUNT_FEN
