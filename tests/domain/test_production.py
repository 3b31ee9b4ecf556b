"""The production life cycle cell by cell, holders, promises, and return lines point by point."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard import policy, words
from onecard.domain import production
from onecard.domain.application import MakingMode
from onecard.domain.production import (
    OPEN,
    OWED,
    PRODUCTION,
    Holder,
    ProductionEvent,
    ProductionPolicy,
    ProductionState,
    Promise,
    PromiseStage,
)
from onecard.domain.refusal import Refusal
from onecard.domain.workdays import WorkdayPolicy, calendar_of
from tests import cast

S, E = ProductionState, ProductionEvent

RULE_BOOK_9_2 = {
    (S.SUBMITTED, E.ACCEPT): S.ACCEPTED,
    (S.CORRECTED, E.ACCEPT): S.ACCEPTED,
    (S.SUBMITTED, E.CORRECT): S.CORRECTED,
    (S.ACCEPTED, E.CORRECT): S.CORRECTED,
    (S.CORRECTED, E.CORRECT): S.CORRECTED,
    (S.BANK_FAILED, E.CORRECT): S.CORRECTED,
    (S.SUBMITTED, E.RETRACT): S.RETRACTED,
    (S.ACCEPTED, E.RETRACT): S.RETRACTED,
    (S.CORRECTED, E.RETRACT): S.RETRACTED,
    (S.BANK_FAILED, E.RETRACT): S.RETRACTED,
    (S.ACCEPTED, E.BATCH): S.BATCHED,
    (S.BATCHED, E.SEND_TO_BANK): S.AT_BANK,
    (S.AT_BANK, E.BANK_OK): S.ACCOUNT_OPENED,
    (S.AT_BANK, E.BANK_FAIL): S.BANK_FAILED,
    (S.ACCOUNT_OPENED, E.SEND_TO_VENDOR): S.AT_VENDOR,
    (S.AT_VENDOR, E.VENDOR_OK): S.MADE,
    (S.AT_VENDOR, E.VENDOR_FAIL): S.MAKING_FAILED,
    (S.AT_VENDOR, E.BANK_FAIL): S.BANK_FAILED,
    (S.MAKING_FAILED, E.REMAKE): S.AT_VENDOR,
    (S.MAKING_FAILED, E.REMAKE_INSTANT): S.INSTANT_MAKING,
    (S.MADE, E.LOAD_FINANCE): S.FINANCE_LOADING,
    (S.FINANCE_LOADING, E.FINANCE_LOADED): S.FINANCE_LOADED,
    (S.MADE, E.DISTRIBUTE): S.AT_BRANCH,
    (S.FINANCE_LOADED, E.DISTRIBUTE): S.AT_BRANCH,
    (S.AT_BRANCH, E.ARRIVE): S.AT_OUTLET,
    (S.MADE, E.POST): S.POSTED,
    (S.FINANCE_LOADED, E.POST): S.POSTED,
    (S.POSTED, E.PICK_UP): S.AT_OUTLET,
    (S.POSTED, E.COLLECT): S.COLLECTED,
    (S.ACCEPTED, E.BATCH_INSTANT): S.INSTANT_BATCHED,
    (S.INSTANT_BATCHED, E.DOWNLOAD): S.INSTANT_MAKING,
    (S.INSTANT_BATCHED, E.BANK_FAIL): S.BANK_FAILED,
    (S.INSTANT_MAKING, E.INSTANT_OK): S.INSTANT_MADE,
    (S.INSTANT_MAKING, E.INSTANT_FAIL): S.MAKING_FAILED,
    (S.INSTANT_MAKING, E.BANK_FAIL): S.BANK_FAILED,
    (S.AT_OUTLET, E.COLLECT): S.COLLECTED,
    (S.INSTANT_MADE, E.COLLECT): S.COLLECTED,
    (S.AT_BRANCH, E.COLLECT_BY_EMPLOYER): S.COLLECTED_BY_EMPLOYER,
    (S.AT_OUTLET, E.COLLECT_BY_EMPLOYER): S.COLLECTED_BY_EMPLOYER,
    # 10: a card lost in the post is cancelled, and a new application is allowed again.
    **{
        (made, E.CANCEL_CARD): S.RETRACTED
        for made in (
            S.MADE,
            S.FINANCE_LOADING,
            S.FINANCE_LOADED,
            S.AT_BRANCH,
            S.AT_OUTLET,
            S.POSTED,
            S.INSTANT_MADE,
        )
    },
}

FIGURES = policy.in_force("production", ProductionPolicy, on=cast.MONDAY)
CALENDAR = calendar_of(policy.in_force("workdays", WorkdayPolicy, on=cast.MONDAY))
PROMISE = production.promise_for(
    accepted_on=cast.MONDAY, mode=MakingMode.FACTORY, figures=FIGURES, calendar=CALENDAR
)


@pytest.mark.rule("rule book 9.2")
@pytest.mark.parametrize(("state", "event"), list(product(S, E)), ids=lambda m: m.name)
def test_every_cell_of_the_table_is_the_rule_books(state: S, event: E) -> None:
    """制卡状态表逐格核对;表外的一律「当前状态不能办理」。"""
    answer = PRODUCTION.ask(state, event)
    expected = RULE_BOOK_9_2.get((state, event))
    if expected is not None:
        assert answer is expected
        return
    assert isinstance(answer, Refusal)
    assert answer.code == "production.not_in_this_state"
    assert words.explain(answer, "zh").next
    assert words.explain(answer, "en").next


@given(st.lists(st.sampled_from(E), max_size=30))
def test_nobody_gets_a_card_without_an_account(events: list[E]) -> None:
    """先开户,后制卡:没有账户就没有卡。"""
    state, has_account = PRODUCTION.initial, False
    for event in events:
        answer = PRODUCTION.ask(state, event)
        if isinstance(answer, ProductionState):
            has_account = has_account or event in {E.BANK_OK, E.DOWNLOAD}
            state = answer
        if state in {S.MADE, S.INSTANT_MADE, S.AT_OUTLET, S.POSTED, S.COLLECTED}:
            assert has_account


@pytest.mark.rule("platform B24")
@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("mode", MakingMode)
def test_every_state_has_a_holder_with_a_name(state: S, mode: MakingMode) -> None:
    """任何状态都有经手人,且有说法。"""
    held_by = production.holder_of(state=state, mode=mode, bank="icbc")
    holder, _, bank = held_by.partition(":")
    assert bank == ("icbc" if Holder(holder) is Holder.BANK else "")
    assert words.has(f"production.holder.{holder}")
    assert len(held_by) <= 40


def test_what_is_owed_is_open() -> None:
    """承诺未兑现的都是在办的。"""
    assert OWED < OPEN


@pytest.mark.rule("OTHER-CITY, rule book 9.4")
def test_seven_working_days_are_promised_and_thirty_are_the_limit() -> None:
    """自受理之日起 7 个工作日,最长 30 个工作日;受理当天不算。"""
    assert Promise(date(2026, 3, 11), date(2026, 4, 14)) == PROMISE


def test_an_instant_card_is_promised_for_the_same_day() -> None:
    """立等可取:当天。"""
    promise = production.promise_for(
        accepted_on=cast.MONDAY, mode=MakingMode.INSTANT, figures=FIGURES, calendar=CALENDAR
    )
    assert promise.promised_on == cast.MONDAY


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (date(2026, 3, 6), PromiseStage.ON_TIME),
        (date(2026, 3, 9), PromiseStage.DUE_SOON),
        (date(2026, 3, 11), PromiseStage.DUE_SOON),
        (date(2026, 3, 12), PromiseStage.LATE),
        (date(2026, 4, 14), PromiseStage.LATE),
        (date(2026, 4, 15), PromiseStage.MISSED),
    ],
)
def test_the_stage_of_a_promise_changes_at_its_boundaries(day: date, stage: PromiseStage) -> None:
    """到期前两个工作日提醒,过承诺日为迟,过最长期限为失诺。"""
    assert stage_on(day, S.AT_BANK) is stage


@pytest.mark.parametrize("state", sorted(set(S) - OWED, key=lambda state: state.value))
def test_a_card_that_is_ready_is_never_late(state: S) -> None:
    """卡已可领或已寄出,承诺即兑现。"""
    assert stage_on(date(2027, 1, 1), state) is PromiseStage.KEPT


def stage_on(day: date, state: S) -> PromiseStage:
    return production.stage_on(
        day=day, state=state, promise=PROMISE, figures=FIGURES, calendar=CALENDAR
    )


@given(st.integers(0, 400))
def test_there_is_always_a_next_date_and_it_is_never_past(days: int) -> None:
    """任何时候都有下一个日期。"""
    day = cast.MONDAY + timedelta(days=days)
    assert production.next_date(day=day, promise=PROMISE, calendar=CALENDAR) >= day


def test_another_city_promises_other_days() -> None:
    """换一个城市只换数据。"""
    with policy.in_pack("shanghai-sample"):
        figures = policy.in_force("production", ProductionPolicy, on=cast.MONDAY)
    promise = production.promise_for(
        accepted_on=cast.MONDAY, mode=MakingMode.FACTORY, figures=figures, calendar=CALENDAR
    )
    assert promise.promised_on > PROMISE.promised_on


def test_what_is_held_back_is_told_again_in_full() -> None:
    """挡下的原因可以完整复述,不含原文。"""
    refusal = Refusal(
        "exchange.does_not_fit",
        {"partner": "ICBC", "application": "1", "column": "@exchange.column.name"},
        {"measured": 52},
        {"allowed": 50},
        field="name",
    )
    kept = production.held_back_facts(refusal, partner="icbc")
    assert production.held_back_refusal(kept, application="1") == refusal
    for code, field in product(("does_not_fit", "does_not_encode"), ("name", "phone", "sex")):
        odd = replace(refusal, code=f"exchange.{code}", field=field)
        assert words.has(production.held_back_word(odd).removeprefix("@"))
