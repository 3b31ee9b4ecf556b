"""The 26 fault points of the card reference (11), the second half: what a phone may claim."""

from __future__ import annotations

from datetime import timedelta

import pytest

from onecard.actions import tap, topup
from onecard.actions.tap import Posted
from onecard.actions.topup import Decision
from onecard.adapters.purse_keys import in_purse_keys
from onecard.chip import transit_purse
from onecard.chip.simulated_card import NINE_TEAR_POINTS, Moment, SimulatedCard, Tear
from onecard.chip.status import CommandKind
from onecard.chip.wire import hold
from onecard.domain.authority import THE_CLOCK
from onecard.domain.refusal import NotFound, Refused
from onecard.records.models import Discrepancy, LoadAttempt, PurseAccount
from onecard.seams.failpoint import Crash, armed
from tests import made_card
from tests.actions.topup.test_fault_points import _flipped
from tests.chip.desk import NOW, a_card
from tests.topping_up import (
    AMOUNT_FEN,
    HOLDER,
    HOST,
    ONE,
    OTHER,
    SOMEBODY,
    Phone,
    Silent,
    a_purse,
    attempts,
    gate,
    held_fen,
    later,
    now,
    order_of,
    paid,
    refund,
    running,
    state,
    sweep,
)

pytestmark = pytest.mark.django_db

AFTER, BEFORE = NINE_TEAR_POINTS["after_credit"], NINE_TEAR_POINTS["before_credit"]


def a_paid_card(**changes: object) -> tuple[SimulatedCard, str]:
    """A card and a paid order for it."""
    card = a_card(**changes)  # type: ignore[arg-type]
    return card, paid(a_purse(card))


@pytest.mark.rule("card reference 11, fault 14")
def test_fault_14_nine_thousand_with_a_wrong_tac_is_no_success() -> None:
    """9000但TAC不符:不信,结果待确认;真卡再贴即查明。"""
    card, order = a_paid_card()

    def forge(step: tap.TapStep, answers: list[str]) -> Posted:
        changed = [_flipped(one, byte=0) if step.moves_money else one for one in answers]
        return Posted(step.seq, tuple(changed))

    done = Phone(card, meddle=forge).top_up(order)
    assert (done.outcome, done.state) == ("topup.tap.in_doubt", "in_doubt")
    assert PurseAccount.objects.get().failures == 1
    assert Phone(card).top_up(order).outcome == "topup.tap.loaded"
    assert (attempts(order), card.balance_fen) == ([("proven", "p2")], 10_000)


def test_fault_14_a_phone_that_never_wrote_cannot_claim_success() -> None:
    """卡没写却报成功:凭证验不过,再贴证明未写入。"""
    card, order = a_paid_card()

    def claim(step: tap.TapStep, answers: list[str]) -> Posted:
        return Posted(step.seq, ("AABBCCDD9000",) if step.moves_money else tuple(answers))

    phone = Phone(card, meddle=claim)
    step = topup.begin(order=order, actor=HOLDER, at=now())
    card.enter_field()
    second = phone.post(step, phone.hold(step))
    done = phone.post(second, claim(second, []))
    assert (done.state, card.balance_fen, held_fen("on_cards")) == ("in_doubt", 5000, 0)
    assert refund_after_tap(card, order) == "refunding"


def refund_after_tap(card: SimulatedCard, order: str) -> str:
    """Ask for the money, be told to hold the card, hold it."""
    with pytest.raises(Refused, match=r"topup\.in_doubt_needs_card"):
        refund(order)
    assert order_of(order).refund_wanted
    Phone(card).top_up(order)
    return state(order)


