"""At a counter: the holder, a guardian, an agent; a first card or the upgrade of an older one."""

from dataclasses import replace
from datetime import date

import pytest

from onecard.actions import application, draft, person, photo
from onecard.actions.application import AgentShown, CounterLook
from onecard.adapters.faults import Fault
from onecard.adapters.hr_database.magic import WITHOUT_PHOTO
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.application import Answers, ApplicationKind, AppliedBy, MakingMode
from onecard.domain.authority import THE_CLOCK, Actor, Channel, Role
from onecard.domain.documents import DocumentKind, ShownDocument
from onecard.domain.person import ApplicantClass, Sex
from onecard.domain.production import ProductionState
from onecard.domain.refusal import NotFound
from onecard.domain.stock import OutletKind
from onecard.records.models import (
    Application,
    AuditRow,
    Document,
    Draft,
    Guardianship,
    Outlet,
    Person,
    Photo,
    Staff,
)
from tests import applying
from tests.actions.application import people
from tests.actions.application.people import (
    CHILD,
    CLERK,
    HOLDER,
    INFANT,
    MAN,
    OPERATOR,
    WOMAN,
    now,
    refused,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


@pytest.mark.rule("SEED, FAQ 3")
def test_a_holder_with_the_original_is_accepted() -> None:
    """本人携带有效身份证件原件。"""
    receipt = people.accepted_at_counter(WOMAN)
    row = Application.objects.get(ref=receipt.application)
    assert row.state is ProductionState.ACCEPTED
    assert (row.outlet_id, row.collect_at_id) == ("out_tianning", "out_tianning")
    assert row.channel is Channel.SERVICE_OUTLET
    document = Document.objects.get()
    assert row.document == document
    assert document.number == WOMAN.person.identity_number
    assert Person.objects.get().phone == "13800138000"


@pytest.mark.rule("SEED, FAQ 3; scenario A13")
def test_an_agent_without_the_holders_original_is_sent_back() -> None:
    """代办缺持卡人原件。"""
    case = people.case_of(WOMAN, applied_by=AppliedBy.AGENT, document=None)
    case = replace(case, agent=AgentShown("李强", applying.AGENTS))
    with refused("authority.holder_original_missing"):
        application.accept_at_counter(case=case, actor=CLERK, at=now())
    line = AuditRow.objects.get(result="refused")
    assert line.concerning == case.person
    assert line.outlet == "out_tianning"


@pytest.mark.rule("SEED, FAQ 3")
def test_an_agent_with_both_originals_is_remembered_by_name_and_document() -> None:
    """代办携带双方证件原件,代办人信息留存。"""
    receipt = people.accepted_at_counter(
        WOMAN, applied_by=AppliedBy.AGENT, agent=AgentShown("李强", applying.AGENTS)
    )
    row = Application.objects.get(ref=receipt.application)
    assert row.applied_by is AppliedBy.AGENT
    assert row.agent_name == "李强"
    assert people.cast.ADULT_MAN in row.agent_document


def test_a_guardian_brings_a_child_with_the_household_register() -> None:
    """监护人为儿童办理,户口簿可用。"""
    receipt = people.accepted_at_counter(
        CHILD,
        applied_by=AppliedBy.GUARDIAN,
        document=applying.REGISTER,
        agent=AgentShown("王芳", applying.OWN),
        guardian=applying.MOTHER,
    )
    assert receipt.state == "accepted"
    kept = Guardianship.objects.get()
    assert (kept.child_id, kept.relation) == (receipt.person, "母亲")
    row = Application.objects.get()
    assert row.key_information["document_without_end"] is True


@pytest.mark.rule("SEED, FAQ 3")
def test_the_register_is_refused_when_the_clerk_has_seen_an_identity_card() -> None:
    """窗口确认已办过身份证的,户口簿不可用,省库还没更新也一样。"""
    with refused("documents.register_id_card_issued"):
        people.accepted_at_counter(
            CHILD,
            applied_by=AppliedBy.GUARDIAN,
            document=applying.REGISTER,
            agent=AgentShown("王芳", applying.OWN),
            guardian=applying.MOTHER,
            id_card_issued=True,
        )


def test_a_child_of_five_needs_no_photo() -> None:
    """未满7周岁不需照片。"""
    register = replace(
        applying.REGISTER, number=INFANT.person.identity_number, name=INFANT.person.name
    )
    people.accepted_at_counter(
        INFANT,
        applied_by=AppliedBy.GUARDIAN,
        document=register,
        agent=AgentShown("王芳", applying.OWN),
        guardian=applying.MOTHER,
    )
    assert Application.objects.get().photo is None


def test_without_a_photo_anywhere_one_must_be_taken() -> None:
    """省库没有照片的,现场采集。"""
    with refused("photo.required"):
        people.accepted_at_counter(WITHOUT_PHOTO)


@pytest.mark.rule("SEED, FAQ 6; V2")
def test_a_holder_of_an_older_card_gets_no_first_card() -> None:
    """持有省社保卡的,不能再首次申请。"""
    with refused("application.already_has_card"):
        people.accepted_at_counter(HOLDER)


@pytest.mark.rule("SEED, FAQ 2")
def test_the_older_card_is_changed_if_it_lies_on_the_desk() -> None:
    """自愿换领,旧卡在手。"""
    kind = ApplicationKind.UPGRADE
    with refused("replacement.old_card_must_be_shown"):
        people.accepted_at_counter(HOLDER, kind=kind)
    receipt = people.accepted_at_counter(HOLDER, kind=kind, old_card_shown=True)
    row = Application.objects.get(ref=receipt.application)
    assert row.kind is kind
    assert row.predecessor is not None
    assert row.predecessor.generation == 2
    again = people.accepted_at_counter(HOLDER, kind=kind, old_card_shown=True)
    assert again.notice == "replacement.already_applied"
    assert again.application == receipt.application
    assert Application.objects.count() == 1


@pytest.mark.parametrize("typed", ["32049919900101002４", " 320499199001010024 "])
def test_the_same_person_is_found_however_the_number_is_typed(typed: str) -> None:
    """全角、空格不影响识别为同一人。"""
    first = people.at_desk(WOMAN)
    look = CounterLook(DocumentKind.RESIDENT_ID, typed, "王芳")
    assert person.find_at_counter(look=look, actor=CLERK, at=now()).person == first


def test_small_and_capital_x_are_one_person() -> None:
    """X 与 X 是同一号码。"""
    who = people.resident("32049920100301001X", "周全", date(2010, 3, 1))
    looks = [
        CounterLook(DocumentKind.RESIDENT_ID, number, who.person.name)
        for number in ("32049920100301001x", "32049920100301001X", "32049920100301001Ｘ")
    ]
    met = {person.find_at_counter(look=look, actor=CLERK, at=now()).person for look in looks}
    assert len(met) == 1
    assert Person.objects.get().identity_number == "32049920100301001X"


def test_a_number_that_is_none_is_refused_before_anybody_is_asked() -> None:
    """号码校验不通过,先核对。"""
    look = CounterLook(DocumentKind.RESIDENT_ID, "320499199001010017", "王芳")
    with refused("documents.check_digit"):
        person.find_at_counter(look=look, actor=CLERK, at=now())


def test_another_name_on_the_document_is_a_conflict() -> None:
    """同一号码姓名不同,转人工。"""
    look = CounterLook(DocumentKind.RESIDENT_ID, WOMAN.person.identity_number, "王花")
    with refused("documents.conflict"):
        person.find_at_counter(look=look, actor=CLERK, at=now())


@pytest.mark.rule("PROVINCIAL S7")
def test_somebody_the_province_does_not_know_is_entered_by_the_clerk() -> None:
    """基础信息未取到的,由柜员录入。"""
    look = CounterLook(DocumentKind.RESIDENT_ID, "320499201003010028")
    assert person.find_at_counter(look=look, actor=CLERK, at=now()).person == ""
    entered = replace(look, name="孙悦")
    met = person.find_at_counter(look=entered, actor=CLERK, at=now())
    row = Person.objects.get(ref=met.person)
    assert (row.name, row.sex, row.born_on) == ("孙悦", Sex.FEMALE, "2010-03-01")
    assert row.person_number == ""


def test_a_sex_that_is_not_in_the_number_is_refused() -> None:
    """性别与号码不一致。"""
    look = CounterLook(DocumentKind.RESIDENT_ID, "320499201003010028", "孙悦", sex=Sex.MALE)
    with refused("documents.data_mismatch"):
        person.find_at_counter(look=look, actor=CLERK, at=now())


@pytest.mark.rule("SEED, FAQ 4")
def test_a_foreigner_with_a_passport_applies_and_is_found_by_it_again() -> None:
    """外籍人员持护照申领。"""
    look = CounterLook(
        DocumentKind.PASSPORT,
        "e12345678",
        "SMITH ANNA",
        born_on=date(1988, 5, 6),
        sex=Sex.FEMALE,
        nationality="USA",
    )
    met = person.find_at_counter(look=look, actor=CLERK, at=now())
    row = Person.objects.get(ref=met.person)
    assert row.applicant_class is ApplicantClass.FOREIGNER
    assert row.identity_number == "USA0E12345678"
    shown = ShownDocument(DocumentKind.PASSPORT, "E12345678", valid_to=date(2030, 1, 1))
    again = person.find_at_counter(
        look=CounterLook(DocumentKind.PASSPORT, "E12345678", nationality="USA"),
        actor=CLERK,
        at=now(),
    )
    assert again.person == met.person
    case = replace(
        people.case_of(WOMAN),
        person=met.person,
        document=shown,
        answers=replace(applying.ANSWERS, nationality="USA"),
    )
    with refused("photo.required"):
        application.accept_at_counter(case=case, actor=CLERK, at=now())


@pytest.mark.rule("V1")
def test_a_new_passport_makes_no_new_person() -> None:
    """换了护照还是同一人。"""
    look = CounterLook(
        DocumentKind.PASSPORT,
        "E12345678",
        "SMITH ANNA",
        born_on=date(1988, 5, 6),
        sex=Sex.FEMALE,
        nationality="USA",
    )
    first = person.find_at_counter(look=look, actor=CLERK, at=now()).person
    renewed = replace(look, number="E99999999", former_number="e12345678")
    assert person.find_at_counter(look=renewed, actor=CLERK, at=now()).person == first
    assert Person.objects.count() == 1


@pytest.mark.parametrize("nationality", ["US", "usa", "United States", "<b>"])
def test_a_nationality_is_a_country_code(nationality: str) -> None:
    """国籍为三位国家代码。"""
    look = CounterLook(
        DocumentKind.PASSPORT,
        "E12345678",
        "SMITH ANNA",
        born_on=date(1988, 5, 6),
        sex=Sex.FEMALE,
        nationality=nationality,
    )
    with refused("application.key_information_missing"):
        person.find_at_counter(look=look, actor=CLERK, at=now())


@pytest.mark.parametrize("name", ["<script>", "王\u0007芳", "孙" * 101])
def test_a_name_entered_by_a_clerk_must_be_a_name(name: str) -> None:
    """姓名不含控制符、标记,不超长。"""
    look = CounterLook(DocumentKind.RESIDENT_ID, "320499201003010028", name)
    with refused("person.name"):
        person.find_at_counter(look=look, actor=CLERK, at=now())


@pytest.mark.parametrize("outlet", ["out_nowhere", "out_vault"])
def test_a_card_is_collected_where_people_are_served(outlet: str) -> None:
    """领卡网点须是服务网点。"""
    Outlet.objects.create(ref="out_vault", kind=OutletKind.VAULT, name="库房")
    with pytest.raises(NotFound):
        people.accepted_at_counter(WOMAN, collect_at=outlet)


def test_a_photo_somebody_must_look_at_holds_up_the_acceptance_only() -> None:
    """照片待人工查看的,先收件,看过后受理。"""
    ref = people.at_desk(WOMAN)
    photo_row = Photo.objects.get(person=ref)
    Photo.objects.update(verdict="HUMAN")
    receipt = people.accepted_at_counter(WOMAN)
    assert receipt.state == "submitted"
    assert Application.objects.get().holder_of_the_moment == "reviewer"
    application.accept_waiting(actor=THE_CLOCK, at=now())
    with refused("photo.content_review"):
        application.accept_online(application=receipt.application, actor=OPERATOR, at=now())
    photo.accept_photo(photo=photo_row.ref, actor=CLERK, at=now())
    application.accept_waiting(actor=THE_CLOCK, at=now())
    assert Application.objects.get().state is ProductionState.ACCEPTED


def test_a_declined_photo_counts_as_none() -> None:
    """照片未通过的,视为没有照片。"""
    people.at_desk(WOMAN)
    Photo.objects.update(verdict="RETAKE")
    kept = Photo.objects.get().ref
    case = people.case_of(WOMAN, photo=kept)
    Photo.objects.filter(verdict="PASS").delete()
    with refused("photo.required"):
        application.accept_at_counter(case=case, actor=CLERK, at=now())


@pytest.mark.rule("platform B22")
def test_begun_on_the_phone_and_finished_at_the_counter_without_typing_again() -> None:
    """手机上开始,窗口办完,不用重填。"""
    citizen = people.signed_in(WOMAN)
    answers = {"phone": "13900139000", "bank": "boc", "occupation": "13"}
    saved = draft.save(purpose="first_application", answers=answers, actor=citizen, at=now())
    code = draft.make_case_code(draft=saved.draft, actor=citizen, at=now())
    found = people.at_desk(WOMAN)
    opened = draft.open_by_case_code(code=code.code, person=found, actor=CLERK, at=now())
    receipt = people.accepted_at_counter(
        WOMAN, answers=replace(applying.ANSWERS, **opened.answers), draft=opened.draft
    )
    row = Application.objects.get(ref=receipt.application)
    assert row.key_information["phone"] == "13900139000"
    assert (row.bank, Draft.objects.get().submitted) == ("boc", row.ref)


@pytest.mark.rule("platform C4.6")
def test_a_counter_works_through_a_cut_and_makes_no_second_card(
    province: SimulatedPartners,
) -> None:
    """省库中断时照常收件,恢复后自动受理;持卡者不会有第二张卡。"""
    woman, holder = people.case_of(WOMAN), people.case_of(HOLDER)
    province.simulation.faults.set("hr_database", Fault.DOWN)
    taken = application.accept_at_counter(case=woman, actor=CLERK, at=now())
    assert taken.state == "submitted"
    with refused("application.already_has_card"):
        application.accept_at_counter(case=holder, actor=CLERK, at=now())
    province.simulation.faults.heal("hr_database")
    application.accept_waiting(actor=THE_CLOCK, at=now())
    assert Application.objects.get().state is ProductionState.ACCEPTED


def test_instant_issue_only_where_there_is_a_printer() -> None:
    """即时制卡限有条件的网点,当日为承诺日。"""
    with refused("application.no_instant_issue_here"):
        people.accepted_at_counter(WOMAN, making_mode=MakingMode.INSTANT)
    Outlet.objects.filter(ref="out_tianning").update(instant_issue=True)
    receipt = people.accepted_at_counter(WOMAN, making_mode=MakingMode.INSTANT)
    assert receipt.promised_on == people.cast.MONDAY


@pytest.mark.parametrize("kind", [ApplicationKind.REPLACEMENT, ApplicationKind.EXCHANGE])
def test_a_replacement_is_no_application_of_this_kind(kind: ApplicationKind) -> None:
    """补领、换卡不按首次申请受理。"""
    with refused("application.kind_not_taken_here"):
        people.accepted_at_counter(WOMAN, kind=kind)
    assert not Application.objects.exists()


def test_no_clerk_takes_their_own_case() -> None:
    """不能办理自己的业务。"""
    case = people.case_of(WOMAN)
    Staff.objects.create(
        ref=CLERK.ref,
        username="wang",
        display_name="王芳",
        role=Role.OUTLET_CLERK,
        person_id=case.person,
        created_by="-",
        created_at=now(),
    )
    with refused("authority.own_case"):
        application.accept_at_counter(case=case, actor=CLERK, at=now())


def test_a_phone_operator_takes_no_application() -> None:
    """12333不能受理申请。"""
    caller = Actor(Role.PHONE_OPERATOR, "stf_phone", Channel.PHONE)
    with refused("authority.not_yours"):
        application.accept_at_counter(case=people.case_of(WOMAN), actor=caller, at=now())


def test_the_draft_a_case_came_from_is_closed_with_it() -> None:
    """由草稿办成的,草稿随之关闭。"""
    citizen = people.signed_in(WOMAN)
    saved = draft.save(
        purpose="first_application", answers={"bank": "abc"}, actor=citizen, at=now()
    )
    receipt = people.accepted_at_counter(WOMAN, draft=saved.draft)
    assert Draft.objects.get().submitted == receipt.application


def test_a_clerk_mends_what_the_bank_refused() -> None:
    """银行开户失败,更正后重新受理,仍按原承诺。"""
    receipt = people.accepted_at_counter(MAN)
    Application.objects.update(state=ProductionState.BANK_FAILED, failure="手机号核验未通过")
    mended = application.correct(
        application=receipt.application,
        answers=Answers(phone="13900139000"),
        actor=CLERK,
        at=now(),
    )
    assert mended.state == "accepted"
    assert Application.objects.get().failure == ""


def test_a_value_is_shown_in_full_only_with_a_reason_and_on_record() -> None:
    """查看完整信息须写原因,并留痕。"""
    ref = people.at_desk(WOMAN)
    with refused("person.unmask_reason"):
        person.unmask(person=ref, field="phone", reason=" ", actor=CLERK, at=now())
    with refused("person.unmask_reason"):
        person.unmask(person=ref, field="identity_index", reason="核对", actor=CLERK, at=now())
    shown = person.unmask(
        person=ref, field="identity_number", reason="核对证件", actor=CLERK, at=now()
    )
    assert shown.value == WOMAN.person.identity_number
    line = AuditRow.objects.get(act="person.unmask", result="done")
    assert (line.concerning, line.facts["field"]) == (ref, "identity_number")
    assert WOMAN.person.identity_number not in str(line.facts)
