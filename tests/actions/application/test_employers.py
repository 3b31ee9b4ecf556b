"""An employer prepares its people online; an outlet accepts them with the papers on the desk."""

from dataclasses import replace

import pytest

from onecard.actions import application, employer
from onecard.actions._keeping import once
from onecard.actions.application import AgentShown
from onecard.adapters.faults import Fault
from onecard.adapters.hr_database.magic import NOT_IN_DATABASE, WITHOUT_PHOTO
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.application import Answers, AppliedBy
from onecard.domain.authority import THE_CLOCK, Channel
from onecard.domain.documents import EmployerPaper
from onecard.domain.production import ProductionState
from onecard.domain.refusal import NotFound
from onecard.records.models import Application, Employer, Person
from tests import applying
from tests.actions.application.people import (
    CHILD,
    CLERK,
    EMPLOYER_AGENT,
    HOLDER,
    MAN,
    OPERATOR,
    WOMAN,
    now,
    prepared,
    refused,
    unit_papers,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


def accept(*applications: str, **papers: object) -> application.EmployerAcceptance:
    return application.accept_for_employer(
        applications=applications, papers=unit_papers(**papers), actor=CLERK, at=now()
    )


@pytest.mark.rule("PROVINCIAL S7; platform X9")
def test_a_prepared_person_waits_for_the_outlet() -> None:
    """单位线上准备,线下受理。"""
    receipt = prepared(WOMAN)
    row = Application.objects.get(ref=receipt.application)
    assert row.state is ProductionState.SUBMITTED
    assert (row.channel, row.applied_by) == (Channel.EMPLOYER, AppliedBy.EMPLOYER)
    assert row.holder_of_the_moment == "outlet"
    application.accept_waiting(actor=THE_CLOCK, at=now())
    with refused("application.list_accepted_at_outlet"):
        application.accept_online(application=row.ref, actor=OPERATOR, at=now())
    row.refresh_from_db()
    assert row.state is ProductionState.SUBMITTED


@pytest.mark.rule("SEED, FAQ 3")
@pytest.mark.parametrize("paper", EmployerPaper)
def test_with_one_paper_and_the_agents_original_the_list_is_accepted(paper: EmployerPaper) -> None:
    """单位材料二选一,加代理人证件原件。"""
    done = accept(prepared(WOMAN).application, prepared(MAN).application, paper=paper)
    assert [receipt.state for receipt in done.accepted] == ["accepted", "accepted"]
    assert done.refused == ()
    row = Application.objects.get(person=done.accepted[0].person)
    assert row.agent_name == "李强"
    assert row.collect_at_id == "out_tianning"
    events = row.steps.values_list("event", flat=True)
    assert list(events) == ["submit", "papers_seen", "accept"]


@pytest.mark.rule("SEED, FAQ 3; scenario A13")
def test_without_papers_nobody_is_accepted_and_everybody_says_why() -> None:
    """缺单位材料,逐人告知。"""
    done = accept(prepared(WOMAN).application, paper=None)
    assert done.accepted == ()
    assert done.refused[0].refusals[0].code == "authority.employer_paper_missing"
    copy = AgentShown("李强", replace(applying.AGENTS, original=False))
    done = accept(Application.objects.get().ref, agent=copy)
    assert done.refused[0].refusals[0].code == "documents.not_original"
    assert Application.objects.get().state is ProductionState.SUBMITTED


def test_one_who_cannot_be_taken_holds_up_nobody() -> None:
    """一人有误,不影响其他人。"""
    without, with_photo = prepared(WITHOUT_PHOTO), prepared(WOMAN)
    done = accept(without.application, with_photo.application)
    assert [receipt.application for receipt in done.accepted] == [with_photo.application]
    assert done.refused[0].number == without.number
    assert done.refused[0].refusals[0].code == "photo.required"


@pytest.mark.rule("guarantees I1")
def test_a_list_accepted_under_one_key_accepts_everybody_once() -> None:
    """一次提交整份名单:人人受理,重发得到同样的回执。"""
    refs = (prepared(WOMAN).application, prepared(MAN).application)
    receipts = []
    for _ in range(2):
        with once("counter", "key-1", "the list"):
            receipts.append(accept(*refs).accepted)
    assert [receipt.application for receipt in receipts[0]] == list(refs)
    assert receipts[1] == receipts[0]
    states = Application.objects.values_list("state", flat=True)
    assert set(states) == {ProductionState.ACCEPTED}


def test_accepting_the_same_list_twice_changes_nothing() -> None:
    """重复受理没有变化。"""
    ref = prepared(WOMAN).application
    assert accept(ref).accepted
    again = accept(ref)
    assert again.accepted == ()
    assert again.refused[0].refusals[0].code == "production.not_in_this_state"


def test_somebody_without_base_data_must_be_named_as_the_police_know_them(
    province: SimulatedPartners,
) -> None:
    """省库查无此人的,姓名与号码须经实名核验一致。"""
    misnamed = replace(NOT_IN_DATABASE, person=replace(NOT_IN_DATABASE.person, name="吴缺书"))
    with refused("documents.data_mismatch"):
        prepared(misnamed)
    assert not Person.objects.exists()
    province.simulation.faults.set("real_name", Fault.DOWN)
    with refused("partner.silent"):
        prepared(NOT_IN_DATABASE)
    province.simulation.faults.heal("real_name")
    assert prepared(NOT_IN_DATABASE).state == "submitted"


def test_an_employer_learns_nothing_by_a_number_alone() -> None:
    """只有号码没有姓名的,不受理,也不透露任何情况。"""
    nameless = replace(HOLDER, person=replace(HOLDER.person, name=""))
    with refused("application.key_information_missing"):
        prepared(nameless)
    misnamed = replace(HOLDER, person=replace(HOLDER.person, name="张花"))
    with refused("documents.conflict"):
        prepared(misnamed)


def test_a_holder_and_a_child_without_guardian_are_not_put_on_the_list() -> None:
    """逐人核对:已持卡、缺监护人信息的不能列入。"""
    with refused("application.already_has_card"):
        prepared(HOLDER)
    with refused("application.guardian_required"):
        prepared(CHILD)
    assert prepared(CHILD, guardian=applying.MOTHER).state == "submitted"


def test_an_employers_agent_acts_for_their_own_employer_only() -> None:
    """只能为本单位人员办理。"""
    Employer.objects.create(ref="emp_other", credit_code="91320499MA1XX00030", name="另一家")
    receipt = prepared(WOMAN, employer="emp_other")
    assert Application.objects.get(ref=receipt.application).employer_id == "emp_works"
    with pytest.raises(NotFound):
        accept(receipt.application, employer="emp_other")
    stranger = replace(EMPLOYER_AGENT, employer="emp_other")
    with pytest.raises(NotFound):
        application.retract(
            application=receipt.application, reason="离职", actor=stranger, at=now()
        )


@pytest.mark.rule("platform C3.4")
def test_a_leaver_is_taken_off_the_list() -> None:
    """离职人员可撤回。"""
    receipt = prepared(WOMAN)
    gone = application.retract(
        application=receipt.application, reason="离职", actor=EMPLOYER_AGENT, at=now()
    )
    assert gone.state == "retracted"


def test_mending_a_prepared_person_leaves_them_with_the_outlet() -> None:
    """准备中的更正,仍待网点受理。"""
    receipt = prepared(WOMAN)
    application.correct(
        application=receipt.application,
        answers=Answers(phone="13900139000"),
        actor=EMPLOYER_AGENT,
        at=now(),
    )
    row = Application.objects.get()
    assert (row.state, row.holder_of_the_moment) == (ProductionState.CORRECTED, "outlet")
    assert accept(receipt.application).accepted


def test_a_list_accepted_while_the_province_is_silent_is_completed_later(
    province: SimulatedPartners,
) -> None:
    """省库中断时先收单位材料,恢复后自动受理,经办人不用再来。"""
    ref = prepared(WOMAN).application
    province.simulation.faults.set("hr_database", Fault.DOWN)
    assert [receipt.state for receipt in accept(ref).accepted] == ["submitted"]
    province.simulation.faults.heal("hr_database")
    application.accept_waiting(actor=THE_CLOCK, at=now())
    assert Application.objects.get().state is ProductionState.ACCEPTED


@pytest.mark.parametrize("name", ["", "  ", "长" * 121])
def test_an_employer_has_a_name_that_fits(name: str) -> None:
    """单位名称须填写,不超长。"""
    with refused("employer.name"):
        employer.register(credit_code="91320499MA1XX00030", name=name, actor=CLERK, at=now())


@pytest.mark.parametrize("code", ["91320499MA1XX00030", " 91320499ma1xx00030 "])
def test_an_employer_is_known_by_its_credit_code(code: str) -> None:
    """单位以统一社会信用代码识别,登记一次。"""
    first = employer.register(credit_code=code, name="常州测试公司", actor=CLERK, at=now())
    again = employer.register(
        credit_code="91320499MA1XX00030", name="别的名称", actor=CLERK, at=now()
    )
    assert again == first
    with refused("documents.check_digit"):
        employer.register(credit_code="91320499MA1XX00031", name="x", actor=CLERK, at=now())
