"""Whoever must know of a loss is told at once or as soon as it can be; crashes lose nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from onecard.actions import loss, outbox, timers
from onecard.actions._keeping import once
from onecard.actions.outbox import queue
from onecard.adapters.bank import LossOrder
from onecard.adapters.bank.messages import Acknowledgement
from onecard.adapters.faults import Fault
from onecard.adapters.partners import in_partners
from onecard.adapters.simulation import SimulatedPartners, simulated_partners
from onecard.domain.authority import THE_CLOCK
from onecard.domain.collection import Shown
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.records.models import (
    AuditRow,
    Card,
    LossConfirmation,
    LossReport,
    LossSide,
    Notification,
    OutboxRow,
    PartyQueue,
    Transition,
)
from onecard.seams.failpoint import KNOWN, Crash, armed
from onecard.seams.world import world
from tests import cast, made_card
from tests.adapters import stage as stages
from tests.lost_card import (
    BANK,
    TELLER,
    TICK,
    WEEK,
    a_card,
    at_bank,
    by_phone,
    fresh,
    later,
    now,
    online,
    registered,
    withdraw,
)

pytestmark = pytest.mark.django_db
PARTY = f"bank:{BANK}"
SECOND_NUMBER = "320499199001019002"


@pytest.fixture(autouse=True)
def city() -> Iterator[SimulatedPartners]:
    """Partners made of software, in memory."""
    partners = simulated_partners(state_folder=None, now=world().clock.now, seed=7)
    with in_partners(partners):
        yield partners


def deliver() -> outbox.Delivered:
    return outbox.deliver_due(actor=THE_CLOCK, at=now())


def bank_line() -> LossConfirmation:
    """The last line of the board for the bank."""
    return LossConfirmation.objects.filter(party=PARTY).latest("version")


def at_the_bank(city: SimulatedPartners, card: Card) -> FinancialState:
    """How the account stands at the bank itself."""
    return city.simulation.banks[BANK].account_state(card.card_number).state


@pytest.mark.rule("guarantees 6.1: effective here at once even when the bank is down")
@pytest.mark.parametrize("fault", [Fault.DOWN, Fault.SLOW, Fault.BREAKS_AFTER, Fault.GARBAGE])
def test_a_bank_that_does_not_answer_keeps_nobody_unprotected(
    city: SimulatedPartners, fault: Fault
) -> None:
    """银行不应答:本地即刻生效,如实显示未确认,恢复后3秒内补上。"""
    _, card = a_card()
    city.simulation.faults.set(PARTY, fault)
    receipt = at_bank(card)
    assert receipt.hr_state == receipt.financial_state == "formal_loss"
    assert bank_line().confirmed_at is None
    for _ in range(20):
        later(seconds=2)
        deliver()
    assert bank_line().confirmed_at is None
    assert PartyQueue.objects.get(party=PARTY).silent_since is not None
    city.simulation.faults.heal(PARTY)
    later(seconds=3)
    deliver()
    assert bank_line().confirmed_at == now()
    assert at_the_bank(city, card) is FinancialState.FORMAL_LOSS


def test_a_bank_known_to_be_silent_is_not_waited_for(city: SimulatedPartners) -> None:
    """已知不应答的银行不再当场等待,直接走发件箱。"""
    _, card = a_card()
    city.simulation.faults.set(PARTY, Fault.DOWN)
    at_bank(card)
    tried = OutboxRow.objects.get(party=PARTY).attempts
    second = made_card.a_card(
        made_card.a_person(SECOND_NUMBER),
        None,
        card_number="S1",
        card_identifier="3" * 32,
        hr_state=HrState.NORMAL,
        financial_state=FinancialState.ACTIVATED,
    )
    loss.report_formally_online(
        card=second.ref, actor=made_card.as_citizen(second.person), at=now()
    )
    city.simulation.faults.heal(PARTY)
    shown = Shown(made_card.own_document(SECOND_NUMBER))
    loss.report_formally_at_bank(card=second.ref, shown=shown, actor=TELLER, at=now())
    assert tried == 1
    assert OutboxRow.objects.filter(party=PARTY, attempts=0).count() == 1


def test_a_dead_bank_does_not_delay_another(city: SimulatedPartners) -> None:
    """一家银行停机,不耽误其他银行的卡。"""
    _, card = a_card()
    city.simulation.faults.set("bank:icbc", Fault.DOWN)
    at_bank(card)
    assert bank_line().confirmed_at == now()


def test_the_bank_is_waited_for_no_longer_than_the_time_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """银行拖着不答:柜台最多等到设定的超时(2秒)。"""
    monkeypatch.setattr(stages, "LATE_SECONDS", 6.0)
    _, card = a_card()
    with stages.over_http(world()) as stage, in_partners(stage.partners):
        stage.inside.faults.set(PARTY, Fault.SLOW)
        began = time.monotonic()
        at_bank(card)
        took = time.monotonic() - began
        assert took < 3.5
        assert bank_line().confirmed_at is None
        stage.inside.faults.heal(PARTY)
        later(seconds=3)
        deliver()
        assert bank_line().confirmed_at is not None


@pytest.mark.rule("guarantees 6.1; MUT-33")
def test_an_answer_whose_signature_does_not_hold_confirms_nothing(
    city: SimulatedPartners, monkeypatch: pytest.MonkeyPatch
) -> None:
    """回执验签不过,不算确认。"""
    _, card = a_card()
    book = city.simulation.banks[BANK].losses
    honest = book.report

    def forged(order: LossOrder) -> Acknowledgement:
        answer = honest(order)
        assert isinstance(answer, Acknowledgement)
        return replace(answer, signature="AAAA")

    monkeypatch.setattr(book, "report", forged)
    at_bank(card)
    assert bank_line().confirmed_at is None
    assert OutboxRow.objects.get(party=PARTY).delivered_at is None


def test_an_old_answer_is_no_answer_to_a_new_question(
    city: SimulatedPartners, monkeypatch: pytest.MonkeyPatch
) -> None:
    """拿旧回执来答新请求,验签虽过也不算确认。"""
    _, card = a_card()
    book = city.simulation.banks[BANK].losses
    at_bank(card)
    old = book.report(an_order(card, "evt_old", 1))
    withdraw(card)
    monkeypatch.setattr(book, "report", lambda _: old)
    at_bank(card)
    assert bank_line().confirmed_at is None
    assert OutboxRow.objects.filter(party=PARTY, delivered_at=None).count() == 1


def test_a_bank_that_knows_of_a_newer_loss_confirms_no_withdrawal(
    city: SimulatedPartners,
) -> None:
    """银行侧另有更新的挂失:我方解挂不算银行已解除,转人工。"""
    _, card = a_card()
    at_bank(card)
    city.simulation.banks[BANK].losses.report(an_order(card, "evt_newer", 99))
    withdraw(card)
    line = bank_line()
    assert (line.event, line.confirmed_at, line.refused) == (
        "loss.formal.withdrawn",
        None,
        "formal_loss",
    )
    assert OutboxRow.objects.filter(party=PARTY, gave_up_at__isnull=False).count() == 1


def an_order(card: Card, message: str, version: int) -> LossOrder:
    """A loss that the bank is told of, or hears of from somebody else."""
    return LossOrder(message, card.card_number, card.bank_card_number, "loss_else", version, now())


def test_a_banks_own_no_is_shown_to_an_operator_and_not_claimed(city: SimulatedPartners) -> None:
    """银行答复不办(账户已销户):不算确认,列入需人工处理。"""
    _, card = a_card()
    city.simulation.banks[BANK].losses.close_account(card.card_number)
    receipt = at_bank(card)
    assert receipt.hr_state == "formal_loss"
    line = bank_line()
    assert (line.confirmed_at, line.refused) == (None, "账户已销户")
    assert OutboxRow.objects.get(party=PARTY).gave_up_at is not None


@pytest.mark.rule("guarantees C4: every party idempotent by message id")
def test_a_message_that_arrives_twice_is_one(city: SimulatedPartners) -> None:
    """同一消息送两次,只生效一次,回执相同。"""
    _, card = a_card()
    city.simulation.faults.set(PARTY, Fault.DUPLICATE)
    at_bank(card)
    first = bank_line()
    OutboxRow.objects.filter(party=PARTY).update(delivered_at=None, due_at=now())
    later(minutes=5)
    deliver()
    again = bank_line()
    assert (again.confirmed_at, again.acknowledgement) == (
        first.confirmed_at,
        first.acknowledgement,
    )
    assert at_the_bank(city, card) is FinancialState.FORMAL_LOSS


POINTS = sorted(
    name
    for name in KNOWN
    if name.startswith(("loss.report_formally_at_bank.", "loss.keep_answer.", "outbox.claim_one."))
    or name in {"loss.before_bank_call", "loss.after_bank_answered", "outbox.after_send"}
    or name in {"outbox.after_mark", "outbox.mark_sent.before_commit"}
)


@pytest.mark.rule("platform B6; guarantees I1")
@pytest.mark.parametrize("point", POINTS)
def test_dying_anywhere_on_the_way_ends_with_both_sides_lost_once(
    city: SimulatedPartners, point: str
) -> None:
    """正式挂失途中任一处中断:重试后两侧都挂失,只有一份,回执可验。"""
    _, card = a_card()
    registered(city, card)
    with pytest.raises(Crash), once("teller", "k1", "x"), armed(point):
        at_bank(card)
    later(minutes=3)
    with once("teller", "k1", "x"):
        receipt = at_bank(card)
    later(minutes=3)
    deliver()
    row = fresh(card)
    assert (row.hr_state, row.financial_state) == (
        HrState.FORMAL_LOSS,
        FinancialState.FORMAL_LOSS,
    )
    assert LossReport.objects.get().ref == receipt.report
    assert LossSide.objects.filter(ended_at=None).count() == 2
    assert Transition.objects.filter(card=card).count() == 2
    assert bank_line().confirmed_at is not None
    assert at_the_bank(city, card) is FinancialState.FORMAL_LOSS
    assert OutboxRow.objects.filter(party=PARTY).count() == 1
    assert not OutboxRow.objects.filter(delivered_at=None).exists()
    texts = Notification.objects.filter(key="notification.loss.formal.created")
    assert texts.count() == 1


WITHDRAWAL_POINTS = sorted(n for n in KNOWN if n.startswith("loss.withdraw_formally."))


@pytest.mark.parametrize("point", [*WITHDRAWAL_POINTS, "loss.before_bank_call"])
def test_dying_while_a_report_is_taken_back_ends_with_both_sides_back(
    city: SimulatedPartners, point: str
) -> None:
    """解挂途中中断:重试后两侧一致。"""
    _, card = a_card()
    at_bank(card)
    version = fresh(card).loss_version
    with pytest.raises(Crash), once("teller", "k2", "x"), armed(point):
        withdraw(card, version)
    later(minutes=3)
    with once("teller", "k2", "x"):
        withdraw(card, version)
    later(minutes=3)
    deliver()
    assert fresh(card).financial_state is at_the_bank(city, card) is FinancialState.ACTIVATED
    assert fresh(card).hr_state is HrState.NORMAL


@pytest.mark.rule("guarantees C7")
def test_after_healing_everybody_holds_the_same_state(city: SimulatedPartners) -> None:
    """停机期间挂失、解挂、再挂失:恢复后各方状态一致,顺序不乱。"""
    _, card = a_card()
    registered(city, card)
    for party in (PARTY, "hr_database"):
        city.simulation.faults.set(party, Fault.DOWN)
    for _ in range(3):
        at_bank(card)
        later(seconds=5)
        deliver()
        withdraw(card)
        later(seconds=5)
        deliver()
    at_bank(card)
    for party in (PARTY, "hr_database"):
        city.simulation.faults.heal(party)
    for _ in range(8):
        later(seconds=3)
        deliver()
    account = city.simulation.banks[BANK].account_state(card.card_number)
    assert (account.state, account.version) == (
        FinancialState.FORMAL_LOSS,
        fresh(card).loss_version,
    )
    (told,) = city.simulation.hr_database.cards_of(cast.ADULT)
    assert told.state is HrState.FORMAL_LOSS
    assert not LossConfirmation.objects.filter(confirmed_at=None).exists()


@pytest.mark.rule("SEED, FAQ 11; guarantees C5; MUT-28, MUT-29")
def test_the_sweeper_writes_the_lapse_and_changes_no_answer() -> None:
    """到期自动解挂由时间决定;定时任务只记录并通知,早一微秒都不动。"""
    person, card = a_card()
    by_phone(card)
    made_card.clock().set(now() + WEEK - TICK)
    assert loss.lapse_due(actor=THE_CLOCK, at=now()) == 0
    assert fresh(card).state_at(now()) is HrState.TEMPORARY_LOSS
    made_card.clock().set(now() + TICK)
    assert fresh(card).hr_state is HrState.TEMPORARY_LOSS, "nobody has swept yet"
    assert fresh(card).state_at(now()) is HrState.NORMAL
    assert loss.lapse_due(actor=THE_CLOCK, at=now()) == 1
    assert loss.lapse_due(actor=THE_CLOCK, at=now()) == 0
    row = fresh(card)
    assert (row.hr_state, row.loss_ends_at) == (HrState.NORMAL, None)
    deliver()
    said = Notification.objects.filter(person=person, key="notification.loss.temporary.lapsed")
    assert said.count() == 1
    assert AuditRow.objects.get(act="loss.lapse").actor_role == "system"


def test_a_sweeper_that_slept_for_a_month_tells_when_it_ended() -> None:
    """定时任务停了一个月:历史和通知写的是到期时刻。"""
    _, card = a_card()
    ends = by_phone(card).until
    later(days=40)
    timers.run_due(now())
    step = Transition.objects.get(card=card, reason="lapsed")
    assert step.at == ends
    side = LossSide.objects.get()
    assert (side.ended_at, side.ended_how, side.ended_role) == (ends, "lapsed", "system")


@pytest.mark.rule("platform B7 (ASSUMPTION)")
def test_the_holder_is_reminded_before_a_report_lapses(city: SimulatedPartners) -> None:
    """到期前48、24、2小时各提醒一次,写明到期时间。"""
    _, card = a_card()
    registered(city, card)
    ends = by_phone(card).until
    assert ends is not None
    told = []
    while now() < ends + timedelta(hours=1):
        later(hours=1)
        if loss.remind_due(actor=THE_CLOCK, at=now()):
            told.append((ends - now()).total_seconds() / 3600)
        deliver()
    assert told == [48, 24, 2]
    texts = [
        text.text
        for text in city.simulation.sms.sent()
        if "即将" in text.text or "将于" in text.text
    ]
    assert len(texts) == 3
    assert all("2026年3月9日 09:00" in text for text in texts)


def test_a_reminder_missed_is_not_made_up_for_in_a_heap() -> None:
    """漏掉的提醒不成堆补发,只发最近的一次。"""
    _, card = a_card()
    ends = by_phone(card).until
    assert ends is not None
    made_card.clock().set(ends - timedelta(hours=1))
    assert loss.remind_due(actor=THE_CLOCK, at=now()) == 1
    assert loss.remind_due(actor=THE_CLOCK, at=now()) == 0
    online(card)
    made_card.clock().set(ends - timedelta(minutes=30))
    assert loss.remind_due(actor=THE_CLOCK, at=now()) == 0, "a formal report does not lapse"


def test_an_urgent_party_is_asked_again_within_three_seconds() -> None:
    """须知悉挂失的一方,3秒内再试,试一个月。"""
    for failures in range(1, 40):
        wait = queue.WITH_URGENCY.wait_after(failures, jitter_percent=queue.MOST_JITTER_PERCENT)
        assert wait <= timedelta(seconds=3)
    assert not queue.WITH_URGENCY.is_over(attempts=10_000, age=timedelta(days=29))