@pytest.mark.rule("card reference 11, fault 15; mutants: trust 9406, trust 9302")
@pytest.mark.parametrize("claimed", ["9302", "6985", "9406", "6581", "6A82", "63C0", "9401"])
@pytest.mark.parametrize("wrote", [True, False])
def test_fault_15_a_status_word_of_a_phone_is_no_proof(claimed: str, *, wrote: bool) -> None:
    """手机报9302、6985、9406都不是证据:写了就是写了,没写才重写或退款。"""
    card, order = a_paid_card()

    def hide(step: tap.TapStep, answers: list[str]) -> Posted:
        return Posted(step.seq, (claimed,) if step.moves_money else tuple(answers))

    if not wrote:
        card.tear(BEFORE)
    done = Phone(card, meddle=hide).top_up(order)
    assert (done.outcome, done.state) == ("topup.tap.in_doubt", "in_doubt")
    assert refund_after_tap(card, order) == ("loaded" if wrote else "refunding")
    assert card.balance_fen == (10_000 if wrote else 5000)
    assert attempts(order) == [("proven", "p2") if wrote else ("dead", "n1_strong")]


@pytest.mark.rule("card reference 11, fault 15: 9406 at the resolving tap hides nothing either")
def test_fault_15_hiding_the_proof_at_the_next_tap_only_holds_the_money() -> None:
    """下次贴卡时再瞒凭证:序号已变,款项一直不动,不退。"""
    card, order = a_paid_card()
    assert Phone(card).torn(order, AFTER).outcome == "topup.tap.in_doubt"

    def hide(step: tap.TapStep, answers: list[str]) -> Posted:
        hidden = [
            "9406" if apdu.hex.startswith("805A") else one
            for apdu, one in zip(step.apdus, answers, strict=False)
        ]
        return Posted(step.seq, tuple(hidden))

    liar = Phone(card, meddle=hide)
    for _ in range(3):
        done = liar.top_up(order)
        assert (done.outcome, done.state) == ("topup.tap.in_doubt", "in_doubt")
    assert LoadAttempt.objects.get().counter_moved
    with pytest.raises(Refused, match=r"topup\.in_doubt_needs_card"):
        refund(order)
    later(days=30)
    sweep()
    assert (state(order), held_fen("awaiting_load")) == ("in_doubt", AMOUNT_FEN)
    assert Phone(card).top_up(order).outcome == "topup.tap.loaded"
    assert (card.balance_fen, held_fen("on_cards")) == (10_000, AMOUNT_FEN)


@pytest.mark.rule("card reference 11, fault 16")
@pytest.mark.parametrize(
    "point", ["topup.before_tac_check", "topup.after_tac_check", "topup.finish.before_commit"]
)
def test_fault_16_the_server_dies_with_the_tac_in_its_hand(point: str) -> None:
    """凭证到了、提交前宕机:再贴取凭证即完成,不写第二次。"""
    card, order = a_paid_card()
    with pytest.raises(Crash), armed(point):
        Phone(card).top_up(order)
    assert (state(order), card.balance_fen) == ("writing", 10_000)
    assert Phone(card).top_up(order).outcome == "topup.tap.loaded"
    assert (attempts(order), card.balance_fen) == ([("proven", "p2")], 10_000)


@pytest.mark.rule("card reference 11, fault 16; 12: re-posting is safe")
def test_fault_16_the_phone_posts_the_tac_again_after_the_crash() -> None:
    """宕机后手机重发同一应答:照样完成。"""
    card, order = a_paid_card()
    phone = Phone(card)
    with pytest.raises(Crash), armed("topup.finish.before_commit"):
        phone.top_up(order)
    step, posted = phone.posts[-1]
    assert phone.post(step, posted).outcome == "topup.tap.loaded"
    assert attempts(order) == [("proven", "p1")]


@pytest.mark.rule("card reference 11, fault 17; 12")
def test_fault_17_the_same_post_gets_the_same_step_and_another_one_an_incident() -> None:
    """重发同一应答得同一步骤;同一步骤发来不同应答:409并记录。"""
    card, order = a_paid_card()
    phone = Phone(card)
    step = topup.begin(order=order, actor=HOLDER, at=now())
    card.enter_field()
    posted = phone.hold(step)
    second = phone.post(step, posted)
    assert phone.post(step, posted) == second
    assert tap.current(tap=step.tap, actor=HOLDER, at=now()) == second
    with pytest.raises(Refused, match=r"topup\.other_answers"):
        phone.post(step, Posted(step.seq, (*posted.answers[:-1], "9406")))
    assert Discrepancy.objects.get().kind == "purse.other_answers"
    with pytest.raises(Refused, match=r"topup\.wrong_step"):
        phone.post(step, Posted(second.seq + 1))
    assert phone.go_on(second).outcome == "topup.tap.loaded"
    assert attempts(order) == [("proven", "p1")]


