"""The checks of replacement, one by one and in their order (rule book 21.1, 21.2, 21.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard import policy, words
from onecard.domain.application import ApplicationKind, AppliedBy, Asked, OpenApplication, Papers
from onecard.domain.authority import Channel
from onecard.domain.card import HeldCard
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.months import months_later
from onecard.domain.refusal import FixKind
from onecard.domain.replacement import (
    TOLD,
    Confirmation,
    OldCard,
    ReplacementPolicy,
    Replacing,
    card_to_replace,
    is_frequent,
    is_relink_due,
    may_begin_replacement,
    may_relink,
    may_replace,
    may_replace_all,
)
from onecard.domain.transit_purse import TransitState
from tests import applying, cast, replacing
from tests.replacing import CONFIRMED, LOST, TOLD_OF_LOSS

Case = tuple[Asked, OldCard | None, Replacing]
RIGHT: Case = (replacing.shown(), LOST, TOLD_OF_LOSS)


def refused(case: Case, **figures: object) -> str:
    asked, card, told = case
    refusal = may_replace(
        asked=asked, card=card, told=told, on=cast.MONDAY, figures=replacing.figures(**figures)
    )
    return refusal.code if refusal else ""


def all_refused(case: Case) -> list[str]:
    asked, card, told = case
    found = may_replace_all(
        asked=asked, card=card, told=told, on=cast.MONDAY, figures=replacing.figures()
    )
    return [refusal.code for refusal in found]


WRONG: Case = (
    replacing.shown(
        channel=Channel.OTHER_BANK,
        papers=Papers(own=replace(applying.OWN, original=False)),
        open_application=OpenApplication(),
        photo=False,
        answers=replace(applying.ANSWERS, bank="ccb", occupation=""),
        deceased=True,
    ),
    replace(LOST, state=HrState.NORMAL, financial=FinancialState.ACTIVATED),
    Replacing(),
)


def _ask(**changes: object) -> Callable[[Case], Case]:
    return lambda case: (replace(case[0], **changes), case[1], case[2])  # type: ignore[arg-type]


def _card(**changes: object) -> Callable[[Case], Case]:
    return lambda case: (case[0], replace(case[1] or LOST, **changes), case[2])  # type: ignore[arg-type]


def _told(**changes: object) -> Callable[[Case], Case]:
    return lambda case: (case[0], case[1], replace(case[2], **changes))  # type: ignore[arg-type]


IN_ORDER = [
    ("application.channel_not_open", _ask(channel=Channel.SERVICE_OUTLET)),
    ("application.person_status", _ask(deceased=False)),
    ("documents.not_original", _ask(papers=Papers(own=applying.OWN))),
    ("replacement.formal_loss_first", _card(state=HrState.FORMAL_LOSS)),
    ("application.already_in_production", _ask(open_application=None)),
    ("replacement.data_not_corrected", _told(base_data_right=True)),
    ("photo.required", _ask(photo=True)),
    ("replacement.old_account_open", _told(account_settled=True)),
    ("application.key_information_missing", _ask(answers=applying.ANSWERS)),
    ("replacement.notices_to_confirm", _told(confirmed=CONFIRMED)),
]


def mended() -> Iterator[tuple[str, Case]]:
    case = WRONG
    for code, mend in IN_ORDER:
        yield code, case
        case = mend(case)
    yield "", case


@pytest.mark.rule("rule book 21.2; PROVINCIAL S4")
@pytest.mark.parametrize(("code", "case"), list(mended()), ids=lambda part: str(part)[:40])
def test_the_checks_come_in_the_order_of_the_rule_book(code: str, case: Case) -> None:
    """补领逐项核对:渠道、证件、挂失、在制、基础信息、照片、银行、确认。"""
    assert refused(case) == code


def test_a_checklist_names_everything_at_once() -> None:
    """一次性告知,不让人跑第二趟。"""
    assert all_refused(WRONG) == [code for code, _ in IN_ORDER]
    assert all_refused(RIGHT) == []


@pytest.mark.rule("SEED, FAQ 11; rule book 17.2, 27 A11")
@pytest.mark.parametrize(
    ("state", "code"),
    [
        (None, "replacement.no_card"),
        (HrState.CANCELLED, "replacement.no_card"),
        (HrState.SEALED, "replacement.collect_first"),
        (HrState.LOCKED, "replacement.locked_unlock_first"),
        (HrState.NORMAL, "replacement.formal_loss_first"),
        (HrState.TEMPORARY_LOSS, "replacement.formal_loss_first"),
        (HrState.FORMAL_LOSS, ""),
    ],
)
def test_only_a_card_reported_lost_for_good_is_replaced(state: HrState | None, code: str) -> None:
    """补卡须先正式挂失;临时挂失不够。"""
    card = replace(LOST, state=state) if state else None
    assert refused((RIGHT[0], card, TOLD_OF_LOSS)) == code
    begun = may_begin_replacement(
        asked=replacing.shown(papers=Papers()),
        card=card,
        on=cast.MONDAY,
        figures=replacing.figures(),
    )
    assert (begun.code if begun else "") == code


@pytest.mark.parametrize("state", [HrState.NORMAL, HrState.TEMPORARY_LOSS])
def test_the_refusal_says_what_is_to_be_done_first(state: HrState) -> None:
    """说明到哪里正式挂失。"""
    refusal = may_replace(
        asked=RIGHT[0],
        card=replace(LOST, state=state),
        told=TOLD_OF_LOSS,
        on=cast.MONDAY,
        figures=replacing.figures(),
    )
    assert refusal is not None
    assert refusal.fix is not None
    assert (refusal.fix.kind, refusal.fix.detail) == (
        FixKind.DO_FIRST,
        {"act": "loss.report_formally"},
    )
    assert "正式挂失" in words.explain(refusal).next


@pytest.mark.rule("PROVINCIAL S4")
def test_a_lost_card_is_replaced_online_where_the_city_has_opened_it() -> None:
    """补领可线上办理,EMS邮寄到付。"""
    online = (applying.online(), LOST, TOLD_OF_LOSS)
    assert refused(online) == ""
    assert refused(online, online_replacement=False) == "replacement.offline_only_here"


def test_a_childs_card_is_not_replaced_online() -> None:
    """未满16周岁的,监护人到窗口办理。"""
    child = (applying.online(applicant=applying.CHILD), LOST, TOLD_OF_LOSS)
    assert refused(child) == "application.child_offline_only"
    guardian = (replace(applying.of_child(), old_card_shown=False), LOST, TOLD_OF_LOSS)
    assert refused(guardian) == ""


def test_online_nobody_is_replaced_whom_the_province_does_not_know() -> None:
    """系统未能获取基础信息的,线下办理。"""
    asked = applying.online(base_data_found=False)
    assert refused((asked, LOST, TOLD_OF_LOSS)) == "application.base_data_not_found"
    no_photo = applying.online(photo=False)
    assert refused((no_photo, LOST, TOLD_OF_LOSS)) == "application.photo_not_found"


@pytest.mark.rule("SEED, FAQ 3")
def test_an_agent_brings_both_originals() -> None:
    """代办须双方证件原件。"""
    both = (applying.by_agent(), LOST, TOLD_OF_LOSS)
    assert refused(both) == ""
    one = replace(applying.by_agent(), papers=Papers(agent=applying.AGENTS))
    assert refused((one, LOST, TOLD_OF_LOSS)) == "authority.holder_original_missing"


@pytest.mark.rule("PROVINCIAL S7")
def test_no_employer_replaces_anybodys_card() -> None:
    """单位办理仅限首次申请。"""
    asked = applying.by_employer(channel=Channel.SERVICE_OUTLET)
    code = "application.employer_first_application_only"
    assert refused((asked, LOST, TOLD_OF_LOSS)) == code
    assert asked.applied_by is AppliedBy.EMPLOYER


@pytest.mark.rule("SEED, FAQ 12, 13; rule book 21.2 row 8, V10")
@pytest.mark.parametrize("left_out", list(Confirmation))
def test_every_notice_is_confirmed_before_anything_is_given_up(left_out: Confirmation) -> None:
    """余额不退不转、不能再解挂、激活转接、待遇可能退回:逐项确认。"""
    told = replace(TOLD_OF_LOSS, confirmed=tuple(set(CONFIRMED) - {left_out}))
    refusal = may_replace(
        asked=RIGHT[0], card=LOST, told=told, on=cast.MONDAY, figures=replacing.figures()
    )
    assert refusal is not None
    assert refusal.measured == {"notices": (f"@replacement.confirm.{left_out.value}",)}
    assert words.explain(refusal, "en").headline


def test_the_transit_purse_of_a_lost_card_has_no_say() -> None:
    """交通账户不挂失:余额留在遗失卡上,不影响补领。"""
    for transit in TransitState:
        card = replace(LOST, transit=transit)
        assert refused((RIGHT[0], card, replace(TOLD_OF_LOSS, open_topup=True))) == ""


def test_another_bank_is_chosen_once_the_old_one_has_settled() -> None:
    """补领时换银行的,原账户先处理。"""
    other = replacing.shown(answers=replace(applying.ANSWERS, bank="ccb"))
    assert refused((other, LOST, TOLD_OF_LOSS)) == "replacement.old_account_open"
    closed = replace(LOST, financial=FinancialState.CLOSED)
    assert refused((other, closed, TOLD_OF_LOSS)) == ""


def test_what_is_told_for_each_kind_has_words_in_both_languages() -> None:
    """告知事项都有中英文。"""
    facts = {"bank": "江南银行", "hotline": "96008", "payments": "@replacement.told.no_payments"}
    for kind, told in TOLD.items():
        assert kind is not ApplicationKind.FIRST
        for notice in told:
            for language in words.LANGUAGES:
                assert words.text(f"replacement.told.{notice.value}", language, **facts)
                assert words.text(f"replacement.confirm.{notice.value}", language)


@pytest.mark.parametrize(
    ("states", "chosen"),
    [
        ((), None),
        ((HrState.CANCELLED,), None),
        ((HrState.CANCELLED, HrState.FORMAL_LOSS), 1),
        ((HrState.NORMAL, HrState.SEALED), 1),
        ((HrState.FORMAL_LOSS, HrState.SEALED), 1),
        ((HrState.FORMAL_LOSS, HrState.NORMAL), 1),
        ((HrState.TEMPORARY_LOSS,), 0),
    ],
)
def test_the_card_in_question_is_the_one_that_counts(
    states: tuple[HrState, ...], chosen: int | None
) -> None:
    """有待启用的新卡,先领卡启用;否则看在用的那张。"""
    cards = [HeldCard(str(place), state) for place, state in enumerate(states)]
    found = card_to_replace(cards)
    assert (int(found.ref) if found else None) == chosen


RULES = policy.in_force("replacement", ReplacementPolicy, on=cast.MONDAY)


@pytest.mark.rule("OTHER-CITY S5, S16; rule book 21.5")
def test_more_than_three_in_a_month_are_marked_with_the_figure() -> None:
    """一个月内补领超过3次,只作标记。"""
    today = cast.MONDAY
    three = [today, today - timedelta(days=1), today - timedelta(days=9)]
    assert is_frequent(applied_on=three, on=today, figures=RULES) is None
    many = is_frequent(applied_on=[*three, today], on=today, figures=RULES)
    assert many is not None
    assert (many.count, many.usual, many.months) == (4, 3, 1)
    assert "超过通常的3次" in words.notice(many.notice)


def test_a_month_reaches_to_the_same_day_and_not_beyond() -> None:
    """月数按对日计算。"""
    today = date(2026, 3, 31)
    a_month_ago, the_day_after = date(2026, 2, 28), date(2026, 3, 1)
    assert months_later(a_month_ago, 1) == date(2026, 3, 28)
    four = [the_day_after, today, today, today]
    assert is_frequent(applied_on=four, on=today, figures=RULES) is not None
    assert is_frequent(applied_on=[a_month_ago, *four[1:]], on=today, figures=RULES) is None


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 3, 1)),
        (date(2024, 1, 31), 1, date(2024, 3, 1)),
        (date(2026, 11, 30), 3, date(2027, 3, 1)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2024, 2, 29), 12, date(2025, 3, 1)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_a_day_that_does_not_exist_gives_way_to_the_first_after(
    day: date, months: int, later: date
) -> None:
    """该月没有那一天的,为次日。"""
    assert months_later(day, months) == later


@given(day=st.dates(date(2000, 1, 1), date(2090, 1, 1)), months=st.integers(0, 240))
def test_months_never_go_backwards(day: date, months: int) -> None:
    """月数越多,日期越后。"""
    assert months_later(day, months) <= months_later(day, months + 1)
    assert (months_later(day, months) - day).days >= 28 * months


@pytest.mark.rule("rule book 18, 21.5")
@pytest.mark.parametrize(
    ("old", "same_bank", "answer"),
    [
        (None, False, "financial_function.nothing_to_relink"),
        (FinancialState.NONE, True, "financial_function.nothing_to_relink"),
        (FinancialState.ACTIVATED, False, "financial_function.nothing_to_relink"),
        (FinancialState.CLOSED, True, "financial_function.already_relinked"),
        (FinancialState.OPENED, True, ""),
        (FinancialState.ACTIVATED, True, ""),
        (FinancialState.TEMPORARY_LOSS, True, ""),
        (FinancialState.FORMAL_LOSS, True, ""),
    ],
)
def test_an_account_is_moved_at_the_same_bank_once(
    *, old: FinancialState | None, same_bank: bool, answer: str
) -> None:
    """账户转接在同一银行办理,一次为限。"""
    told = may_relink(old=old, same_bank=same_bank)
    assert (told.code if told else "") == answer


def test_a_person_is_warned_only_where_money_still_goes_to_the_old_account() -> None:
    """旧账户在用的,才提醒转接。"""
    due = {state for state in FinancialState if is_relink_due(old=state, same_bank=True)}
    assert due == {
        FinancialState.ACTIVATED,
        FinancialState.TEMPORARY_LOSS,
        FinancialState.FORMAL_LOSS,
    }
    assert not is_relink_due(old=FinancialState.ACTIVATED, same_bank=False)
