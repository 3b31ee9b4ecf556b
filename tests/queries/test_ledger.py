"""Every balance of the ledger can be explained, and what cannot be is found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.ledger import Account
from onecard.domain.refusal import NotFound
from onecard.queries import ledger
from onecard.records.models import LedgerAccount
from onecard.seams.clock import local_day
from onecard.seams.world import world
from tests import made_card
from tests.bookkeeping import load, pay, post, reverse

pytestmark = pytest.mark.django_db(transaction=True)
OFFICE = Actor(Role.PLATFORM_OPERATOR, "stf_a", Channel.OFFICE)
CLERK = Actor(Role.CARD_OUTLET_CLERK, "stf_c", Channel.DIRECT_OUTLET)


def _until() -> object:
    return world().clock.now() + timedelta(seconds=1)


@pytest.mark.rule("guarantees M1, M2")
def test_the_trial_balance_is_zero_and_every_account_stands_on_its_side() -> None:
    """试算平衡:合计为零,资产、负债各在其方。"""
    pay("top_1")
    load("top_1")
    pay("top_2", card="pur_b")
    told = ledger.trial_balance(as_seen_by=OFFICE, until=_until())  # type: ignore[arg-type]
    balances = {account.account: account.balance_fen for account in told.accounts}
    assert (told.sum_fen, told.transfers, told.differs) == (0, 3, ())
    assert balances["payment_clearing"] == 10_000
    assert (balances["awaiting_load"], balances["on_cards"]) == (5000, 5000)


@pytest.mark.rule("guarantees M2, mutant 03")
def test_a_part_that_somebody_moved_by_hand_is_found() -> None:
    """绕过分录改余额,核对时必被发现。"""
    pay("top_1")
    LedgerAccount.objects.update(balance_fen=4999)
    (found,) = ledger.trial_balance(as_seen_by=OFFICE, until=_until()).differs  # type: ignore[arg-type]
    assert (found.account, found.part) == ("awaiting_load", "pur_a")
    assert (found.kept_fen, found.derived_fen) == (4999, 5000)


def test_a_card_s_balance_is_explained_line_by_line() -> None:
    """卡内余额逐笔可解释。"""
    for order in ("top_1", "top_2"):
        pay(order)
        load(order)
    post("clearing.fare", "on_cards", "operator_settlement", 200, "fare_1", "pur_a")
    told = ledger.of_card(card="pur_a", as_seen_by=OFFICE)
    assert [(line.kind, line.by_fen, line.balance_fen) for line in told.lines] == [
        ("topup.loaded", 5000, 5000),
        ("topup.loaded", 5000, 10_000),
        ("clearing.fare", -200, 9800),
    ]
    assert (told.opening_fen, told.closing_fen, told.cut) == (0, 9800, False)


def test_a_day_of_an_account_opens_with_what_the_day_before_left() -> None:
    """科目日记账:期初、发生、期末。"""
    pay("top_1")
    made_card.clock().advance(timedelta(days=1))
    wrong = pay("top_2")
    reverse(wrong)
    day = local_day(world().clock.now())
    told = ledger.of_account(account=Account.PAYMENT_CLEARING, day=day, as_seen_by=OFFICE)
    assert (told.opening_fen, told.closing_fen) == (5000, 5000)
    assert [line.by_fen for line in told.lines] == [5000, -5000]
    assert told.lines[1].reverses == wrong
    story = ledger.of_cause(about=("top_2", wrong), as_seen_by=OFFICE)
    assert [line.kind for line in story] == ["topup.paid", "ledger.reversal"]


def test_the_books_are_shown_to_whoever_looks_after_them() -> None:
    """账簿只给负责的人看。"""
    with pytest.raises(NotFound):
        ledger.of_card(card="pur_a", as_seen_by=CLERK)
