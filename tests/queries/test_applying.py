"""What people may see of applications: masked, their own, with what happens next."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onecard import words
from onecard.actions import application, person
from onecard.actions._stepping import keep_step
from onecard.actions.application import AgentShown
from onecard.adapters.faults import Fault
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.application import AppliedBy, Held, MakingMode, Outcome, Situation
from onecard.domain.authority import THE_CLOCK, Actor, Channel, Role
from onecard.domain.documents import DocumentKind
from onecard.domain.hr_function import HrState
from onecard.domain.production import ProductionEvent, ProductionState
from onecard.domain.refusal import NotFound, Refused
from onecard.queries import application as applications
from onecard.queries import eligibility, employer
from onecard.queries import person as persons
from onecard.records.models import Application, Card, Person
from onecard.seams.clock import LOCAL, SetClock
from onecard.seams.world import World
from tests import applying, cast
from tests.actions.application import conftest, people
from tests.actions.application.people import (
    CLERK,
    EMPLOYER_AGENT,
    HOLDER,
    MAN,
    OPERATOR,
    WOMAN,
    now,
    prepared,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def province(a_world: World, db: None) -> Iterator[SimulatedPartners]:  # noqa: ARG001
    with conftest.played(a_world) as played:
        yield played


def shown(value: object) -> str:
    return str(value)


def set_clock(world: World, at: datetime) -> None:
    assert isinstance(world.clock, SetClock)
    world.clock.set(at)


def both_have(key: str) -> bool:
    return all(words.has(key, language) for language in words.LANGUAGES)


@pytest.mark.rule("platform B24")
def test_a_citizen_sees_who_has_it_now_and_what_happens_next() -> None:
    """进度:谁在办、承诺日、下一步。"""
    receipt = people.applied_online(WOMAN)
    citizen = people.signed_in(WOMAN)
    (seen,) = applications.mine(as_seen_by=citizen, at=now())
    assert seen.state == "production.state.accepted"
    assert (seen.holder, seen.next) == (
        "production.holder.platform",
        "application.next.accepted",
    )
    assert (seen.promised_on, seen.late) == (date(2026, 3, 11), False)
    assert seen.number.replace(" ", "") == receipt.number
    assert [step.event for step in seen.steps] == [
        "application.event.submit",
        "production.event.accept",
    ]
    assert seen.may_correct is None
    assert seen.may_retract is None


@pytest.mark.parametrize("typed", ["{number}", "{grouped}", "{ref}"])
def test_it_is_found_by_number_however_typed(typed: str) -> None:
    """按受理号查询,可带空格。"""
    receipt = people.applied_online(WOMAN)
    citizen = people.signed_in(WOMAN)
    grouped = applications.mine(as_seen_by=citizen, at=now())[0].number
    key = typed.format(number=receipt.number, grouped=grouped, ref=receipt.application)
    found = applications.progress(application=key, as_seen_by=citizen, at=now())
    assert found.application == receipt.application


def test_a_foreign_application_looks_like_an_absent_one() -> None:
    """他人的申请与不存在的一样。"""
    receipt = people.applied_online(WOMAN)
    other = people.signed_in(MAN)
    for key, by in (
        (receipt.number, other),
        ("260302123456785", other),
        (receipt.number, EMPLOYER_AGENT),
    ):
        with pytest.raises(NotFound) as no:
            applications.progress(application=key, as_seen_by=by, at=now())
        assert str(no.value) == "Application"
    assert applications.mine(as_seen_by=other, at=now()) == ()


def test_past_the_promised_day_it_is_late_until_the_card_is_ready(a_world: World) -> None:
    """过了承诺日未完成,即为超时。"""
    people.applied_online(WOMAN)
    citizen = people.signed_in(WOMAN)

    def late() -> bool:
        return applications.mine(as_seen_by=citizen, at=now())[0].late

    set_clock(a_world, datetime(2026, 3, 11, 23, 59, tzinfo=LOCAL))
    assert not late()
    set_clock(a_world, datetime(2026, 3, 12, 0, 0, tzinfo=LOCAL))
    assert late()
    Application.objects.update(state=ProductionState.POSTED)
    assert not late()


@pytest.mark.parametrize("state", ProductionState)
@pytest.mark.parametrize("holder", ["province", "reviewer", "outlet"])
def test_every_state_says_what_happens_next_in_both_languages(
    state: ProductionState, holder: str
) -> None:
    """每个状态都有下一步。"""
    people.applied_online(WOMAN)
    Application.objects.update(state=state, holder_of_the_moment=holder)
    seen = applications.of_person(person=Person.objects.get().ref, as_seen_by=OPERATOR, at=now())[0]
    for key in (seen.state, seen.holder, seen.next, seen.kind, seen.channel, seen.collection):
        assert both_have(key), key
    for step in seen.steps:
        assert both_have(step.event), step.event


def test_an_instant_card_is_not_told_to_wait_for_a_batch() -> None:
    """当场制卡的，不说排入批次。"""
    people.applied_online(WOMAN)
    Application.objects.update(state=ProductionState.ACCEPTED, making_mode=MakingMode.INSTANT)
    seen = applications.of_person(person=Person.objects.get().ref, as_seen_by=OPERATOR, at=now())[0]
    assert seen.next == "application.next.accepted_instant"
    assert both_have(seen.next)


@pytest.mark.rule("platform C3.5")
def test_an_employer_sees_its_people_masked_and_nothing_of_their_bank() -> None:
    """单位看不到银行信息,姓名号码均遮盖。"""
    prepared(WOMAN)
    people.applied_online(MAN)
    Application.objects.filter(employer="emp_works").update(
        state=ProductionState.BANK_FAILED, failure="手机号核验未通过"
    )
    keep_step(
        Application.objects.get(employer="emp_works"),
        ProductionEvent.BANK_FAIL.value,
        before="at_bank",
        by=THE_CLOCK,
        at=now(),
        reason="手机号核验未通过",
    )
    (row,) = employer.people(as_seen_by=EMPLOYER_AGENT, at=now(), employer="emp_other")
    assert row.name == "王*"
    assert row.identity_number == "3****************4"
    assert row.needs_attention
    seen = applications.progress(application=row.application, as_seen_by=EMPLOYER_AGENT, at=now())
    for text in (shown(row), shown(replace(seen, may_correct=None, may_retract=None))):
        assert "icbc" not in text
        assert "手机号核验未通过" not in text
        assert WOMAN.person.identity_number not in text
    assert employer.one(employer="emp_works").name == "常州测试机械厂"
    with pytest.raises(NotFound):
        employer.by_credit_code(credit_code="91320499MA1XX00030")


def test_whoever_is_not_named_sees_no_application() -> None:
    """没有列明可以看的身份，一件也看不到。"""
    ref = people.applied_online(WOMAN).application
    stranger = Actor(Role.PARTNER, "cli_x", Channel.PARTNER_API)
    with pytest.raises(NotFound):
        applications.progress(application=ref, as_seen_by=stranger, at=now())
    assert applications.of_person(person="per_x", as_seen_by=stranger, at=now()) == ()


def test_another_employer_sees_nobody() -> None:
    """其他单位看不到。"""
    prepared(WOMAN)
    stranger = replace(EMPLOYER_AGENT, employer="emp_other")
    assert employer.people(as_seen_by=stranger, at=now(), employer="emp_works") == ()


def test_a_counter_sees_the_person_masked_with_alerts_first() -> None:
    """一人一屏:提示在前,信息遮盖。"""
    ref = people.at_desk(HOLDER)
    Card.objects.update(hr_state=HrState.TEMPORARY_LOSS)
    seen = persons.at_counter(person=ref, as_seen_by=CLERK, at=now())
    assert (seen.name, seen.identity_number) == ("张*", "3****************2")
    assert [alert.key for alert in seen.alerts] == ["temporary_loss"]
    assert seen.alerts[0].tone == "stop"
    assert seen.cards[0].generation == 2
    text = shown(asdict(seen))
    assert HOLDER.person.identity_number not in text
    assert HOLDER.person.name not in text


def test_a_greyed_button_says_what_the_rule_says() -> None:
    """不能办的按钮,说明理由与规则一致。"""
    offered = _acts(people.at_desk(HOLDER))
    assert offered == {"first": "application.already_has_card", "upgrade": ""}
    with pytest.raises(Refused, match=offered["first"]):
        people.accepted_at_counter(HOLDER)
    assert _acts(people.at_desk(WOMAN)) == {"first": "", "upgrade": "replacement.no_card"}
    people.accepted_at_counter(WOMAN)
    assert _acts(people.at_desk(WOMAN))["first"] == "application.already_in_production"


def _acts(ref: str) -> dict[str, str]:
    seen = persons.at_counter(person=ref, as_seen_by=CLERK, at=now())
    return {act.act: act.refusal.code if act.refusal else "" for act in seen.acts}


@pytest.mark.parametrize("by", [EMPLOYER_AGENT, cast.CITIZEN])
def test_only_a_clerk_opens_the_counters_screen(by: Actor) -> None:
    """窗口页面仅供经办人员。"""
    ref = people.at_desk(WOMAN)
    with pytest.raises(NotFound):
        persons.at_counter(person=ref, as_seen_by=by, at=now())


def test_every_alert_has_words() -> None:
    """每条提示都有两种语言的说法。"""
    receipt = people.accepted_at_counter(MAN)
    Person.objects.update(deceased=True, person_number=b"")
    Card.objects.create(
        ref="crd_1",
        person_id=receipt.person,
        bank="icbc",
        hr_state=HrState.SEALED,
        issued_on=cast.MONDAY,
        valid_to=cast.MONDAY,
    )
    keys = set()
    for state in (
        ProductionState.BANK_FAILED,
        ProductionState.MAKING_FAILED,
        ProductionState.AT_OUTLET,
    ):
        Application.objects.update(
            state=state, holder_of_the_moment="reviewer", promised_on=date(2026, 3, 1)
        )
        seen = persons.at_counter(person=receipt.person, as_seen_by=CLERK, at=now())
        for alert in seen.alerts:
            keys.add(alert.key)
            for language in words.LANGUAGES:
                assert words.text(alert.word, language, **alert.facts)
        tones = [alert.tone for alert in seen.alerts]
        assert tones == sorted(tones, key=["stop", "attention", "note"].index)
    assert {"deceased", "not_in_base_data", "sealed", "bank_failed", "late"} <= keys


def test_a_citizen_sees_what_is_known_of_them_masked() -> None:
    """我们已知道的您的信息,遮盖显示。"""
    people.applied_online(WOMAN)
    citizen = people.signed_in(WOMAN)
    me = persons.myself(as_seen_by=citizen, at=now())
    assert (me.name, me.identity_number, me.phone) == ("王*", "3****************4", "138****8000")
    assert (me.age, me.known_to_province) == (36, True)
    assert me.photo
    with pytest.raises(NotFound):
        persons.myself(as_seen_by=cast.CITIZEN, at=now())


@pytest.mark.rule("guarantees A2")
def test_the_history_tells_who_applied_what_was_refused_and_why_and_who_looked() -> None:
    """历史:谁申请、因何被拒、谁看过。"""
    case = people.case_of(WOMAN, applied_by=AppliedBy.AGENT, document=None)
    case = replace(case, agent=AgentShown("李强", applying.AGENTS))
    with pytest.raises(Refused):
        application.accept_at_counter(case=case, actor=CLERK, at=now())
    people.accepted_at_counter(WOMAN)
    person.unmask(person=case.person, field="phone", reason="联系本人", actor=CLERK, at=now())
    citizen = people.signed_in(WOMAN)
    lines = persons.history(person=case.person, as_seen_by=citizen)
    told = {(line.act, line.done, line.refusal) for line in lines}
    assert ("application.act.take_at_counter", False, "authority.holder_original_missing") in told
    assert ("application.act.take_at_counter", True, "") in told
    assert ("person.act.unmask", True, "") in told
    for line in lines:
        assert both_have(line.act), line.act
        assert both_have(line.by_role)
        assert WOMAN.person.identity_number not in shown(line)
        assert "stf_clerk" not in shown(line)
    with pytest.raises(NotFound):
        persons.history(person=case.person, as_seen_by=people.signed_in(MAN))


def test_the_worklist_of_an_outlet_holds_its_own_cases(province: SimulatedPartners) -> None:
    """网点待办:只看本网点,单位名单各网点都可受理。"""
    prepared(MAN)
    case = people.case_of(WOMAN)
    province.simulation.faults.set("hr_database", Fault.DOWN)
    application.accept_at_counter(case=case, actor=CLERK, at=now())
    mine = applications.worklist(as_seen_by=CLERK, at=now())
    assert [row.name for row in mine.prepared] == ["李*"]
    assert [row.name for row in mine.waiting_for_province] == ["王*"]
    assert mine.bank_failed == ()
    there = replace(CLERK, outlet="out_zhonglou")
    others = applications.worklist(as_seen_by=there, at=now())
    assert others.waiting_for_province == ()
    assert len(others.prepared) == 1
    assert len(applications.worklist(as_seen_by=OPERATOR, at=now()).waiting_for_province) == 1


def test_the_guide_answers_as_of_today() -> None:
    """我能办吗。"""
    way = eligibility.ask(answers=Situation(Held.NONE, 30, DocumentKind.RESIDENT_ID), at=now())
    assert way.outcome is Outcome.APPLY_ONLINE


def test_no_list_asks_the_archive_once_for_each_person() -> None:
    """名单查询次数不随人数增长。"""

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            employer.people(as_seen_by=EMPLOYER_AGENT, at=now())
            applications.worklist(as_seen_by=CLERK, at=now())
        return len(queries)

    prepared(WOMAN)
    with_one = asked()
    prepared(MAN)
    assert asked() == with_one
