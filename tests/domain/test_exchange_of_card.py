"""The checks of an exchange, one by one and in their order (rule book 21.1, 21.3; 14; 27 A8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from onecard import policy, words
from onecard.domain.application import Asked, OpenApplication, Papers
from onecard.domain.authority import Channel
from onecard.domain.card import CardPolicy
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.refusal import FixKind
from onecard.domain.replacement import (
    ExchangeReason,
    OldCard,
    Replacing,
    may_begin_exchange,
    may_exchange,
    may_exchange_all,
)
from onecard.domain.transit_purse import TransitState
from tests import applying, cast, replacing
from tests.replacing import TOLD_OF_WEAR, WORN

Case = tuple[Asked, OldCard | None, Replacing]
RIGHT: Case = (replacing.shown(), WORN, TOLD_OF_WEAR)
R = ExchangeReason


def refused(case: Case, on: date = cast.MONDAY, **figures: object) -> str:
    asked, card, told = case
    rules = replacing.figures(on, **figures)
    refusal = may_exchange(asked=asked, card=card, told=told, on=on, figures=rules)
    return refusal.code if refusal else ""


def for_reason(reason: ExchangeReason | None, card: OldCard = WORN, **told: object) -> Case:
    return (replacing.shown(), card, Replacing(reason=reason, **told))  # type: ignore[arg-type]


WRONG: Case = (
    replacing.shown(
        channel=Channel.PORTAL,
        papers=Papers(own=replace(applying.OWN, original=False)),
        open_application=OpenApplication(),
        photo=False,
        answers=replace(applying.ANSWERS, bank="ccb", occupation=""),
        deceased=True,
    ),
    replace(WORN, state=HrState.FORMAL_LOSS, transit=TransitState.OPEN),
    Replacing(open_topup=True),
)


def _ask(**changes: object) -> Callable[[Case], Case]:
    return lambda case: (replace(case[0], **changes), case[1], case[2])  # type: ignore[arg-type]


def _card(**changes: object) -> Callable[[Case], Case]:
    return lambda case: (case[0], replace(case[1] or WORN, **changes), case[2])  # type: ignore[arg-type]


def _told(**changes: object) -> Callable[[Case], Case]:
    return lambda case: (case[0], case[1], replace(case[2], **changes))  # type: ignore[arg-type]


IN_ORDER = [
    ("replacement.exchange_offline_only", _ask(channel=Channel.DIRECT_OUTLET)),
    ("application.channel_not_open", _ask(channel=Channel.SERVICE_OUTLET)),
    ("application.person_status", _ask(deceased=False)),
    ("documents.not_original", _ask(papers=Papers(own=applying.OWN))),
    ("replacement.card_is_lost", _card(state=HrState.NORMAL)),
    ("replacement.old_card_must_be_shown", _ask(old_card_shown=True)),
    ("replacement.reason_required", _told(reason=R.EXPIRING)),
    ("replacement.too_early", _told(reason=R.DATA_CHANGED)),
    ("replacement.data_not_corrected", _told(base_data_right=True)),
    ("replacement.old_account_open", _told(account_settled=True)),
    ("replacement.open_topup", _told(open_topup=False)),
    ("replacement.refund_first", _card(transit=TransitState.CLOSED)),
    ("application.already_in_production", _ask(open_application=None)),
    ("photo.required", _ask(photo=True)),
    ("application.key_information_missing", _ask(answers=applying.ANSWERS)),
]


def mended() -> Iterator[tuple[str, Case]]:
    case = (replace(WRONG[0], old_card_shown=False), WRONG[1], WRONG[2])
    for code, mend in IN_ORDER:
        yield code, case
        case = mend(case)
    yield "", case


@pytest.mark.rule("rule book 21.3; SEED, FAQ 6, 13")
@pytest.mark.parametrize(("code", "case"), list(mended()), ids=lambda part: str(part)[:40])
def test_the_checks_come_in_the_order_of_the_rule_book(code: str, case: Case) -> None:
    """换领逐项核对:线下、证件、未挂失、旧卡、原因、账户、充值、退值、在制、照片。"""
    assert refused(case) == code


def test_a_checklist_names_everything_at_once() -> None:
    """一次性告知。"""
    asked = replace(WRONG[0], channel=Channel.SERVICE_OUTLET, old_card_shown=False)
    card = replace(WRONG[1] or WORN, state=HrState.NORMAL)
    found = may_exchange_all(
        asked=asked, card=card, told=WRONG[2], on=cast.MONDAY, figures=replacing.figures()
    )
    assert [refusal.code for refusal in found] == [
        "application.person_status",
        "documents.not_original",
        "replacement.old_card_must_be_shown",
        "replacement.reason_required",
        "replacement.old_account_open",
        "replacement.open_topup",
        "replacement.refund_first",
        "application.already_in_production",
        "photo.required",
        "application.key_information_missing",
    ]


@pytest.mark.rule("rule book 17.2")
@pytest.mark.parametrize(
    ("state", "code"),
    [
        (None, "replacement.no_card"),
        (HrState.CANCELLED, "replacement.no_card"),
        (HrState.SEALED, "replacement.collect_first"),
        (HrState.TEMPORARY_LOSS, "replacement.card_is_lost"),
        (HrState.FORMAL_LOSS, "replacement.card_is_lost"),
        (HrState.LOCKED, ""),
        (HrState.NORMAL, ""),
    ],
)
def test_a_card_that_is_there_is_exchanged(state: HrState | None, code: str) -> None:
    """换领须有已启用、未挂失的卡;锁定的可以换。"""
    card = replace(WORN, state=state) if state else None
    assert refused((RIGHT[0], card, TOLD_OF_WEAR)) == code
    begun = may_begin_exchange(asked=RIGHT[0], card=card, figures=replacing.figures())
    assert (begun.code if begun else "") == code


@pytest.mark.rule("NATIONAL S33")
@pytest.mark.parametrize("reason", [R.DAMAGED, R.QUALITY, R.FACE_UNREADABLE])
def test_damage_fault_and_an_unreadable_face_are_reasons(reason: ExchangeReason) -> None:
    """损坏、质量问题、卡面不清可以换卡。"""
    assert refused(for_reason(reason)) == ""


def test_a_reason_is_given_and_is_on_the_citys_list() -> None:
    """须选择换卡原因。"""
    assert refused(for_reason(None)) == "replacement.reason_required"
    fewer = (R.EXPIRING,)
    assert refused(for_reason(R.DAMAGED), exchange_reasons=fewer) == "replacement.reason_required"


def test_a_one_card_is_not_exchanged_for_being_older() -> None:
    """三代卡不能以换发为由换卡。"""
    assert refused(for_reason(R.UPGRADE)) == "replacement.reason_required"
    assert refused(for_reason(R.UPGRADE, replace(WORN, generation=2))) == ""


@pytest.mark.rule("rule book 14, 27 (boundary set)")
@pytest.mark.parametrize(
    ("days_left", "code"),
    [(61, "replacement.too_early"), (60, ""), (59, ""), (0, ""), (-1, "")],
)
def test_an_expiring_card_is_exchanged_from_sixty_days_before(days_left: int, code: str) -> None:
    """到期前60天内可换;到期后也可换。"""
    day = WORN.valid_to - timedelta(days=days_left)
    own = replace(applying.OWN, valid_to=None)
    asked = replacing.shown(papers=Papers(own=own))
    case = (asked, WORN, Replacing(reason=R.EXPIRING))
    assert refused(case, on=day) == code


def test_too_early_says_how_long_and_from_which_day() -> None:
    """说明还差几天、哪天起可换。"""
    refusal = may_exchange(
        asked=RIGHT[0],
        card=replace(WORN, valid_to=date(2026, 6, 1)),
        told=Replacing(reason=R.EXPIRING),
        on=cast.MONDAY,
        figures=replacing.figures(),
    )
    assert refusal is not None
    assert refusal.fix is not None
    assert (refusal.fix.kind, refusal.fix.detail) == (
        FixKind.WAIT_UNTIL,
        {"day": date(2026, 4, 2)},
    )
    window = policy.in_force("card", CardPolicy, on=cast.MONDAY).renewal_window_days
    assert refusal.all_facts() == {"left": 91, "window": window, "day": date(2026, 4, 2)}
    assert "2026年4月2日" in words.explain(refusal).next


@pytest.mark.rule("OTHER-CITY S56")
def test_changed_data_are_corrected_first() -> None:
    """信息变更的,先更正基础信息再换卡。"""
    assert refused(for_reason(R.DATA_CHANGED)) == "replacement.data_not_corrected"
    assert refused(for_reason(R.DATA_CHANGED, base_data_right=True)) == ""
    assert refused(for_reason(R.DAMAGED, base_data_right=False)) == ""


@pytest.mark.rule("rule book 12, O19")
def test_a_change_of_bank_needs_another_bank_and_the_old_account_settled() -> None:
    """更换银行:新旧银行不同,原账户已销或已确认。"""
    assert refused(for_reason(R.BANK_CHANGE)) == "replacement.reason_required"
    other = replacing.shown(answers=replace(applying.ANSWERS, bank="ccb"))
    told = Replacing(reason=R.BANK_CHANGE)
    assert refused((other, WORN, told)) == "replacement.old_account_open"
    assert refused((other, WORN, replace(told, account_settled=True))) == ""
    for state in FinancialState:
        settled = state in (FinancialState.NONE, FinancialState.CLOSED)
        card = replace(WORN, financial=state)
        assert (refused((other, card, told)) == "") is settled


def test_another_bank_for_another_reason_is_a_change_of_bank_too() -> None:
    """因损坏换卡同时换银行的,原账户也要先处理。"""
    other = replacing.shown(answers=replace(applying.ANSWERS, bank="ccb"))
    assert refused((other, WORN, TOLD_OF_WEAR)) == "replacement.old_account_open"
    refusal = may_exchange(
        asked=other, card=WORN, told=TOLD_OF_WEAR, on=cast.MONDAY, figures=replacing.figures()
    )
    assert refusal is not None
    assert "中国工商银行" in words.explain(refusal).next
    assert "95588" in str(refusal.all_facts())


@pytest.mark.rule("SEED, FAQ 13; rule book 27 A8")
@pytest.mark.parametrize(
    ("transit", "code"),
    [
        (TransitState.NOT_OPENED, ""),
        (TransitState.OPEN, "replacement.refund_first"),
        (TransitState.REFUND_PENDING, ""),
        (TransitState.CLOSED, ""),
    ],
)
def test_an_open_purse_is_refunded_first(transit: TransitState, code: str) -> None:
    """已开通交通功能的,先退值;不可读卡已登记的可以换卡。"""
    card = replace(WORN, transit=transit)
    assert refused((RIGHT[0], card, TOLD_OF_WEAR)) == code
    assert refused((RIGHT[0], card, TOLD_OF_WEAR), refund_before_exchange=False) == ""


def test_an_unfinished_top_up_is_healed_before_the_purse_is_refunded() -> None:
    """有未完成的充值,先补登或退款。"""
    told = replace(TOLD_OF_WEAR, open_topup=True)
    open_purse = replace(WORN, transit=TransitState.OPEN)
    assert refused((RIGHT[0], open_purse, told)) == "replacement.open_topup"
    never_opened = replace(WORN, transit=TransitState.NOT_OPENED)
    assert refused((RIGHT[0], never_opened, told)) == ""


@pytest.mark.rule("SEED, FAQ 6")
def test_the_exchange_is_made_at_counters_only() -> None:
    """换领只在线下。"""
    open_channels = {
        channel
        for channel in Channel
        if refused((replacing.shown(channel=channel), WORN, TOLD_OF_WEAR)) == ""
    }
    assert open_channels == {
        Channel.SERVICE_OUTLET,
        Channel.HR_COUNTER,
        Channel.CARD_FACE_BANK,
        Channel.OTHER_BANK,
    }
