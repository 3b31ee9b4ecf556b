"""A bank is told of a loss, in process and over a wire: signed, idempotent, never un-lost."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onecard.adapters.bank import AccountState, CardNoted, LossConfirmed, LossOrder, LossRefused
from onecard.adapters.bank.losses import LossBook
from onecard.adapters.faults import Fault
from onecard.adapters.outcomes import PartnerUnsure
from onecard.adapters.store import Store
from onecard.domain.financial_function import FinancialState as State
from tests import cast
from tests.adapters.stage import Stage

ORDER = LossOrder(
    message_id="evt_1",
    card_number="B12345678",
    bank_card_number="6212261001234567890",
    loss="loss_1",
    version=1,
    reported_at=cast.MONDAY_9AM,
)


def _report(stage: Stage, order: LossOrder = ORDER) -> LossConfirmed | LossRefused:
    return stage.partners.banks["icbc"].report_loss(order, within_seconds=2)


def _withdraw(stage: Stage, order: LossOrder) -> LossConfirmed | LossRefused:
    return stage.partners.banks["icbc"].withdraw_loss(order, within_seconds=2)


def _state(stage: Stage) -> AccountState:
    found = stage.partners.banks["icbc"].account_state(ORDER.card_number)
    assert found is not None
    return found


@pytest.mark.rule("platform D6")
def test_a_bank_acknowledges_a_loss_with_its_signature(stage: Stage) -> None:
    """银行签名确认挂失:说明何时、哪一版。"""
    said = _report(stage)
    assert isinstance(said, LossConfirmed)
    assert (said.state, said.version) == (State.FORMAL_LOSS, 1)
    assert said.serial == "simulated-icbc"
    assert "loss_1" in said.statement


def test_the_same_message_gets_the_same_answer(stage: Stage) -> None:
    """重复消息,同一回执。"""
    first = _report(stage)
    stage.clock.advance(timedelta(hours=1))
    again = _report(stage)
    assert isinstance(first, LossConfirmed)
    assert isinstance(again, LossConfirmed)
    assert again.statement == first.statement


def test_a_loss_entered_before_a_500_is_known_at_the_second_try(stage: Stage) -> None:
    """银行办完后报500:再问一次,得到当时的回执,只挂一次。"""
    stage.inside.faults.set("bank:icbc", Fault.BREAKS_AFTER, times=1)
    with pytest.raises(PartnerUnsure):
        _report(stage)
    assert _state(stage).version == 1
    said = _report(stage)
    assert isinstance(said, LossConfirmed)
    assert said.version == 1


@pytest.mark.rule("guarantees C4")
def test_an_older_withdrawal_never_lifts_a_newer_loss(stage: Stage) -> None:
    """旧的解挂消息不能解除新的挂失。"""
    _report(stage, replace(ORDER, message_id="evt_3", version=3))
    late = _withdraw(stage, replace(ORDER, message_id="evt_2", version=2))
    assert isinstance(late, LossConfirmed)
    assert (late.state, late.version) == (State.FORMAL_LOSS, 3)


@pytest.mark.rule("guarantees C4")
def test_at_a_tie_the_loss_wins(stage: Stage) -> None:
    """同一版本,挂失优先。"""
    _withdraw(stage, replace(ORDER, message_id="evt_2", version=2))
    said = _report(stage, replace(ORDER, message_id="evt_3", version=2))
    assert isinstance(said, LossConfirmed)
    assert said.state is State.FORMAL_LOSS
    said = _withdraw(stage, replace(ORDER, message_id="evt_4", version=2))
    assert isinstance(said, LossConfirmed)
    assert said.state is State.FORMAL_LOSS


def test_a_closed_account_refuses_in_the_banks_words(stage: Stage) -> None:
    stage.inside.banks["icbc"].losses.close_account(ORDER.card_number)
    assert _report(stage) == LossRefused("账户已销户")


def test_what_we_say_of_a_card_is_followed_unless_its_loss_is_newer(stage: Stage) -> None:
    """告知银行卡的状态:较旧的不覆盖较新的挂失。"""
    bank = stage.partners.banks["icbc"]
    noted = CardNoted("evt_9", ORDER.card_number, ORDER.bank_card_number, State.OPENED, 0)
    bank.note_card(noted)
    assert _state(stage).state is State.OPENED
    _report(stage, replace(ORDER, version=4))
    bank.note_card(replace(noted, message_id="evt_10", state=State.ACTIVATED, version=3))
    bank.note_card(replace(noted, message_id="evt_9", state=State.ACTIVATED, version=9))
    assert _state(stage).state is State.FORMAL_LOSS


def test_an_account_nobody_has_heard_of_is_none(stage: Stage) -> None:
    """银行没有的账户,答没有。"""
    assert stage.partners.banks["icbc"].account_state("B99999999", "62") is None


def test_accounts_come_in_pages_that_miss_nothing(stage: Stage) -> None:
    """账户清单分页,不多不少,末页有总数和摘要。"""
    bank = stage.partners.banks["icbc"]
    numbers = [f"B{number:08d}" for number in range(7)]
    for number in numbers:
        stage.inside.banks["icbc"].desk.open(number, f"62{number[1:]}")
    found, cursor = [], ""
    for _ in range(10):
        page = bank.accounts_after(cursor, 3)
        found += [line.card_number for line in page.lines]
        cursor = page.cursor
        if not cursor:
            break
    assert found == numbers
    assert (page.count, len(page.digest)) == (7, 64)


Message = tuple[int, bool]
SCHEDULES = st.lists(st.tuples(st.integers(1, 6), st.booleans()), min_size=1, max_size=12)


@pytest.mark.rule("guarantees C4, MUT 25 26")
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(told=SCHEDULES)
def test_in_whatever_order_messages_come_a_loss_is_monotone(told: list[Message]) -> None:
    """消息任意乱序、重复:最终状态由最高版本决定,同版本挂失优先;中途不会被旧消息解除。"""
    store = Store()
    book = LossBook(bank="icbc", store=store, now=lambda: cast.MONDAY_9AM)
    seen: list[Message] = []
    for version, is_loss in told:
        order = replace(ORDER, message_id=f"evt_{version}_{is_loss}", version=version)
        (book.report if is_loss else book.withdraw)(order)
        seen.append((version, is_loss))
        top = max(version for version, _ in seen)
        wanted = any(lost for version, lost in seen if version == top)
        stands = book.state(ORDER.card_number)
        assert stands is not None
        assert (stands.state is State.FORMAL_LOSS) == wanted
    store.close()


def test_every_order_of_three_messages_ends_alike() -> None:
    """挂失1、解挂2、挂失3,六种次序,结果相同。"""
    told = ((1, True), (2, False), (3, True))
    ends = set()
    for order in itertools.permutations(told):
        book = LossBook(bank="icbc", store=Store(), now=lambda: cast.MONDAY_9AM)
        for version, is_loss in order:
            message = replace(ORDER, message_id=f"evt_{version}", version=version)
            (book.report if is_loss else book.withdraw)(message)
        stands = book.state(ORDER.card_number)
        assert stands is not None
        ends.add(stands.state)
    assert ends == {State.FORMAL_LOSS}


@pytest.mark.rule("guarantees C4")
def test_a_withdrawal_of_our_report_leaves_the_banks_own_loss_standing(stage: Stage) -> None:
    """解除我方的挂失,不解除客户在银行另报的挂失;两份都解除才恢复。"""
    inside = stage.inside.banks["icbc"]
    own = inside.desk.report_formally(ORDER.card_number)
    _report(stage)
    said = _withdraw(stage, replace(ORDER, message_id="evt_2", version=2))
    assert isinstance(said, LossConfirmed)
    assert said.state is State.FORMAL_LOSS
    assert _state(stage).loss == own
    inside.desk.withdraw(ORDER.card_number)
    assert _state(stage).state is State.ACTIVATED


def test_the_bank_says_of_every_loss_that_it_was_lifted(stage: Stage) -> None:
    """银行一次解除两份挂失,逐份报来。"""
    inside = stage.inside.banks["icbc"]
    own = inside.desk.report_formally(ORDER.card_number)
    _report(stage)
    inside.desk.withdraw(ORDER.card_number)
    assert [one.names for one in inside.newsroom.waiting()][1:] == [own, ORDER.loss]
