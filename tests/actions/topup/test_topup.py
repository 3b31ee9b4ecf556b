"""充值: one honest tap, from the chosen amount to the money on the chip."""

from __future__ import annotations

import pytest

from onecard.records.models import ChipDialogue, LoadAttempt, PurseAccount
from tests.chip.desk import a_card
from tests.topping_up import (
    AMOUNT_FEN,
    OUTLET,
    Phone,
    Watched,
    a_purse,
    attempts,
    held_fen,
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