def test_fault_17_a_second_tap_ends_the_first_one() -> None:
    """两部手机同贴一张卡:后一次开始,前一次结束,授权不再发出。"""
    card, order = a_paid_card()
    first = topup.begin(order=order, actor=HOLDER, at=now())
    card.enter_field()
    posted = Phone(card).hold(first)
    assert Phone(card).top_up(order).outcome == "topup.tap.loaded"
    with pytest.raises(Refused, match=r"topup\.tap_over"):
        Phone(card).post(first, posted)
    assert (attempts(order), card.balance_fen) == ([("proven", "p1")], 10_000)


@pytest.mark.rule("card reference 10.2, P1: a TAC proves the write whenever it arrives")
def test_fault_17_a_tac_that_arrives_after_its_tap_was_over_still_counts() -> None:
    """前一次贴卡的凭证迟到:照样认定写入。"""
    card, order = a_paid_card()
    phone = Phone(card)
    step = topup.begin(order=order, actor=HOLDER, at=now())
    card.enter_field()
    second = phone.post(step, phone.hold(step))
    late = phone.hold(second)
    later(minutes=6)
    sweep()
    assert state(order) == "in_doubt"
    topup.begin(order=order, actor=HOLDER, at=now())
    assert phone.post(second, late).outcome == "topup.tap.loaded"
    assert (state(order), attempts(order)) == ("loaded", [("proven", "p1")])


def test_fault_17_nobody_answers_somebody_elses_tap() -> None:
    """别人开始的贴卡,不存在。"""
    card, order = a_paid_card()
    step = topup.begin(order=order, actor=HOLDER, at=now())
    with pytest.raises(NotFound):
        tap.answer(tap=step.tap, posted=Phone(card).hold(step), actor=SOMEBODY, at=now())
    with pytest.raises(NotFound):
        topup.begin(order=order, actor=SOMEBODY, at=now())


@pytest.mark.rule("card reference 11, fault 18")
def test_fault_18_money_is_asked_back_while_an_attempt_is_open() -> None:
    """写卡未明时要退款:记下,贴一次卡;证明未写入即退,不再写。"""
    card, order = a_paid_card()
    assert Phone(card).torn(order, BEFORE).state == "in_doubt"
    with pytest.raises(Refused, match=r"topup\.in_doubt_needs_card"):
        refund(order)
    done = Phone(card).top_up(order)
    assert (done.outcome, done.state) == ("topup.tap.refunding", "refunding")
    assert (attempts(order), card.balance_fen) == ([("dead", "n1_strong")], 5000)
    assert (held_fen("refunds_payable"), held_fen("awaiting_load")) == (AMOUNT_FEN, 0)


@pytest.mark.rule("card reference 11, fault 19; rule book 22.4")
def test_fault_19_money_is_demanded_and_the_card_never_comes() -> None:
    """只要钱不贴卡:款项不动;10个工作日后由两人依清算记录裁定。"""
    card, order = a_paid_card()
    Phone(card).torn(order, AFTER)
    facts = {"order": order, "decision": Decision.WRITTEN, "why": "清算记录中乘车前余额含本笔"}
    with pytest.raises(Refused, match=r"topup\.decide_later"):
        topup.propose(**facts, actor=ONE, at=now())  # type: ignore[arg-type]
    later(days=15)
    topup.propose(**facts, actor=ONE, at=now())  # type: ignore[arg-type]
    with pytest.raises(Refused, match=r"topup\.second_person"):
        topup.decide(order=order, actor=ONE, at=now())
    done = topup.decide(order=order, actor=OTHER, at=now())
    assert (done.state, attempts(order)) == ("loaded", [("proven", "c")])
    assert (held_fen("on_cards"), held_fen("awaiting_load")) == (AMOUNT_FEN, 0)
    assert (order_of(order).decided_by, order_of(order).proposed_by) == ("stf_b", "stf_a")


