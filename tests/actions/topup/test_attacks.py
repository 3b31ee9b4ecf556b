"""The phone is the attacker's: what it wins by collecting, replaying and hiding is nothing."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from onecard.actions import topup
from onecard.actions._tapping import TapStep
from onecard.actions.tap import Posted
from onecard.actions.topup import Decision
from onecard.chip import transit_purse
from onecard.chip.challenge import Challenge
from onecard.chip.purse_answers import LoadInitialized
from onecard.chip.simulated_card import NINE_TEAR_POINTS, SimulatedCard
from onecard.chip.wire import hold
from onecard.domain.refusal import Refused
from onecard.records.models import Discrepancy, LoadAttempt, PurseAccount, PurseChallenge
from onecard.seams.rng import SeededRng
from tests.chip.desk import a_card, select_again
from tests.topping_up import (
    AMOUNT_FEN,
    CASHIER,
    HOLDER,
    HOST,
    ONE,
    OTHER,
    Phone,
    a_purse,
    attempts,
    held_fen,
    later,
    now,
    opened,
    order_of,
    paid,
    refund,
    state,
)

pytestmark = pytest.mark.django_db


def collected(card: SimulatedCard, count: int) -> dict[str, str]:
    """Answers of INITIALIZE for many terminal numbers, taken while the counter stands still."""
    card.enter_field()
    select_again(HOST.profile, card)
    rng, table = SeededRng(99), {}
    for _ in range(count):
        challenge = Challenge.draw(HOST.profile.challenge, rng.bytes(6))
        asked = transit_purse.load_command(HOST.profile, AMOUNT_FEN, challenge)
        answer = card.transmit(asked.encode()).hex().upper()
        table[challenge.terminal.hex().upper()] = answer
    return table


@pytest.mark.rule("card reference 10.2: the pre-collecting attacker; 16.1")
def test_answers_collected_beforehand_fit_no_challenge() -> None:
    """预先收集应答再瞒报成功:询问数不可预知,退不到款。"""
    card = a_card()
    order = paid(a_purse(card))
    table = collected(card, 500)
    Phone(card).torn(order, NINE_TEAR_POINTS["after_credit"])
    with pytest.raises(Refused):
        refund(order)

    def replay(step: TapStep, answers: list[str]) -> Posted:
        terminal = step.apdus[-1].hex[20:32]
        hidden = [
            "9406" if apdu.hex.startswith("805A") else one
            for apdu, one in zip(step.apdus, answers, strict=False)
        ]
        return Posted(step.seq, (*hidden[:-1], table.get(terminal, next(iter(table.values())))))

    liar = Phone(card, meddle=replay)
    for _ in range(5):
        assert liar.top_up(order).outcome == "topup.tap.mismatch"
    assert (state(order), held_fen("awaiting_load")) == ("in_doubt", AMOUNT_FEN)


@pytest.mark.rule("card reference 10.2, 16.1: mutants fixed and predictable terminal number")
def test_a_challenge_is_drawn_kept_and_never_used_twice() -> None:
    """询问数每次新抽、先存后发、同卡不重复,且有48位以上随机。"""
    card = a_card()
    order = paid(a_purse(card))
    terminals = set()
    for _ in range(20):
        step = topup.begin(order=order, actor=HOLDER, at=now())
        terminals.add(step.apdus[-1].hex[20:32])
    assert len(terminals) == 20
    kept = set(PurseChallenge.objects.values_list("terminal", flat=True))
    assert kept == terminals
    assert HOST.profile.challenge.possibilities >= 2**48


@pytest.mark.rule("card reference 10.2: at most 20 challenges a day for an open attempt")
def test_an_open_attempt_is_asked_about_so_many_times_a_day() -> None:
    """每笔未明的写卡每天最多问20次。"""
    card = a_card()
    order = paid(a_purse(card))
    Phone(card).torn(order, NINE_TEAR_POINTS["before_credit"])
    for _ in range(20):
        topup.begin(order=order, actor=HOLDER, at=now())
    with pytest.raises(Refused, match=r"topup\.too_many_taps"):
        topup.begin(order=order, actor=HOLDER, at=now())
    later(days=1)
    assert Phone(card).top_up(order).outcome == "topup.tap.loaded"


@pytest.mark.rule("card reference 10.2: counter memory")
def test_a_rolled_back_card_is_watched_and_takes_no_more() -> None:
    """序号倒退的卡:复制卡或回滚,停止写卡并记录。"""
    purse, card = a_purse(), a_card(load_counter=0x2B)
    assert Phone(card).top_up(paid(purse)).outcome == "topup.tap.loaded"
    copied = a_card()
    order = paid(purse)
    done = Phone(copied).top_up(order)
    assert (done.outcome, done.facts["code"]) == ("topup.tap.stopped", "topup.card_watched")
    assert (state(order), copied.balance_fen) == ("paid", 5000)
    assert Discrepancy.objects.get().kind == "purse.counter_went_back"
    assert refund(order).state == "refunding"
    with pytest.raises(Refused, match=r"topup\.card_watched"):
        opened(purse)


@pytest.mark.rule("card reference 10.3: N1 after counter_moved is impossible on a sane card")
def test_a_counter_that_moved_and_came_back_is_an_incident() -> None:
    """序号先变后还原:不可能,记录并停止,款项仍不动。"""
    card = a_card()
    order = paid(a_purse(card))
    Phone(card).torn(order, NINE_TEAR_POINTS["before_credit"])
    LoadAttempt.objects.update(counter_moved=True)
    done = Phone(card).top_up(order)
    assert (done.facts["code"], state(order)) == ("topup.card_watched", "in_doubt")
    assert attempts(order) == [("open", "")]
    assert PurseAccount.objects.get().watched_why == "counter_went_back"


def decided_not_written(card: SimulatedCard) -> str:
    """A card that was credited and hidden until two persons believed that it was not."""
    order = paid(a_purse(card))
    Phone(card).torn(order, NINE_TEAR_POINTS["after_credit"])
    later(days=15)
    topup.propose(order=order, decision=Decision.NOT_WRITTEN, why="清算无", actor=ONE, at=now())
    topup.decide(order=order, actor=OTHER, at=now())
    return order


@pytest.mark.rule("card reference 10.2, matching: a match on a DEAD attempt")
def test_a_proof_of_what_was_given_up_makes_it_loaded_and_the_card_watched() -> None:
    """裁定未写入之后凭证出现:认定已写入,记录并停止该卡充值。"""
    card = a_card()
    order = decided_not_written(card)
    assert state(order) == "paid"
    done = Phone(card).top_up(order)
    assert (done.facts["code"], state(order)) == ("topup.card_watched", "loaded")
    assert (card.balance_fen, held_fen("on_cards")) == (10_000, AMOUNT_FEN)
    assert attempts(order) == [("proven", "p2")]


@pytest.mark.rule("card reference 10.2: after a payment refund, a booked loss; V9")
def test_a_proof_after_the_money_went_back_is_a_booked_loss() -> None:
    """退款后凭证出现:订单仍为已退款,损失入账,卡停止充值。"""
    card = a_card()
    order = decided_not_written(card)
    refund(order)
    topup.confirm_refund(order=order, payment=order_of(order).payment, actor=CASHIER, at=now())
    second = paid(PurseAccount.objects.get())
    done = Phone(card).top_up(second)
    assert done.facts["code"] == "topup.card_watched"
    assert (state(order), state(second), card.balance_fen) == ("refunded", "paid", 10_000)
    assert (held_fen("suspense"), held_fen("on_cards")) == (-AMOUNT_FEN, AMOUNT_FEN)
    kinds = set(Discrepancy.objects.values_list("kind", flat=True))
    assert "purse.topup_proven_written_when_refunded" in kinds


@pytest.mark.rule("card reference 10.2, weak: MAC2 is bound to the pending random")
def test_a_mac2_is_useless_to_any_other_answer_of_the_card() -> None:
    """授权只对卡里那一次询问有效:再询问一次即作废。"""
    card = a_card()
    order = paid(a_purse(card))
    phone = Phone(card)
    step = topup.begin(order=order, actor=HOLDER, at=now())
    card.enter_field()
    second = phone.post(step, phone.hold(step))
    challenge = Challenge.draw(HOST.profile.challenge, bytes(6))
    again = transit_purse.initialize_load(HOST.profile, amount_fen=AMOUNT_FEN, challenge=challenge)
    assert isinstance(hold(again, card.transmit), LoadInitialized)
    done = phone.go_on(second)
    assert (done.outcome, card.balance_fen) == ("topup.tap.in_doubt", 5000)


@pytest.mark.rule("card reference 0.4: one open attempt per card, over all orders")
def test_the_database_itself_holds_one_open_attempt_per_card() -> None:
    """一张卡只有一次未决写卡:数据库约束。"""
    card = a_card()
    Phone(card).torn(paid(a_purse(card)), NINE_TEAR_POINTS["before_credit"])
    row = LoadAttempt.objects.get()
    row.ref = "att_second"
    with pytest.raises(IntegrityError):
        row.save(force_insert=True)
