"""充值: one honest tap, from the chosen amount to the money on the chip."""

from __future__ import annotations

from dataclasses import replace

import pytest

from onecard.actions import outbox
from onecard.adapters.partners import in_partners
from onecard.adapters.purse_keys import in_purse_keys
from onecard.adapters.purse_keys.software import SoftwarePurseKeys
from onecard.adapters.simulation import simulated_partners
from onecard.chip.simulated_card import NINE_TEAR_POINTS
from onecard.domain.authority import THE_CLOCK
from onecard.records.models import (
    AuditRow,
    ChipDialogue,
    LoadAttempt,
    Notification,
    OutboxRow,
    PurseAccount,
)
from tests import made_card
from tests.chip.desk import a_card
from tests.topping_up import (
    AMOUNT_FEN,
    HOLDER,
    OUTLET,
    Phone,
    Watched,
    a_purse,
    attempts,
    held_fen,
    later,
    now,
    opened,
    order_of,
    paid,
    pay,
    state,
)

pytestmark = pytest.mark.django_db


@pytest.mark.rule("card reference 12: two round trips; rule book 22.3")
def test_an_honest_tap_loads_in_two_round_trips(custody: Watched) -> None:
    """诚实贴卡:两次往返即写入,凭证为TAC,钱到卡上。"""
    card = a_card()
    order = paid(a_purse(card))
    phone = Phone(card)
    done = phone.top_up(order)
    assert (done.over, done.outcome, done.state) == (True, "topup.tap.loaded", "loaded")
    assert card.balance_fen == 5000 + AMOUNT_FEN
    assert len(phone.posts) == 2
    assert attempts(order) == [("proven", "p1")]
    assert custody.asked == ["authorise_load", "check_load_tac"]
    assert held_fen("on_cards") == AMOUNT_FEN
    assert held_fen("awaiting_load") == 0
    assert held_fen("payment_clearing") == -AMOUNT_FEN
    purse = PurseAccount.objects.get()
    assert (purse.shadow_balance_fen, purse.load_counter_seen) == (10_000, 0x2B)
    assert purse.state.value == "open"
    assert order_of(order).evidence.value == "p1"
    tap = ChipDialogue.objects.get()
    assert tap.plan == tap.step == {}
    assert tap.trail["lines"][-1].startswith("805200000B**********************")
    assert LoadAttempt.objects.get().mac2_hash


def test_an_unpaid_order_is_not_written() -> None:
    """未付款不能贴卡写入。"""
    order = opened(a_purse())
    with pytest.raises(Exception, match=r"topup\.not_paid"):
        Phone(a_card()).top_up(order)
    assert pay(order).state == "paid"
    assert state(order) == "paid"


def test_any_reader_finishes_what_waits_for_a_card() -> None:
    """补登:在网点读卡,先把付了款没写的写完。"""
    card = a_card()
    order = paid(a_purse(card))
    done = Phone(card, actor=OUTLET).look()
    assert done.outcome == "topup.tap.loaded"
    assert done.facts["balance_fen"] == 5000
    assert state(order) == "loaded"
    assert card.balance_fen == 10_000


def test_a_card_nobody_knows_is_met_by_looking() -> None:
    """第一次读卡即建交通账户。"""
    card = a_card()
    done = Phone(card).look()
    assert done.outcome == "topup.tap.looked"
    assert done.facts["purse"] == PurseAccount.objects.get().ref


@pytest.mark.rule("card reference 14.1: each call is audited, without MAC values")
def test_every_use_of_a_key_stands_in_the_audit_and_no_mac_does() -> None:
    """每次用密钥都留痕:用途、结论、版本;不留MAC。"""
    card = a_card()
    order = paid(a_purse(card))
    with in_purse_keys(SoftwarePurseKeys(production=False)):
        assert Phone(card).top_up(order).outcome == "topup.tap.loaded"
    used = [row.facts["key_uses"] for row in AuditRow.objects.filter(facts__has_key="key_uses")]
    assert used == [["authorise_load signed v1"], ["check_load_tac fits v1"]]


def test_a_card_of_a_generation_nobody_has_is_a_wrong_card() -> None:
    """没有的密钥版本:不是能用的卡,订单不变。"""
    card = a_card(key_version=9)
    order = paid(a_purse(card))
    with in_purse_keys(SoftwarePurseKeys(production=False)):
        done = Phone(card).top_up(order)
    assert (done.outcome, state(order)) == ("topup.tap.wrong_card", "paid")


@pytest.mark.rule("rule book 22.3: payment success is not top-up success")
def test_the_holder_gets_a_text_when_money_hangs_and_when_it_arrived() -> None:
    """结果待确认、已写入都有短信,写明金额和办法。"""
    person, card = made_card.a_person(), a_card()
    holder = replace(HOLDER, ref=person.ref)
    order = opened(a_purse(card), actor=holder)
    pay(order)
    Phone(card, actor=holder).torn(order, NINE_TEAR_POINTS["after_credit"])
    Phone(card, actor=holder).top_up(order)
    told = OutboxRow.objects.filter(subject=order, party="sms").order_by("sequence")
    assert [row.event for row in told] == ["topup.in_doubt", "topup.loaded"]
    city = simulated_partners(state_folder=None, now=now, seed=7)
    with in_partners(city):
        outbox.deliver_due(actor=THE_CLOCK, at=now())
        later(minutes=1)
        outbox.deliver_due(actor=THE_CLOCK, at=now())
    kept = Notification.objects.filter(person=person).order_by("at", "ref")
    assert {row.key for row in kept} == {"notification.topup.in_doubt", "notification.topup.loaded"}
    assert kept[0].facts["amount"] == "50.00"