def test_fault_19_two_persons_decide_that_it_was_not_written() -> None:
    """两人裁定未写入:回到已付款;想退的即退。"""
    card, order = a_paid_card()
    Phone(card).torn(order, BEFORE)
    with pytest.raises(Refused):
        refund(order)
    later(days=15)
    wrong = {"order": order, "decision": Decision.NOT_WRITTEN, "why": "清算无此笔", "actor": ONE}
    topup.propose(**wrong, at=now())  # type: ignore[arg-type]
    topup.decline(order=order, actor=OTHER, at=now())
    with pytest.raises(Refused, match=r"topup\.nothing_proposed"):
        topup.decide(order=order, actor=OTHER, at=now())
    topup.propose(**wrong, at=now())  # type: ignore[arg-type]
    assert topup.decide(order=order, actor=OTHER, at=now()).state == "refunding"
    assert attempts(order) == [("dead", "c")]


@pytest.mark.rule("card reference 11, fault 20; 10.2 N2")
def test_fault_20_another_channel_loaded_in_between() -> None:
    """其他渠道抢先充值:序号已变、凭证不是我们的,待其记录匹配后重写。"""
    card, order = a_paid_card()
    Phone(card).torn(order, BEFORE)
    theirs, mac2 = HOST.begin(card_in_field(card), 3000)
    loaded = hold_credit(card, mac2)
    done = Phone(card).top_up(order)
    assert (done.outcome, attempts(order)) == ("topup.tap.in_doubt", [("open", "")])
    load = topup.OtherLoad(
        issuer=theirs.card.issuer.hex(),
        serial=theirs.card.serial.hex(),
        old_balance=theirs.old_balance,
        counter=theirs.counter,
        key_version=theirs.key_version,
        algorithm=theirs.algorithm,
        random=theirs.random.hex(),
        amount_fen=theirs.amount_fen,
        terminal=theirs.terminal.hex(),
        at=theirs.at,
        tac=loaded.hex(),
    )
    topup.match_other_load(load=load, actor=THE_CLOCK, at=now())
    assert (state(order), attempts(order)) == ("paid", [("dead", "n2")])
    assert Phone(card).top_up(order).outcome == "topup.tap.loaded"
    assert card.balance_fen == 5000 + 3000 + AMOUNT_FEN


def card_in_field(card: SimulatedCard) -> SimulatedCard:
    """The card on another channel's reader."""
    card.enter_field()
    return card


def hold_credit(card: SimulatedCard, mac2: bytes) -> bytes:
    """CREDIT FOR LOAD by another channel; its TAC."""
    return hold(transit_purse.credit_load(at=NOW, mac2=mac2), card.transmit).tac


@pytest.mark.rule("card reference 11, fault 21")
@pytest.mark.parametrize(("tear", "end"), [(AFTER, "p2"), (BEFORE, "n1_strong")])
def test_fault_21_a_bus_fare_between_tear_and_tap_changes_nothing(tear: Tear, end: str) -> None:
    """中间乘了车:余额变了不要紧,看充值序号和凭证。"""
    card, order = a_paid_card()
    Phone(card).torn(order, tear)
    card.enter_field()
    gate().take(card, 200)
    assert Phone(card).top_up(order).outcome == "topup.tap.loaded"
    assert attempts(order)[0][1] == end
    assert card.balance_fen == 5000 - 200 + AMOUNT_FEN


@pytest.mark.rule("card reference 11, fault 22")
def test_fault_22_the_cards_counter_is_at_its_end() -> None:
    """卡内序号用尽:须换卡,款项可退。"""
    card, order = a_paid_card(load_counter=0xFFFF)
    done = Phone(card).top_up(order)
    assert (done.outcome, done.facts["status"]) == ("topup.tap.refused", "9402")
    assert done.facts["remedy"] == "exchange_card"
    assert refund(order).state == "refunding"


