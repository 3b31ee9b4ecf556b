"""The rules of the ledger: what may be posted, and what of it is bounded part by part."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.domain import ledger
from onecard.domain.ledger import KINDS, REVERSAL, SIDE, Account, Place, Posting, Side

PAID = Posting("topup.paid", Place(Account.PAYMENT_CLEARING), Place(Account.AWAITING_LOAD, "c"), 5)


def _asked(kind: str, debit: Account, credit: Account, fen: object = 1) -> str:
    no = ledger.may_post(kind=kind, debit=debit, credit=credit, amount_fen=fen)  # type: ignore[arg-type]
    return no.code if no else ""


@pytest.mark.rule("guarantees M1")
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_goes_its_own_ways_and_no_other(kind: str) -> None:
    """每类业务只能按规定的借贷方向记账。"""
    for debit in Account:
        for credit in Account:
            right = (debit, credit) in KINDS[kind]
            assert _asked(kind, debit, credit) == ("" if right else "ledger.wrong_way")


@pytest.mark.parametrize("fen", [0, -1, 1.0, True, "5", None])
def test_only_whole_positive_fen_move(fen: object) -> None:
    """金额为正整数分。"""
    ways = (Account.PAYMENT_CLEARING, Account.AWAITING_LOAD)
    assert _asked("topup.paid", *ways, fen) == "ledger.amount_not_positive"


def test_a_kind_that_nobody_knows_cannot_be_posted() -> None:
    """未列明的业务不能记账。"""
    assert _asked("topup.gift", Account.SUSPENSE, Account.ON_CARDS) == "ledger.wrong_way"


def test_an_account_is_named_with_its_part_or_takes_the_card_s() -> None:
    """科目按卡、按钱箱分户。"""
    assert ledger.place("cash_drawer:csh_1", card="c") == Place(Account.CASH_DRAWER, "csh_1")
    assert ledger.place("on_cards", card="c") == Place(Account.ON_CARDS, "c")
    assert ledger.place("suspense", card="c") == Place(Account.SUSPENSE)
    assert ledger.place("pocket", card="c") is None


def test_parts_of_accounts_are_held_in_one_order() -> None:
    """分户按固定次序加锁,避免死锁。"""
    one = Posting(
        "topup.loaded", Place(Account.ON_CARDS, "b"), Place(Account.AWAITING_LOAD, "a"), 1
    )
    two = Posting(
        "topup.loaded", Place(Account.AWAITING_LOAD, "a"), Place(Account.ON_CARDS, "b"), 1
    )
    assert [[c.place for c in ledger.changes(p, cap_fen=9)] for p in (one, two)] == [
        [Place(Account.AWAITING_LOAD, "a"), Place(Account.ON_CARDS, "b")]
    ] * 2


def test_what_waits_for_a_card_is_capped_and_never_negative() -> None:
    """待写卡的钱不为负、不超上限。"""
    (change,) = ledger.changes(PAID, cap_fen=100_000)
    assert (change.by_fen, change.floor_fen, change.ceiling_fen) == (5, 0, 100_000)


@given(st.sampled_from([(k, w) for k, ways in KINDS.items() for w in sorted(ways, key=str)]))
def test_a_transfer_is_balanced_whatever_it_is(found: tuple[str, tuple[Account, Account]]) -> None:
    """有借必有贷,借贷必相等:两端按各自方向还原后相加为零。"""
    kind, (debit, credit) = found
    posting = Posting(kind, Place(debit, "x"), Place(credit, "y"), 7)
    back = [
        ledger.in_own_direction(change.place.account, change.by_fen)
        for change in ledger.changes(posting, cap_fen=9)
    ]
    assert sorted(back) == [-7, 7]


def test_a_mistake_is_reversed_once_with_a_reason() -> None:
    """冲正只能一次,且须写明原因。"""

    def asked(**facts: object) -> str:
        known = {"kind": "topup.paid", "reversed_already": False, "reason": "typed twice"} | facts
        no = ledger.may_reverse(**known)  # type: ignore[arg-type]
        return no.code if no else ""

    assert asked() == ""
    assert asked(reversed_already=True) == "ledger.already_reversed"
    assert asked(kind=REVERSAL) == "ledger.already_reversed"
    assert asked(reason=" ") == "ledger.reason_missing"


def test_every_account_knows_its_side() -> None:
    """每个科目都有方向。"""
    assert set(SIDE) == set(Account)
    assert ledger.in_own_direction(Account.CASH_DRAWER, -5) == 5
    assert SIDE[Account.AWAITING_LOAD] is Side.DEBT
