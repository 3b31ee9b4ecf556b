"""What a bank's own customers do there, and how we hear of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from onecard.adapters.bank.desk import NotHere
from onecard.adapters.bank.habits import HABITS, WELL_BEHAVED
from onecard.adapters.bank.newsroom import Tidings
from onecard.adapters.bank.simulated import SimulatedBank
from onecard.adapters.pace import AT_ONCE
from onecard.adapters.store import Store
from onecard.domain.financial_function import FinancialEvent as Event
from onecard.domain.financial_function import FinancialState as State
from tests.adapters.test_bank_losses import ORDER
from tests.made_card import clock

CARD = ORDER.card_number


def _bank(key: str = "icbc", *, with_habit: bool = False) -> SimulatedBank:
    habit = HABITS[key] if with_habit else WELL_BEHAVED
    made = SimulatedBank(key=key, store=Store(), now=clock().now, seed=7, pace=AT_ONCE, habit=habit)
    made.desk.open(CARD, ORDER.bank_card_number)
    return made


def test_each_change_is_a_piece_of_news_numbered_for_its_card() -> None:
    """银行侧的激活、挂失、解挂、销户,逐条报来,按卡编号。"""
    bank = _bank()
    activated = bank.desk.activate(CARD)
    lost = bank.desk.report_formally(CARD)
    bank.desk.withdraw(CARD)
    bank.desk.close(CARD)
    news = bank.newsroom.waiting()
    assert [one.event for one in news] == [
        Event.ACTIVATE,
        Event.REPORT_FORMAL,
        Event.WITHDRAW_FORMAL,
        Event.CLOSE,
    ]
    assert [one.sequence for one in news] == [1, 2, 3, 4]
    assert [one.serial for one in news][:2] == [activated, lost]
    assert news[2].names == lost


def test_news_are_told_until_they_are_taken() -> None:
    """没有收下的,下次再报。"""
    bank = _bank()
    bank.desk.activate(CARD)
    bank.desk.report_temporarily(CARD)
    refused: list[Tidings] = []
    assert bank.newsroom.tell(lambda one: refused.append(one) or False) == 0  # type: ignore[func-returns-value]
    assert bank.newsroom.tell(lambda one: one.event is Event.ACTIVATE) == 1
    assert [one.event for one in bank.newsroom.waiting()] == [Event.REPORT_TEMPORARY]


def test_a_withdrawal_at_the_bank_names_our_report() -> None:
    """在银行解除我方登记的挂失,消息指明是哪一份。"""
    bank = _bank()
    bank.desk.activate(CARD)
    bank.losses.report(ORDER)
    bank.desk.withdraw(CARD)
    assert bank.newsroom.waiting()[-1].names == ORDER.loss


@pytest.mark.rule("SEED, FAQ 11(1)")
def test_a_temporary_loss_lasts_as_long_as_the_banks_own_rule_says() -> None:
    """银行临时挂失按本行规定:一家五天自动解除,其余须客户解除。"""
    own, others = _bank("psbc", with_habit=True), _bank("icbc")
    for bank in (own, others):
        bank.desk.activate(CARD)
        bank.desk.report_temporarily(CARD)
    clock().advance(timedelta(days=5) - timedelta(microseconds=1))
    assert not own.desk.pay(CARD)
    clock().advance(timedelta(microseconds=1))
    assert (own.desk.pay(CARD), others.desk.pay(CARD)) == (True, False)
    assert own.newsroom.waiting()[-1].event is Event.LIFT_TEMPORARY


def test_a_lapse_is_told_even_if_nobody_pays() -> None:
    bank = _bank("psbc", with_habit=True)
    bank.desk.activate(CARD)
    bank.desk.report_temporarily(CARD)
    assert bank.desk.lapse_due() == 0
    clock().advance(timedelta(days=5))
    assert (bank.desk.lapse_due(), bank.desk.lapse_due()) == (1, 0)


@pytest.mark.rule("guarantees C3")
def test_every_payment_is_logged_by_the_clock_of_the_world() -> None:
    """每次用卡都记在统一时钟上:最后一次成功在挂失之前。"""
    bank = _bank("jsb", with_habit=True)
    bank.desk.activate(CARD)
    assert bank.desk.pay(CARD)
    accepted_at = clock().advance(timedelta(seconds=1))
    bank.losses.report(ORDER)
    clock().advance(timedelta(seconds=1))
    assert not bank.desk.pay(CARD)
    log = bank.desk.payments()
    assert [one.approved for one in log] == [True, False]
    assert max(one.at for one in log if one.approved) < accepted_at


def test_what_cannot_be_is_the_banks_own_no() -> None:
    bank = _bank()
    for impossible in (bank.desk.report_formally, bank.desk.withdraw):
        with pytest.raises(NotHere):
            impossible(CARD)
    assert bank.newsroom.waiting() == ()


def test_one_bank_shuffles_its_news_and_one_says_them_twice() -> None:
    """有的乱序,有的重复;内容不变。"""
    shuffling, repeating = _bank("boc", with_habit=True), _bank("bocom", with_habit=True)
    for bank in (shuffling, repeating):
        bank.desk.activate(CARD)
        for _ in range(10):
            bank.desk.report_formally(CARD)
            bank.desk.withdraw(CARD)
    told = [one.sequence for one in shuffling.newsroom.waiting()]
    assert sorted(set(told)) == list(range(1, 22))
    assert told[:21] != list(range(1, 22))
    twice = [one.serial for one in repeating.newsroom.waiting()]
    assert len(twice) > len(set(twice)) == 21


def test_an_opened_account_is_listed_before_its_card_is_known() -> None:
    """开户在前,卡号在后。"""
    from onecard.adapters.bank import AccountOpened
    from tests.adapters.test_bank import ORDER as OPENING

    bank = _bank()
    opened = bank.open_account(OPENING)
    assert isinstance(opened, AccountOpened)
    line = bank.accounts_after("", 10).lines[-1]
    assert (line.bank_card_number, line.card_number, line.state) == (
        opened.bank_card_number,
        "",
        State.OPENED,
    )
