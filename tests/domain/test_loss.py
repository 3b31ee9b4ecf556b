"""Losses: how long they last, who may report and withdraw where, what becomes of both sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onecard import policy
from onecard.domain import loss
from onecard.domain.card import hr_state_at
from onecard.domain.contacts import Contacts, CoopBank
from onecard.domain.financial_function import FINANCIAL_FUNCTION, FinancialEvent, FinancialState
from onecard.domain.hr_function import HR_FUNCTION, HrEvent, HrState
from onecard.domain.loss import Counting, Given, Known, LossKind, LossPolicy, OpenLoss, Side
from onecard.domain.refusal import Name, Notice, Refusal
from onecard.seams.clock import LOCAL
from tests import cast
from tests.cast import MONDAY, MONDAY_9AM

TICK = timedelta(microseconds=1)
WEEK = timedelta(days=7)
LOST, NORMAL = HrState.TEMPORARY_LOSS, HrState.NORMAL


def figures(**changes: object) -> LossPolicy:
    """The figures of Changzhou, some of them changed."""
    return replace(policy.in_force("loss", LossPolicy, on=MONDAY), **changes)


def the_bank(key: str = "jnrcb") -> CoopBank:
    """A co-operating bank."""
    bank = policy.in_force("contacts", Contacts, on=MONDAY).bank(key)
    assert bank is not None
    return bank


def code(refusal: Refusal | None) -> str:
    return refusal.code if refusal else ""


def local(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LOCAL)


ENDS = [
    (local(2026, 3, 2), local(2026, 3, 9)),
    (local(2026, 2, 25), local(2026, 3, 4)),
    (local(2028, 2, 25), local(2028, 3, 3)),
    (local(2026, 12, 28), local(2027, 1, 4)),
    (local(2026, 12, 31, 23, 59), local(2027, 1, 7, 23, 59)),
    (local(2026, 4, 30, 0, 0), local(2026, 5, 7, 0, 0)),
]


@pytest.mark.rule("SEED, FAQ 11; rule book 20.1, boundary set; MUT-28, MUT-29")
@pytest.mark.parametrize(("accepted", "ends"), ENDS, ids=str)
@pytest.mark.parametrize(
    ("step", "state"), [(-TICK, LOST), (timedelta(), NORMAL), (TICK, NORMAL)], ids=str
)
def test_a_temporary_report_lasts_seven_times_24_hours_to_the_microsecond(
    accepted: datetime, ends: datetime, step: timedelta, state: HrState
) -> None:
    """临时挂失7×24小时:差一微秒仍挂失,到点即恢复;跨月底、年底、闰日相同。"""
    until = loss.temporary_ends_at(accepted_at=accepted, figures=figures())
    assert until == ends
    assert hr_state_at(LOST, ends_at=until, at=until + step) is state


@pytest.mark.rule("guarantees C5")
@settings(max_examples=1000, deadline=None)
@given(
    second=st.integers(min_value=0, max_value=900_000_000),
    ago=st.integers(min_value=0, max_value=7 * 24 * 3600 * 1_000_000 - 1),
    after=st.timedeltas(timedelta(), timedelta(days=4000)),
)
def test_no_report_ends_early_and_none_lasts_longer(
    second: int, ago: int, after: timedelta
) -> None:
    """任何时刻受理,7天内都挂失,到期后都恢复。"""
    begin = local(2021, 6, 22) + timedelta(seconds=second)
    until = loss.temporary_ends_at(accepted_at=begin, figures=figures())
    inside = begin + timedelta(microseconds=ago)
    assert hr_state_at(LOST, ends_at=until, at=inside) is LOST
    assert hr_state_at(LOST, ends_at=until, at=until + after) is NORMAL
    assert hr_state_at(HrState.FORMAL_LOSS, ends_at=until, at=until + after) is HrState.FORMAL_LOSS


def test_a_city_may_count_to_the_end_of_the_last_day() -> None:
    """城市可规定按第N日末计算。"""
    other = figures(temporary_counting=Counting.END_OF_DAY, temporary_valid_days=5)
    for hour in (0, 9, 23):
        ends = loss.temporary_ends_at(accepted_at=local(2026, 3, 2, hour), figures=other)
        assert ends == local(2026, 3, 8, 0)


@pytest.mark.parametrize(
    ("before", "said", "due"),
    [
        (timedelta(hours=49), None, None),
        (timedelta(hours=48), None, 48),
        (timedelta(hours=30), None, 48),
        (timedelta(hours=48), 48, None),
        (timedelta(hours=24), 48, 24),
        (timedelta(hours=1), None, 2),
        (timedelta(hours=1), 2, None),
        (timedelta(), 48, None),
        (-TICK, None, None),
    ],
    ids=str,
)
def test_reminders_come_at_their_hours_once(
    before: timedelta, said: int | None, due: int | None
) -> None:
    """到期前48、24、2小时提醒,每次一条,到期后不再提醒。"""
    assert due == loss.reminder_due(
        accepted_at=MONDAY_9AM,
        until=MONDAY_9AM + WEEK,
        reminded_hours=said,
        figures=figures(),
        at=MONDAY_9AM + WEEK - before,
    )


def test_a_report_shorter_than_a_reminder_is_not_reminded_before_it_began() -> None:
    """有效期短于提醒提前量的,不在受理时就提醒。"""
    day = figures(temporary_valid_days=1)
    facts = {"accepted_at": MONDAY_9AM, "until": MONDAY_9AM + timedelta(days=1)}
    for hours, due in ((1, None), (22, 2)):
        at = MONDAY_9AM + timedelta(hours=hours)
        assert loss.reminder_due(**facts, reminded_hours=None, figures=day, at=at) == due


@pytest.mark.rule("architecture 3.1; rule book 20.2")
@pytest.mark.parametrize(
    ("hr", "money"), list(product(HrState, FinancialState)), ids=lambda m: m.name
)
def test_at_the_bank_each_side_answers_for_itself(hr: HrState, money: FinancialState) -> None:
    """两侧逐一核对:一侧已挂失或无可挂失,不影响另一侧。"""
    outcome = loss.formal_at_bank(hr=hr, financial=money)
    hr_cell = HR_FUNCTION.ask(hr, HrEvent.REPORT_FORMAL)
    money_cell = FINANCIAL_FUNCTION.ask(money, FinancialEvent.REPORT_FORMAL)
    assert outcome.hr is (hr_cell if isinstance(hr_cell, HrState) else hr)
    assert outcome.financial is (money_cell if isinstance(money_cell, FinancialState) else money)
    changed = {isinstance(hr_cell, HrState), isinstance(money_cell, FinancialState)}
    assert outcome.changes_nothing is (changed == {False})
    if outcome.changes_nothing:
        assert bool(outcome.notice) != bool(outcome.refusal)
        answers = {type(hr_cell), type(money_cell)}
        assert isinstance(outcome.notice, Notice) is (Notice in answers)
    else:
        assert outcome.notice is None
        assert outcome.refusal is None


@pytest.mark.rule("SEED, FAQ 11")
@pytest.mark.parametrize(
    ("hr", "money"), list(product(HrState, FinancialState)), ids=lambda m: m.name
)
def test_online_and_at_a_counter_the_bank_side_never_moves(
    hr: HrState, money: FinancialState
) -> None:
    """线上、窗口挂失和解挂只动人社侧。"""
    for made in (loss.formal_hr_only, loss.withdrawn_hr_only):
        outcome = made(hr=hr, financial=money)
        assert outcome.financial is money
        assert not outcome.changes_financial
        assert outcome.financial_answer == Notice("loss.financial_side_elsewhere")
        if outcome.changes_nothing:
            assert bool(outcome.notice) != bool(outcome.refusal)


@pytest.mark.parametrize(
    ("hr", "money"), list(product(HrState, FinancialState)), ids=lambda m: m.name
)
def test_at_the_bank_what_is_formally_lost_comes_back_and_nothing_else(
    hr: HrState, money: FinancialState
) -> None:
    """银行网点解挂:只解正式挂失的那一侧。"""
    outcome = loss.withdrawn_at_bank(hr=hr, financial=money)
    assert outcome.changes_hr is (hr is HrState.FORMAL_LOSS)
    assert outcome.changes_financial is (money is FinancialState.FORMAL_LOSS)
    assert outcome.changes_nothing is not (outcome.changes_hr or outcome.changes_financial)


KNOWN = Known("王芳", cast.ADULT, ("B12345678", "A98765432"))


@pytest.mark.rule("OTHER-CITY S48")
@pytest.mark.parametrize(
    ("given", "believed"),
    [
        (Given("王芳", cast.ADULT), True),
        (
            Given(
                " 王芳 ", cast.ADULT.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
            ),
            True,
        ),
        (Given("王芳", cast.ADULT, "A98765432"), True),
        (Given("王芳", cast.ADULT, "b12345678"), True),
        (Given("王芳", cast.ADULT, "C00000000"), False),
        (Given("王方", cast.ADULT), False),
        (Given("", cast.ADULT), False),
        (Given("王芳", ""), False),
        (Given("王芳", cast.ADULT_MAN), False),
    ],
)
def test_a_caller_is_believed_by_name_and_number(given: Given, *, believed: bool) -> None:
    """姓名、身份证号相符;报了卡号的卡号也须相符。"""
    refusal = loss.must_be_identified(given=given, known=KNOWN, figures=figures())
    assert (refusal is None) is believed
    nobody = loss.must_be_identified(given=given, known=None, figures=figures())
    assert refusal in (None, nobody), "one and the same no"


def test_a_city_may_ask_for_the_card_number_always() -> None:
    """城市可要求必须报卡号。"""
    strict = figures(phone_identification=("name", "identity_number", "card_number"))
    for card, believed in (("", False), ("B12345678", True)):
        given = Given("王芳", cast.ADULT, card)
        refusal = loss.must_be_identified(given=given, known=KNOWN, figures=strict)
        assert (refusal is None) is believed


@pytest.mark.rule("guarantees 13: at most two reports a day without strong proof")
@pytest.mark.parametrize(("reported", "allowed"), [(0, True), (1, True), (2, False), (3, False)])
def test_reports_on_weak_proof_are_counted(reported: int, *, allowed: bool) -> None:
    """弱身份证明每日不超过2次。"""
    refusal = loss.may_report_again_today(reported=reported, figures=figures())
    assert (refusal is None) is allowed


@pytest.mark.rule("SEED, FAQ 11; platform C6.3")
@pytest.mark.parametrize(
    ("kind", "side"), list(product(LossKind, Side)), ids=lambda member: member.name
)
def test_the_telephone_takes_one_kind_of_report_only(kind: LossKind, side: Side) -> None:
    """电话只能办理人社功能的临时挂失。"""
    refusal = loss.may_report_by_phone(kind=kind, side=side, bank=the_bank())
    assert (refusal is None) is ((kind, side) == (LossKind.TEMPORARY, Side.HR))
    if refusal is not None:
        assert (refusal.code, refusal.facts["hotline"]) == (
            "loss.phone_is_temporary_only",
            "96008",
        )


def test_transit_is_answered_and_never_reported() -> None:
    """交通账户不挂失,只说明原因。"""
    assert loss.may_report_transit().code == "transit_purse.no_loss_report"
    assert {side.value for side in Side} == {"hr", "financial"}


@pytest.mark.parametrize(
    ("asking", "in_city", "scope", "expected"),
    [
        ("jnrcb", True, "city", ""),
        ("icbc", True, "city", "loss.wrong_bank"),
        ("", True, "city", "loss.wrong_bank"),
        ("jnrcb", False, "city", "loss.outlet_out_of_scope"),
        ("jnrcb", False, "province", ""),
        ("icbc", False, "province", "loss.wrong_bank"),
    ],
)
def test_a_formal_report_is_taken_at_outlets_of_the_bank_on_the_card(
    asking: str, scope: str, expected: str, *, in_city: bool
) -> None:
    """正式挂失:卡面银行全市网点(省内范围由参数定)。"""
    refusal = loss.may_report_formally_here(
        asking=asking, bank=the_bank(), in_city=in_city, figures=figures(formal_outlet_scope=scope)
    )
    assert code(refusal) == expected


def test_a_temporary_report_is_withdrawn_in_the_whole_province_or_in_the_city() -> None:
    """临时挂失解挂:全省卡面银行网点,参数可收窄到本市。"""
    for scope, expected in (("province", ""), ("city", "loss.outlet_out_of_scope")):
        refusal = loss.may_withdraw_temporary_here(
            asking="jnrcb",
            bank=the_bank(),
            in_city=False,
            figures=figures(withdraw_temporary_scope=scope),
        )
        assert code(refusal) == expected


def test_some_places_never_take_a_formal_report_back() -> None:
    """有的地方正式挂失不可解挂:由参数关闭。"""
    never = figures(withdraw_formal_where=())
    standing = OpenLoss("loss_a", Side.HR, LossKind.FORMAL, 1, MONDAY_9AM, None, "out_a")
    here = {"loss": standing, "outlet": "out_a", "outlet_name": Name("甲支行", "Branch A")}
    assert code(loss.may_withdraw_formal_here(**here, figures=never)) == "loss.formal_stays"
    assert code(loss.may_withdraw_formal_online(figures=never)) == "loss.formal_stays"
    assert loss.may_withdraw_formal_here(**here, figures=figures()) is None
    assert loss.may_withdraw_formal_online(figures=figures()) is None


@pytest.mark.parametrize(("named", "standing"), [(1, 1), (1, 2), (3, 2), (0, 0), (-1, 1)])
def test_a_withdrawal_names_the_version_that_stands(named: int, standing: int) -> None:
    """解挂指明的版本必须是现行版本。"""
    refusal = loss.must_name_the_loss(named=named, standing=standing)
    assert (refusal is None) is (named == standing)


def test_after_a_replacement_was_applied_for_withdrawal_is_closed_unless_a_city_opens_it() -> None:
    """申请补卡后不能解挂(参数可放开)。"""
    for applied, open_, expected in (
        (True, False, "loss.replacement_already_applied"),
        (False, False, ""),
        (True, True, ""),
    ):
        refusal = loss.may_withdraw_after(
            replacement_applied=applied, figures=figures(withdraw_after_replacement=open_)
        )
        assert code(refusal) == expected
