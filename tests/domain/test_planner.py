"""The planner: no plan fails and none is longer than needed, for every state there is (B5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onecard import words
from onecard.domain.authority import Channel
from onecard.domain.financial_function import FinancialState as F
from onecard.domain.hr_function import HrState as H
from onecard.domain.planner import Act, Case, Place, Plan, Situation, Wish, plan
from onecard.domain.replacement import ExchangeReason as R
from onecard.domain.transit_purse import TransitState as T
from tests import brute, cast, replacing

FIGURES = replacing.planner_figures()
MADE_ON = date(2026, 3, 11)
SAME = Case(Wish.EXCHANGE, cast.MONDAY, MADE_ON, bank="icbc", new_bank="icbc", reason=R.DAMAGED)
OTHER_BANK = replace(SAME, new_bank="ccb")
CARD_LOST, SUCCESSOR = "financial_function.card_lost", "card.successor_on_its_way"
WORN = Situation(H.NORMAL, F.ACTIVATED, T.OPEN)
LOST = replace(WORN, in_hand=False)
BANK = Place(Channel.CARD_FACE_BANK, "icbc")


def planned(start: Situation, case: Case) -> Plan:
    return plan(start=start, case=case, figures=FIGURES)


def acts(found: Plan) -> list[tuple[str, list[str]]]:
    return [
        (visit.place.channel.value, [act.act.value for act in visit.acts]) for visit in found.visits
    ]


def reasons(found: Plan) -> dict[str, str]:
    return {
        act.act.value: act.because.code
        for visit in found.visits
        for act in visit.acts
        if act.because
    }


def must_be_the_shortest(start: Situation, case: Case) -> None:
    """The plan is walked in a world of its own, and no order of anything needs fewer visits."""
    found = planned(start, case)
    fewest = brute.fewest_visits(start, case)
    if fewest is None:
        assert found.refusal is not None, (start, case)
        return
    assert found.refusal is None, (start, case)
    now = start
    for act, place in _walked(found):
        now = _done(now, act, place, case)
    assert brute.fulfilled(now, case), (start, case)
    assert found.trips == fewest, (start, case)


def _walked(found: Plan) -> Iterator[tuple[Act, Place]]:
    for visit in found.visits:
        for act in visit.acts:
            yield act.act, visit.place


def _done(now: Situation, act: Act, place: Place, case: Case) -> Situation:
    """One act in the plain world; whoever comes before the card is made waits for it."""
    for tried in (now, _waited(now, case)):
        for possible, where, after in brute.steps(tried, case):
            if (possible, where) == (act, place):
                return after
    raise AssertionError((act, place, now, case))


def _waited(now: Situation, case: Case) -> Situation:
    steps = brute.steps(now, case)
    return next((after for act, _, after in steps if act is Act.WAIT), now)


PURSES = [(transit, False) for transit in T] + [(T.OPEN, True)]
"""Only an open purse can have a top-up that is unfinished."""
STATES = [
    Situation(hr, financial, transit, in_hand=in_hand, open_topup=topup, base_data_right=right)
    for hr, financial, (transit, topup), in_hand, right in product(
        H, F, PURSES, (True, False), (True, False)
    )
] + [Situation(None)]
CASES = {
    "damaged": SAME,
    "damaged, another bank": OTHER_BANK,
    "data changed": replace(SAME, reason=R.DATA_CHANGED),
    "bank change": replace(OTHER_BANK, reason=R.BANK_CHANGE),
    "expiring": replace(SAME, reason=R.EXPIRING, valid_to=cast.MONDAY + timedelta(days=60)),
    "too early": replace(SAME, reason=R.EXPIRING, valid_to=cast.MONDAY + timedelta(days=61)),
    "older card": replace(SAME, reason=R.UPGRADE, generation=2),
    "no reason": replace(SAME, reason=None),
    "lost": replace(SAME, wish=Wish.REPLACE),
    "lost, a child": replace(SAME, wish=Wish.REPLACE, online=False),
    "lost, another bank": replace(OTHER_BANK, wish=Wish.REPLACE),
    "cancel": replace(SAME, wish=Wish.CANCEL),
    "use": replace(SAME, wish=Wish.USE),
}


@pytest.mark.slow
@pytest.mark.rule("platform B5")
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_no_plan_fails_and_none_is_longer_than_needed(case: Case) -> None:
    """对每一种状态穷举所有顺序:计划不会落空,也没有更短的。"""
    for start in STATES:
        must_be_the_shortest(start, case)


PLACES = st.sampled_from(
    [Place(Channel.SERVICE_OUTLET), Place(Channel.HR_COUNTER), BANK, Place(BANK.channel, "ccb")]
)


@pytest.mark.rule("platform B5")
@settings(max_examples=400, deadline=None)
@given(
    start=st.builds(
        Situation,
        hr=st.sampled_from((None, *H)),
        financial=st.sampled_from(F),
        transit=st.sampled_from(T),
        in_hand=st.booleans(),
        open_topup=st.booleans(),
        base_data_right=st.booleans(),
        benefits=st.booleans(),
        making=st.booleans(),
        posted=st.booleans(),
        replacement_applied=st.booleans(),
    ),
    case=st.sampled_from(list(CASES.values())),
    instant=st.frozensets(PLACES),
    loss_at=st.sampled_from((Channel.PORTAL, Channel.HR_COUNTER, Channel.CARD_FACE_BANK)),
    ready_at=st.none() | PLACES,
)
def test_the_same_on_the_way_with_printers_benefits_and_parcels(
    start: Situation,
    case: Case,
    instant: frozenset[Place],
    loss_at: Channel,
    ready_at: Place | None,
) -> None:
    """在办途中、即时制卡、待遇、邮寄等情形,同样穷举核对。"""
    if ready_at is not None:
        start = replace(start, making=False, successor=H.SEALED, new_financial=F.OPENED)
    case = replace(case, instant=instant, loss_at=loss_at, lies_at=ready_at)
    must_be_the_shortest(start, case)


@pytest.mark.rule("SEED, FAQ 13, 9; rule book 22.5")
def test_refund_then_exchange_then_activation() -> None:
    """①直营网点退值②网点换卡③卡面银行领卡、激活、转接。"""
    found = planned(WORN, SAME)
    assert acts(found) == [
        ("direct_outlet", ["refund"]),
        ("service_outlet", ["apply_exchange"]),
        ("card_face_bank", ["enable", "activate"]),
    ]
    assert reasons(found)["refund"] == "replacement.refund_first"
    assert [visit.on for visit in found.visits] == [cast.MONDAY, cast.MONDAY, MADE_ON]
    assert "planner.choose_collection" in {said.code for said in found.warnings}


def test_every_step_says_why_it_comes_before_the_next() -> None:
    """每一步都说明先后的理由。"""
    start = replace(WORN, open_topup=True, base_data_right=False)
    found = planned(start, replace(OTHER_BANK, reason=R.DATA_CHANGED))
    assert reasons(found) == {
        "finish_topup": "refund.open_topup",
        "refund": "replacement.refund_first",
        "close_account": "replacement.old_account_open",
        "correct_data": "replacement.data_not_corrected",
    }


def test_one_visit_to_the_bank_is_enough_for_a_lost_card() -> None:
    """线上挂失、补领、邮寄、启用,只到银行一次。"""
    found = planned(LOST, replace(SAME, wish=Wish.REPLACE))
    assert found.trips == 1
    assert acts(found) == [
        ("portal", ["report_loss", "apply_replacement"]),
        ("portal", ["enable"]),
        ("card_face_bank", ["activate"]),
    ]
    assert {said.code for said in found.warnings} == {
        "planner.bank_side_open",
        "planner.purse_lost",
    }


def test_where_a_visit_is_made_anyway_the_bank_hears_of_the_loss_too() -> None:
    """反正要跑一趟的,到卡面银行挂失,两侧一起停用。"""
    found = planned(LOST, replace(SAME, wish=Wish.REPLACE, online=False))
    assert acts(found)[0] == ("card_face_bank", ["report_loss", "apply_replacement"])
    assert "planner.bank_side_open" not in {said.code for said in found.warnings}


@pytest.mark.rule("rule book 16")
def test_cancelling_closes_each_owners_part_in_order() -> None:
    """注销:先待遇,再银行,再退值,最后交卡。"""
    found = planned(replace(WORN, benefits=True), replace(SAME, wish=Wish.CANCEL))
    order = [act for _, done in acts(found) for act in done]
    assert order.index("stop_benefits") < order.index("close_account") < order.index("cancel")
    assert reasons(found) == {
        "stop_benefits": "card.benefits_linked",
        "close_account": "card.account_open",
        "refund": "card.purse_balance_left",
    }


def test_a_printer_at_the_bank_saves_a_visit() -> None:
    """银行网点能即时制卡的,少跑一趟。"""
    spent = replace(WORN, transit=T.CLOSED)
    assert planned(spent, SAME).trips == 2
    on_the_spot = replace(SAME, instant=frozenset({BANK}))
    assert acts(planned(spent, on_the_spot)) == [
        ("card_face_bank", ["apply_exchange", "enable", "activate"])
    ]


def test_papers_are_named_for_every_visit() -> None:
    """每一趟带什么,事先说清。"""
    child = replace(SAME, online=False, guardian_needed=True)
    visits = planned(WORN, child).visits
    assert [act.papers for visit in visits for act in visit.acts] == [
        ("old_card",),
        ("own", "guardian", "photo", "old_card"),
        ("own", "guardian", "old_card"),
        ("own", "guardian", "new_card"),
    ]


@pytest.mark.parametrize(
    ("ends", "code"),
    [
        (None, ""),
        (MADE_ON, ""),
        (MADE_ON - timedelta(days=1), "planner.document_expires"),
        (cast.MONDAY, "planner.document_expires"),
        (cast.MONDAY - timedelta(days=1), "planner.document_expired"),
    ],
)
def test_a_document_that_ends_before_its_visit_is_told(ends: date | None, code: str) -> None:
    """证件在办理前到期的,事先提醒;最后一天仍有效。"""
    found = planned(WORN, replace(SAME, document_valid_to=ends))
    told = [said for said in found.warnings if said.code.startswith("planner.document")]
    assert [said.code for said in told] == ([code] if code else [])
    for said in told:
        for language in words.LANGUAGES:
            assert words.notice(said, language)


def test_where_no_way_leads_the_rule_that_closes_it_is_named() -> None:
    """走不通的,说明是哪一条规则。"""
    assert planned(Situation(None), SAME).refusal is not None
    too_early = planned(WORN, replace(SAME, reason=R.EXPIRING, valid_to=date(2026, 9, 1)))
    assert too_early.refusal is not None
    assert too_early.refusal.code == "replacement.too_early"
    assert (too_early.visits, too_early.trips) == ((), 0)


@pytest.mark.parametrize(
    ("start", "case", "code"),
    [
        (replace(WORN, hr=H.CANCELLED), replace(SAME, wish=Wish.USE), "hr_function.cancelled"),
        (replace(WORN, financial=F.FORMAL_LOSS), replace(SAME, wish=Wish.USE), CARD_LOST),
        (Situation(H.NORMAL, making=True), replace(SAME, wish=Wish.CANCEL), SUCCESSOR),
        (replace(WORN, hr=H.CANCELLED), replace(SAME, wish=Wish.REPLACE), "replacement.no_card"),
    ],
)
def test_the_refusal_is_the_rules_own(start: Situation, case: Case, code: str) -> None:
    """走不通时给出规则本身的说法,不含糊。"""
    found = planned(start, case)
    assert found.refusal is not None
    assert found.refusal.code == code


def test_what_is_in_order_already_needs_no_visit() -> None:
    """已能使用的,不用跑。"""
    assert planned(WORN, replace(SAME, wish=Wish.USE)) == Plan(())


def test_a_new_card_that_has_come_is_enabled_at_home_and_activated_at_its_bank() -> None:
    """补领的新卡已到:在家启用,带新卡到银行激活,跑一趟。"""
    lost = replace(LOST, hr=H.FORMAL_LOSS, replacement_applied=True, posted=True)
    come = replace(lost, successor=H.SEALED, new_financial=F.OPENED)
    use = replace(SAME, wish=Wish.USE)
    found = planned(come, use)
    assert acts(found) == [("portal", ["enable"]), ("card_face_bank", ["activate"])]
    assert found.visits[-1].acts[-1].papers == ("own", "new_card")
    assert planned(replace(lost, making=True), use).trips == found.trips == 1


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_act_wish_paper_and_warning_has_words(language: str) -> None:
    """步骤、材料、提醒都有中英文。"""
    for act in Act:
        assert words.text(f"planner.act.{act.value}", language)
    for wish in Wish:
        assert words.text(f"planner.wish.{wish.value}", language)
    for start, case in ((WORN, SAME), (LOST, replace(SAME, wish=Wish.REPLACE))):
        found = planned(replace(start, benefits=True), case)
        for said in found.warnings:
            assert words.notice(said, language)
        for visit in found.visits:
            for act_ in visit.acts:
                for paper in act_.papers:
                    assert words.text(f"planner.paper.{paper}", language)
