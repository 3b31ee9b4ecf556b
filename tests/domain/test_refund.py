"""Whether a purse may be refunded, in the order of rule book 22.5; never that of a lost card."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from onecard import policy, words
from onecard.domain.contacts import Contacts
from onecard.domain.refund import (
    Refunding,
    RefundPolicy,
    RefundReason,
    may_refund,
    may_refund_all,
)
from onecard.domain.refusal import Notice, Refusal
from onecard.domain.stock import OutletKind
from onecard.domain.transit_purse import TransitState
from tests import cast

FIGURES = policy.in_force("refund", RefundPolicy, on=cast.MONDAY)
CONTACTS = policy.in_force("contacts", Contacts, on=cast.MONDAY)
RIGHT = Refunding(at=OutletKind.DIRECT, transit=TransitState.OPEN, reason=RefundReason.EXCHANGE)
WRONG = Refunding(
    at=OutletKind.AGENCY,
    transit=TransitState.REFUND_PENDING,
    card_present=False,
    lost=True,
    open_topup=True,
)


def answer(asked: Refunding) -> Refusal | Notice | None:
    return may_refund(asked=asked, figures=FIGURES, contacts=CONTACTS)


def code(asked: Refunding) -> str:
    said = answer(asked)
    return said.code if said else ""


def mended() -> Iterator[tuple[str, Refunding]]:
    asked = WRONG
    yield "refund.direct_outlet_only", asked
    asked = replace(asked, at=OutletKind.DIRECT)
    yield "refund.lost_card", asked
    asked = replace(asked, lost=False)
    yield "refund.card_must_be_present", asked
    asked = replace(asked, card_present=True)
    yield "refund.already_requested", asked
    asked = replace(asked, transit=TransitState.OPEN)
    yield "refund.open_topup", asked
    asked = replace(asked, open_topup=False)
    yield "refund.reason_required", asked
    yield "", replace(asked, reason=RefundReason.CANCELLATION)


@pytest.mark.rule("rule book 22.5; SEED, FAQ 13")
@pytest.mark.parametrize(("expected", "asked"), list(mended()))
def test_the_checks_come_in_the_order_of_the_rule_book(expected: str, asked: Refunding) -> None:
    """退值逐项核对:直营网点、带卡、已开通、未退过、无未完成充值、有原因。"""
    assert code(asked) == expected


@pytest.mark.rule("SEED, FAQ 13; rule book 27 A8")
@pytest.mark.parametrize("kind", [*OutletKind, None])
def test_direct_outlets_only(kind: OutletKind | None) -> None:
    """只有市民卡直营网点可以退值。"""
    allowed = kind is OutletKind.DIRECT
    assert code(replace(RIGHT, at=kind)) == ("" if allowed else "refund.direct_outlet_only")


@pytest.mark.rule("SEED, FAQ 12; rule book V10, 27 A7")
@pytest.mark.parametrize("present", [True, False])
def test_no_way_leads_to_the_balance_of_a_lost_card(*, present: bool) -> None:
    """遗失卡的交通余额不退,带不带卡都一样。"""
    for transit in TransitState:
        asked = replace(RIGHT, lost=True, card_present=present, transit=transit)
        assert code(asked) == "refund.lost_card"


@pytest.mark.parametrize(
    ("transit", "readable", "expected"),
    [
        (TransitState.NOT_OPENED, True, "refund.not_opened"),
        (TransitState.NOT_OPENED, False, "refund.not_opened"),
        (TransitState.OPEN, False, ""),
        (TransitState.REFUND_PENDING, False, "refund.already_requested"),
        (TransitState.CLOSED, True, "refund.already_done"),
        (TransitState.CLOSED, False, "refund.already_done"),
    ],
)
def test_what_is_done_already_is_told_as_done(
    *, transit: TransitState, readable: bool, expected: str
) -> None:
    """未开通、已登记、已退值:如实告知。"""
    said = answer(replace(RIGHT, transit=transit, readable=readable))
    assert (said.code if said else "") == expected
    if expected:
        assert isinstance(said, Notice)


def test_a_checklist_names_everything_and_speaks_both_languages() -> None:
    """一次性告知。"""
    found = may_refund_all(asked=WRONG, figures=FIGURES, contacts=CONTACTS)
    assert [refusal.code for refusal in found] == [
        "refund.direct_outlet_only",
        "refund.lost_card",
        "refund.already_requested",
        "refund.open_topup",
        "refund.reason_required",
    ]
    for refusal in found:
        for language in words.LANGUAGES:
            assert words.explain(refusal, language).headline
