"""Losses are reported by every door, take effect at once, and nobody reports twice or too often."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from onecard import policy, words
from onecard.actions import loss, outbox
from onecard.actions._history import move_hr
from onecard.adapters.partners import in_partners
from onecard.adapters.simulation import SimulatedPartners, simulated_partners
from onecard.domain.authority import THE_CLOCK, Actor, Channel, Role
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrEvent, HrState
from onecard.domain.refusal import NotFound, Refused
from onecard.records.models import (
    AuditRow,
    Card,
    LossConfirmation,
    LossReport,
    LossSide,
    Notification,
    OutboxRow,
    Outlet,
    Staff,
    Transition,
)
from onecard.seams.world import world
from tests import cast, made_card
from tests.lost_card import (
    BANK,
    BANK_SYSTEM,
    BY_AGENT,
    OPERATOR_12333,
    OTHER_SYSTEM,
    OTHER_TELLER,
    OWN,
    SECOND_TELLER,
    TELLER,
    TICK,
    WEEK,
    a_call,
    a_card,
    at_bank,
    at_counter,
    by_phone,
    fresh,
    holder,
    later,
    now,
    online,
    registered,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city() -> Iterator[SimulatedPartners]:
    """Partners made of software, in memory."""
    partners = simulated_partners(state_folder=None, now=world().clock.now, seed=7)
    with in_partners(partners):
        yield partners


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.refusal.code


@pytest.mark.rule("SEED, FAQ 11; acceptance case A4")
def test_a_report_by_telephone_stops_the_hr_function_for_seven_days() -> None:
    """12333电话临时挂失:人社功能即刻停用,7天后自动解挂;金融功能不在内。"""
    person, card = a_card()
    receipt = by_phone(card)
    row = fresh(card)
    assert (row.hr_state, row.financial_state) == (
        HrState.TEMPORARY_LOSS,
        FinancialState.ACTIVATED,
    )
    assert receipt.until == row.loss_ends_at == now() + WEEK
    assert receipt.elsewhere is not None
    assert (receipt.elsewhere.bank, receipt.elsewhere.hotline) == ("江南农村商业银行", "96008")
    side = LossSide.objects.get()
    assert (side.report_id, side.version, side.until) == (receipt.report, 1, receipt.until)
    assert row.state_at(now() + WEEK - TICK) is HrState.TEMPORARY_LOSS
    assert row.state_at(now() + WEEK) is HrState.NORMAL
    row = AuditRow.objects.get(act="loss.report_temporary")
    assert row.concerning == person.ref


def test_a_second_report_changes_nothing() -> None:
    """挂失期间再次挂失,到期时间不变。"""
    _, card = a_card()
    first = by_phone(card)
    later(days=3)
    second = by_phone(card)
    assert (second.notice, second.report, second.until, second.version) == (
        "loss.already_temporary",
        first.report,
        first.until,
        first.version,
    )
    assert LossReport.objects.count() == 1
    assert Transition.objects.filter(card=card).count() == 1


def test_after_the_lapse_a_report_is_a_new_one_even_if_nobody_swept() -> None:
    """逾期后再挂失是新的挂失,重新计7天;历史先记自动解挂。"""
    _, card = a_card()
    first = by_phone(card)
    later(days=7)
    second = by_phone(card)
    assert second.notice == ""
    assert second.report != first.report
    assert second.until == now() + WEEK
    steps = Transition.objects.filter(card=card).order_by("sequence")
    assert [step.to_state for step in steps] == ["temporary_loss", "normal", "temporary_loss"]
    assert steps[1].at == first.until
    ended = LossSide.objects.get(report=first.report)
    assert (ended.ended_how, ended.ended_at) == ("lapsed", first.until)
    events = OutboxRow.objects.filter(party="hr_database").order_by("sequence")
    assert [(row.event, row.payload["state"]) for row in events] == [
        ("loss.temporary.created", "temporary_loss"),
        ("loss.temporary.lapsed", "normal"),
        ("loss.temporary.created", "temporary_loss"),
    ]


def test_a_city_may_let_a_second_report_begin_the_days_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """重复挂失是否延长,由城市参数决定。"""
    from dataclasses import replace

    from onecard.actions import _losing
    from onecard.actions.loss import temporary

    extends = replace(_losing.figures_on(cast.MONDAY), temporary_repeat_extends=True)
    monkeypatch.setattr(temporary, "figures_on", lambda _: extends)
    _, card = a_card()
    by_phone(card)
    later(days=3)
    assert by_phone(card).until == now() + WEEK
    assert fresh(card).loss_ends_at == now() + WEEK


@pytest.mark.rule("guarantees 13; threat 7")
def test_two_reports_a_day_on_weak_proof_and_no_third() -> None:
    """电话挂失每人每天最多2次,次日可再办。"""
    _, card = a_card()
    for _ in range(2):
        by_phone(card)
        Card.objects.update(loss_ends_at=now())
        later(minutes=1)
    with pytest.raises(Refused) as refused:
        by_phone(card)
    assert code_of(refused) == "loss.too_many_today"
    assert fresh(card).state_at(now()) is HrState.NORMAL
    made_card.clock().set(datetime(2026, 3, 3, 0, 0, tzinfo=cast.MONDAY_9AM.tzinfo))
    assert by_phone(card).notice == ""


@pytest.mark.rule("OTHER-CITY S48; platform C6.4; guarantees P4")
@pytest.mark.parametrize(
    ("name", "number", "card"),
    [
        ("王方", cast.ADULT, ""),
        ("王芳", cast.ADULT_MAN, ""),
        ("王芳", "320499199001019002", ""),
        ("王芳", cast.ADULT, "X00000000"),
        ("", "", ""),
        ("王芳", "<script>", ""),
    ],
)
def test_whoever_is_not_believed_is_not_told_why(name: str, number: str, card: str) -> None:
    """身份核对不符,一律同一答复;每次尝试都留痕,本人可见。"""
    person, _ = a_card()
    with pytest.raises(Refused) as refused:
        a_call(name=name, number=number, card=card)
    refusal = refused.value.refusal
    assert (refusal.code, refusal.all_facts(), refusal.field) == (
        "loss.caller_not_identified",
        {},
        "",
    )
    row = AuditRow.objects.get(act="loss.identify_caller")
    assert row.facts["identified"] is False
    assert row.concerning == (person.ref if number == cast.ADULT else "")
    assert cast.ADULT not in str(row.facts)


def test_a_caller_may_say_the_card_number_too() -> None:
    """知道卡号的报卡号,全角也认。"""
    _, card = a_card()
    receipt = a_call(card="B12345678")
    assert receipt.cards == (card.ref,)
    assert LossReport.objects.count() == 0


def test_an_identification_is_good_for_one_call_of_one_operator() -> None:
    """身份核对只在同一话务员、同一通电话、30分钟内有效;别人的卡查不到。"""
    _, card = a_card()
    call = a_call().call
    other = Actor(Role.PHONE_OPERATOR, "stf_second_12333", Channel.PHONE)
    with pytest.raises(Refused) as refused:
        loss.report_temporary(call=call, card=card.ref, actor=other, at=now())
    assert code_of(refused) == "loss.call_over"
    stranger = made_card.a_person(cast.ADULT_MAN)
    theirs = made_card.a_card(
        stranger, None, card_number="Z1", card_identifier="1" * 32, hr_state=HrState.NORMAL
    )
    with pytest.raises(NotFound):
        loss.report_temporary(call=call, card=theirs.ref, actor=OPERATOR_12333, at=now())
    later(minutes=30)
    with pytest.raises(Refused) as refused:
        loss.report_temporary(call=call, card=card.ref, actor=OPERATOR_12333, at=now())
    assert code_of(refused) == "loss.call_over"
    assert fresh(card).hr_state is HrState.NORMAL


def test_the_portal_takes_a_temporary_report_only_where_the_city_opened_it() -> None:
    """网上临时挂失默认不开放,城市可开。"""
    _, card = a_card()
    with pytest.raises(Refused) as refused:
        loss.report_temporary_online(card=card.ref, actor=holder(card), at=now())
    assert code_of(refused) == "application.channel_not_open"
    with policy.in_pack("shanghai-sample"):
        receipt = loss.report_temporary_online(card=card.ref, actor=holder(card), at=now())
    assert receipt.until == datetime(2026, 3, 8, 0, 0, tzinfo=cast.MONDAY_9AM.tzinfo)


@pytest.mark.rule("SEED, FAQ 11; architecture 3.1")
def test_a_formal_report_at_the_bank_moves_both_functions_and_the_bank_confirms(
    city: SimulatedPartners,
) -> None:
    """卡面银行网点正式挂失:人社、金融一起,银行当场签名确认。"""
    _, card = a_card()
    registered(city, card)
    receipt = at_bank(card)
    row = fresh(card)
    assert (row.hr_state, row.financial_state) == (
        HrState.FORMAL_LOSS,
        FinancialState.FORMAL_LOSS,
    )
    assert (receipt.notice, receipt.financial_answer, receipt.elsewhere) == ("", "", None)
    assert city.simulation.banks[BANK].account_state(card.card_number).state is (
        FinancialState.FORMAL_LOSS
    )
    bank = LossConfirmation.objects.get(party=f"bank:{BANK}")
    assert bank.confirmed_at == bank.effective_at == now()
    assert bank.serial == f"simulated-{BANK}"
    assert receipt.report in bank.acknowledgement
    register = LossConfirmation.objects.get(party="hr_database")
    assert register.confirmed_at is None, "nothing is claimed before it was confirmed"
    outbox.deliver_due(actor=THE_CLOCK, at=now())
    register.refresh_from_db()
    assert register.confirmed_at == now()
    report = LossReport.objects.get()
    assert (report.outlet, report.bank, report.by_agent) == ("out_bank", BANK, False)


@pytest.mark.rule("architecture 3.1: never return early on the first notice")
def test_reported_online_before_the_bank_still_takes_its_side_in() -> None:
    """先在网上挂失人社侧,再到银行:金融侧照样挂失。"""
    _, card = a_card()
    first = online(card)
    receipt = at_bank(card)
    assert receipt.notice == ""
    assert receipt.financial_answer == ""
    assert fresh(card).financial_state is FinancialState.FORMAL_LOSS
    sides = {side.function.value: side.report_id for side in LossSide.objects.all()}
    assert sides == {"hr": first.report, "financial": receipt.report}
    third = at_bank(card)
    assert (third.notice, third.report) == ("loss.already_formal", first.report)
    assert LossReport.objects.count() == 2


@pytest.mark.rule("rule book 18, note 1 (ASSUMPTION)")
@pytest.mark.parametrize(
    ("financial", "answer"),
    [
        (FinancialState.OPENED, "financial_function.not_activated"),
        (FinancialState.NONE, "financial_function.no_account"),
        (FinancialState.CLOSED, "financial_function.closed"),
    ],
)
def test_never_activated_the_hr_side_is_accepted_all_the_same(
    financial: FinancialState, answer: str
) -> None:
    """金融功能未激活:人社侧照样受理,并说明银行侧无可挂失。"""
    _, card = a_card(financial_state=financial)
    receipt = at_bank(card)
    row = fresh(card)
    assert (row.hr_state, row.financial_state) == (HrState.FORMAL_LOSS, financial)
    assert receipt.financial_answer == answer
    assert receipt.bank_message == ""
    assert LossSide.objects.count() == 1


def test_a_sealed_card_with_an_active_account_protects_the_account() -> None:
    """卡未启用但账户已激活:银行侧照样挂失;两侧都无可挂失才不办。"""
    _, card = a_card(hr_state=HrState.SEALED)
    at_bank(card)
    row = fresh(card)
    assert (row.hr_state, row.financial_state) == (HrState.SEALED, FinancialState.FORMAL_LOSS)
    Card.objects.update(financial_state=FinancialState.OPENED)
    with pytest.raises(Refused) as refused:
        at_bank(card)
    assert code_of(refused) == "loss.card_not_enabled"


@pytest.mark.rule("SEED, FAQ 11; platform C5.1")
def test_another_banks_clerk_learns_the_right_bank_and_nothing_else() -> None:
    """别行网点不办,只告知正确的银行和电话;先核对证件。"""
    _, card = a_card()
    with pytest.raises(Refused) as refused:
        at_bank(card, OTHER_TELLER, BY_AGENT.__class__(holder=None))
    assert code_of(refused) == "documents.not_original"
    with pytest.raises(Refused) as refused:
        at_bank(card, OTHER_TELLER)
    refusal = refused.value.refusal
    assert (refusal.code, refusal.all_facts()) == (
        "loss.wrong_bank",
        {"bank": "江南农村商业银行", "hotline": "96008"},
    )
    assert "Jiangnan Rural Commercial Bank" in words.explain(refusal, "en").headline
    assert fresh(card).hr_state is HrState.NORMAL


def test_the_outlets_of_this_city_take_formal_reports() -> None:
    """正式挂失在全市网点办理,外市网点不办。"""
    _, card = a_card()
    Outlet.objects.filter(ref="out_bank").update(city="suzhou")
    with pytest.raises(Refused) as refused:
        at_bank(card)
    assert code_of(refused) == "loss.outlet_out_of_scope"
    assert at_bank(card, SECOND_TELLER).notice == ""


def test_an_agent_reports_with_both_originals_where_the_city_allows_it() -> None:
    """代办正式挂失须双方原件;不许代办的城市由本人办。"""
    _, card = a_card()
    with policy.in_pack("shanghai-sample"), pytest.raises(Refused) as refused:
        at_bank(card, shown=BY_AGENT)
    assert code_of(refused) == "authority.in_person_only"
    at_bank(card, shown=BY_AGENT)
    report = LossReport.objects.get()
    assert (report.by_agent, report.agent_name) == (True, "李强")
    assert cast.ADULT_MAN in report.agent_document


@pytest.mark.rule("SEED, FAQ 11; acceptance case A5")
def test_a_formal_report_online_covers_the_hr_side_and_says_who_covers_the_other() -> None:
    """线上正式挂失只含人社侧,必须提示金融侧按银行规定办理。"""
    person, card = a_card()
    receipt = online(card)
    row = fresh(card)
    assert (row.hr_state, row.financial_state) == (HrState.FORMAL_LOSS, FinancialState.ACTIVATED)
    assert receipt.financial_answer == "loss.financial_side_elsewhere"
    assert receipt.elsewhere is not None
    outbox.deliver_due(actor=THE_CLOCK, at=now())
    text = Notification.objects.get(person=person)
    assert text.key == "notification.loss.formal.hr_only"
    assert text.facts["bank_hotline"] == "96008"
    assert not OutboxRow.objects.filter(party=f"bank:{BANK}").exists()
    assert online(card).notice == "loss.already_formal"


def test_a_counter_takes_the_hr_side_with_the_papers() -> None:
    """人社窗口、服务网点正式挂失只含人社侧,须证件原件。"""
    _, card = a_card()
    with pytest.raises(Refused) as refused:
        loss.report_formally_at_counter(
            card=card.ref, shown=BY_AGENT.__class__(holder=None), actor=cast.CLERK, at=now()
        )
    assert code_of(refused) == "documents.not_original"
    receipt = at_counter(card)
    assert receipt.elsewhere is not None
    assert LossReport.objects.get().outlet == "out_tianning"


@pytest.mark.rule("rule book 17.1: the lapse stops")
def test_a_formal_report_overrides_a_temporary_one_and_never_lapses() -> None:
    """临时挂失期间转正式挂失:不再自动解挂。"""
    _, card = a_card()
    first = by_phone(card)
    second = online(card)
    row = fresh(card)
    assert row.loss_ends_at is None
    assert row.state_at(now() + timedelta(days=3650)) is HrState.FORMAL_LOSS
    ended = LossSide.objects.get(report=first.report)
    assert ended.ended_how == "reported_formal"
    assert second.version > first.version
    assert by_phone(card).notice == "loss.already_formal"


def test_a_lock_that_is_noted_while_the_card_is_lost_leaves_the_loss_as_it_is() -> None:
    """挂失期间的锁定只作记录:挂失和到期时间都不变。"""
    _, card = a_card()
    until = by_phone(card).until
    row = fresh(card)
    move_hr(row, HrEvent.LOCK, reason="noted", by=THE_CLOCK, at=now())
    row = fresh(card)
    assert (row.hr_state, row.loss_ends_at) == (HrState.TEMPORARY_LOSS, until)
    assert LossSide.objects.get().ended_at is None
    assert row.state_at(now() + WEEK) is HrState.NORMAL


@pytest.mark.rule("architecture 3.1")
def test_a_banks_own_system_reports_and_is_its_own_confirmation() -> None:
    """银行系统来报:人社侧同时挂失,银行侧即为已确认;同一流水号不重复。"""
    _, card = a_card()
    facts = {"card": card.ref, "serial": "JN-1", "actor": BANK_SYSTEM, "at": now()}
    receipt = loss.take_formal_report(**facts)
    assert loss.take_formal_report(**facts).report == receipt.report
    row = fresh(card)
    assert (row.hr_state, row.financial_state) == (
        HrState.FORMAL_LOSS,
        FinancialState.FORMAL_LOSS,
    )
    assert LossConfirmation.objects.get(party=f"bank:{BANK}").confirmed_at == now()
    assert not OutboxRow.objects.filter(party=f"bank:{BANK}").exists()
    assert LossReport.objects.count() == 1


def test_to_another_banks_system_the_card_does_not_exist() -> None:
    """别行系统查不到这张卡,与不存在的卡一样。"""
    _, card = a_card()
    for ref in (card.ref, "crd_nobody"):
        with pytest.raises(NotFound):
            loss.take_formal_report(card=ref, serial="1", actor=OTHER_SYSTEM, at=now())
    with pytest.raises(NotFound):
        loss.report_formally_online(card=card.ref, actor=cast.CITIZEN, at=now())
    assert fresh(card).hr_state is HrState.NORMAL


def test_nobody_takes_the_own_case() -> None:
    """柜员不能办理自己的卡。"""
    person, card = a_card()
    Staff.objects.create(
        ref=TELLER.ref,
        username="teller",
        display_name="王芳",
        role=Role.BANK_CLERK,
        person=person,
        created_by="stf_admin",
        created_at=now(),
    )
    with pytest.raises(Refused) as refused:
        at_bank(card)
    assert code_of(refused) == "authority.own_case"
    assert at_bank(card, SECOND_TELLER, OWN).notice == ""


@pytest.mark.parametrize("state", [HrState.SEALED, HrState.CANCELLED])
def test_a_card_that_is_not_enabled_or_dead_is_not_reported_by_telephone(state: HrState) -> None:
    """未启用、已注销的卡不能电话挂失。"""
    _, card = a_card(hr_state=state)
    with pytest.raises(Refused) as refused:
        by_phone(card)
    assert code_of(refused) in {"loss.card_not_enabled", "hr_function.cancelled"}
    assert LossReport.objects.count() == 0