@pytest.mark.rule("card reference 11, fault 23")
@pytest.mark.parametrize(
    ("tear", "end"),
    [
        (Tear(Moment.FAILS, CommandKind.CREDIT_FOR_LOAD, write=1), "n1_strong"),
        (Tear(Moment.UNLOGGED, CommandKind.CREDIT_FOR_LOAD), "p2"),
    ],
)
def test_fault_23_the_memory_fails_or_the_log_record_is_missing(tear: Tear, end: str) -> None:
    """6581或交易明细缺失:都按结果未明处理,从不看明细。"""
    card, order = a_paid_card()
    assert Phone(card).torn(order, tear).outcome == "topup.tap.in_doubt"
    assert Phone(card).top_up(order).outcome == "topup.tap.loaded"
    assert (attempts(order)[0][1], card.balance_fen) == (end, 10_000)


@pytest.mark.rule("card reference 11, fault 24")
def test_fault_24_clocks_differ_and_only_the_servers_counts() -> None:
    """时间只用服务器的:写进授权和尝试的是同一时刻,时钟回拨也能验。"""
    card, order = a_paid_card()
    Phone(card).torn(order, AFTER)
    moment = now()
    assert LoadAttempt.objects.get().at == moment
    made_card.clock().set(moment - timedelta(hours=5))
    assert Phone(card).top_up(order).outcome == "topup.tap.loaded"
    assert attempts(order) == [("proven", "p2")]


@pytest.mark.rule("card reference 11, fault 25")
def test_fault_25_the_key_custody_is_down_before_anything_is_signed() -> None:
    """密钥服务停:不写卡,订单不变;恢复后重发同一应答即可。"""
    card, order = a_paid_card()
    phone = Phone(card)
    step = topup.begin(order=order, actor=HOLDER, at=now())
    card.enter_field()
    posted = phone.hold(step)
    with in_purse_keys(Silent()), pytest.raises(Refused, match=r"topup\.keys_unavailable"):  # type: ignore[arg-type]
        phone.post(step, posted)
    assert (state(order), attempts(order)) == ("paid", [])
    assert phone.go_on(phone.post(step, posted)).outcome == "topup.tap.loaded"


def test_fault_25_the_key_custody_is_down_when_the_tac_arrives() -> None:
    """凭证到时密钥服务停:不丢凭证,重发或再贴都能查明。"""
    card, order = a_paid_card()
    phone = Phone(card)
    step = topup.begin(order=order, actor=HOLDER, at=now())
    card.enter_field()
    second = phone.post(step, phone.hold(step))
    answer = phone.hold(second)
    with in_purse_keys(Silent()), pytest.raises(Refused, match=r"topup\.keys_unavailable"):  # type: ignore[arg-type]
        phone.post(second, answer)
    assert (state(order), attempts(order)) == ("writing", [("open", "")])
    assert phone.post(second, answer).outcome == "topup.tap.loaded"


@pytest.mark.rule("card reference 11, fault 26")
def test_fault_26_the_reader_is_wedged_and_says_nothing() -> None:
    """读卡器失灵没有应答:没有任何影响,再贴即可。"""
    card, order = a_paid_card()
    step = topup.begin(order=order, actor=HOLDER, at=now())
    posted = Posted(step.seq, (), lost_after=0, reader_error="SCARD_E_NO_SERVICE")
    done = Phone(card).post(step, posted)
    assert (done.outcome, state(order)) == ("topup.tap.lost", "paid")
    assert running(order).trail["lines"] == ["00A4040008A00000063201010500 -> nothing"]
    assert Phone(card).top_up(order).outcome == "topup.tap.loaded"


@pytest.mark.rule("card reference 11, fault 26; rule 8")
def test_fault_26_a_wedged_reader_after_the_write_leaves_the_outcome_open() -> None:
    """写卡那一步读卡器失灵:不论说什么,结果都算未明。"""
    card, order = a_paid_card()
    phone = Phone(card)
    step = topup.begin(order=order, actor=HOLDER, at=now())
    card.enter_field()
    second = phone.post(step, phone.hold(step))
    done = phone.post(second, Posted(second.seq, (), reader_error="nothing was sent"))
    assert (done.outcome, done.state) == ("topup.tap.in_doubt", "in_doubt")
    assert Phone(card).top_up(order).outcome == "topup.tap.loaded"
