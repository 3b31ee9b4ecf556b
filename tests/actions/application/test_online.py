"""Applying online: signed in by the real-name service, fetched from the province, accepted."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from onecard.actions import application, sign_in
from onecard.actions.application import Swept
from onecard.adapters.faults import Fault
from onecard.adapters.hr_database.magic import (
    DECEASED,
    HOLDS_A_CARD,
    IN_PRODUCTION,
    NOT_IN_DATABASE,
    RARE_NAME,
    WITHOUT_PHOTO,
)
from onecard.adapters.real_name import ProvenPerson
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.application import Answers
from onecard.domain.authority import THE_CLOCK, Role
from onecard.domain.production import ProductionState
from onecard.domain.refusal import NotFound, Refused
from onecard.records.models import Application, AuditRow, Card, OutboxRow, Person, Photo, Step
from onecard.seams.clock import LOCAL, SetClock
from onecard.seams.world import World
from tests import applying
from tests.actions.application import people
from tests.actions.application.people import CHILD, HOLDER, MAN, WOMAN, now, refused

pytestmark = pytest.mark.django_db


@pytest.mark.rule("SEED, FAQ 6")
@pytest.mark.usefixtures("province")
def test_whoever_has_no_card_is_accepted_at_once_with_a_promise() -> None:
    """首次申请,线上:自动获取基础信息和照片,受理并承诺时限。"""
    receipt = people.applied_online(WOMAN)
    assert receipt.state == "accepted"
    assert receipt.collection == "post"
    assert receipt.promised_on == date(2026, 3, 11)
    row = Application.objects.get(ref=receipt.application)
    assert row.state is ProductionState.ACCEPTED
    assert row.holder_of_the_moment == "platform"
    assert row.key_information["post_to"] == applying.BY_POST.post_to
    assert row.photo is not None
    assert row.photo.source == "hr_database"
    steps = Step.objects.filter(application=row).values_list("event", "actor_role")
    assert list(steps) == [("submit", Role.CITIZEN), ("accept", Role.SYSTEM)]
    events = OutboxRow.objects.filter(subject=row.ref).values_list("event", flat=True)
    assert list(events.order_by("sequence")) == ["application.submitted", "application.accepted"]


@pytest.mark.usefixtures("province")
def test_signing_in_twice_finds_the_same_person() -> None:
    """同一人只有一份档案。"""
    assert people.signed_in(WOMAN).ref == people.signed_in(WOMAN).ref
    assert Person.objects.count() == 1


@pytest.mark.usefixtures("province")
def test_a_code_that_proves_nobody_signs_nobody_in() -> None:
    """认证未通过,不能登录;写入审计。"""
    started = sign_in.begin(redirect_uri=people.REDIRECT)
    with refused("application.identity_not_proven"):
        sign_in.prove_citizen(
            code="no-such-code",
            code_verifier=started.code_verifier,
            redirect_uri=people.REDIRECT,
            nonce=started.nonce,
            actor=sign_in.STRANGER,
            at=now(),
        )
    assert Person.objects.count() == 0
    assert AuditRow.objects.get().code == "application.identity_not_proven"


def test_a_silent_real_name_service_is_no_answer(province: SimulatedPartners) -> None:
    """实名认证服务没有应答时,请稍后再试。"""
    province.simulation.faults.set("real_name", Fault.DOWN)
    with refused("partner.silent"):
        people.signed_in(WOMAN)


def test_signing_in_works_while_the_province_is_silent(province: SimulatedPartners) -> None:
    """省库没有应答,仍可登录,身份由号码得知。"""
    province.simulation.faults.set("hr_database", Fault.DOWN)
    citizen = people.signed_in(WOMAN)
    row = Person.objects.get(ref=citizen.ref)
    assert (row.name, row.born_on, row.person_number) == ("王芳", "1990-01-01", "")
    with refused("partner.silent"):
        application.fetch_base_data(actor=citizen, at=now())
    province.simulation.faults.heal("hr_database")
    application.fetch_base_data(actor=citizen, at=now())
    row.refresh_from_db()
    assert row.person_number


@pytest.mark.rule("SEED, FAQ 6; scenario A12")
@pytest.mark.parametrize(
    ("who", "code"),
    [
        (HOLDER, "application.already_has_card"),
        (HOLDS_A_CARD, "application.already_has_card"),
        (IN_PRODUCTION, "application.already_in_production"),
        (NOT_IN_DATABASE, "application.base_data_not_found"),
        (WITHOUT_PHOTO, "application.photo_not_found"),
        (DECEASED, "application.person_status"),
        (CHILD, "application.child_offline_only"),
    ],
)
@pytest.mark.usefixtures("province")
def test_whoever_must_go_elsewhere_learns_it_on_the_first_page(
    who: people.Resident, code: str
) -> None:
    """首页即止,并留痕。"""
    citizen = people.signed_in(who)
    with refused(code):
        application.fetch_base_data(actor=citizen, at=now())
    line = AuditRow.objects.get(result="refused")
    assert (line.code, line.concerning) == (code, citizen.ref)
    with refused(code):
        application.apply_online(answers=applying.BY_POST, actor=citizen, at=now())
    assert not Application.objects.exists()


@pytest.mark.usefixtures("province")
def test_no_portrait_is_fetched_of_somebody_who_is_turned_away() -> None:
    """不办的,不取照片。"""
    citizen = people.signed_in(HOLDER)
    with refused("application.already_has_card"):
        application.fetch_base_data(actor=citizen, at=now())
    assert not Photo.objects.exists()


@pytest.mark.usefixtures("province")
def test_the_card_the_register_names_is_kept_here() -> None:
    """省库登记的卡,记入本地。"""
    citizen = people.signed_in(HOLDER)
    card = Card.objects.get(person=citizen.ref)
    assert (card.generation, card.bank, card.application_id) == (2, "icbc", None)
    people.signed_in(HOLDER)
    assert Card.objects.count() == 1


@pytest.mark.usefixtures("province")
def test_a_name_with_a_rare_character_is_kept_as_it_is() -> None:
    """生僻字原样保存。"""
    receipt = people.applied_online(RARE_NAME)
    row = Person.objects.get(ref=receipt.person)
    assert row.name == "吴\U00020bb7"


@pytest.mark.usefixtures("province")
def test_the_second_submission_gets_the_first_ones_number() -> None:
    """重复提交只有一件申请。"""
    citizen = people.signed_in(WOMAN)
    application.fetch_base_data(actor=citizen, at=now())
    first = application.apply_online(answers=applying.BY_POST, actor=citizen, at=now())
    with pytest.raises(Refused) as again:
        application.apply_online(answers=applying.BY_POST, actor=citizen, at=now())
    assert again.value.refusal.code == "application.already_in_production"
    assert again.value.refusal.measured["number"] == first.number
    assert Application.objects.count() == 1


@pytest.mark.rule("scenario A19")
@pytest.mark.usefixtures("province")
def test_without_the_postage_understood_nothing_is_written() -> None:
    """到付须确认;拒绝后除审计外不留任何记录。"""
    with pytest.raises(Refused) as no:
        people.applied_online(WOMAN, postage_understood=False)
    assert no.value.refusal.field == "postage_understood"
    assert not Application.objects.exists()
    assert not Step.objects.exists()
    assert not OutboxRow.objects.exists()


def test_an_expired_document_is_refused_with_its_day(province: SimulatedPartners) -> None:
    """证件昨日到期,告知到期日。"""
    assert province
    with pytest.raises(Refused) as no:
        people.applied_online(WOMAN, document_valid_to=date(2026, 3, 1))
    assert no.value.refusal.code == "documents.expired"
    assert no.value.refusal.measured["day"] == date(2026, 3, 1)


@pytest.mark.rule("platform C4.6")
def test_an_application_made_while_the_province_is_silent_waits_and_is_accepted(
    province: SimulatedPartners,
) -> None:
    """省库没有应答时先收下,恢复后自动受理。"""
    citizen = people.signed_in(WOMAN)
    application.fetch_base_data(actor=citizen, at=now())
    province.simulation.faults.set("hr_database", Fault.DOWN)
    receipt = application.apply_online(answers=applying.BY_POST, actor=citizen, at=now())
    assert (receipt.state, receipt.promised_on) == ("submitted", None)
    assert application.accept_waiting(actor=THE_CLOCK, at=now()) == Swept(waiting=1)
    province.simulation.faults.heal("hr_database")
    assert application.accept_waiting(actor=THE_CLOCK, at=now()) == Swept(accepted=1)
    row = Application.objects.get()
    assert row.state is ProductionState.ACCEPTED
    assert row.promised_on == date(2026, 3, 11)


def test_a_card_received_elsewhere_meanwhile_turns_the_application_down(
    province: SimulatedPartners,
) -> None:
    """等待期间在外地领到卡的,终止并告知原因。"""
    citizen = people.signed_in(WOMAN)
    application.fetch_base_data(actor=citizen, at=now())
    province.simulation.faults.set("hr_database", Fault.DOWN)
    receipt = application.apply_online(answers=applying.BY_POST, actor=citizen, at=now())
    province.simulation.faults.heal("hr_database")
    register = province.simulation.hr_database
    register.register_card(
        message_id="m1",
        identity_number=WOMAN.person.identity_number,
        card_number="E00000777",
        bank="abc",
        state=people.HrState.NORMAL,
    )
    assert application.accept_waiting(actor=THE_CLOCK, at=now()) == Swept(turned_down=1)
    row = Application.objects.get(ref=receipt.application)
    assert row.state is ProductionState.RETRACTED
    last = row.steps.last()
    assert last is not None
    assert last.reason == "application.already_has_card"


@pytest.mark.rule("SEED 自受理之日起")
def test_the_promise_counts_working_days_over_a_holiday(
    province: SimulatedPartners, a_world: World
) -> None:
    """承诺按工作日计,节假日、调休计入。"""
    assert province
    assert isinstance(a_world.clock, SetClock)
    a_world.clock.set(datetime(2026, 2, 13, 9, 0, tzinfo=LOCAL))
    receipt = people.applied_online(MAN)
    assert receipt.promised_on is not None
    assert receipt.promised_on > date(2026, 2, 26)


def test_a_corrected_answer_keeps_the_promise(province: SimulatedPartners, a_world: World) -> None:
    """更正信息不改变已承诺的日期。"""
    assert province
    receipt = people.applied_online(WOMAN)
    assert isinstance(a_world.clock, SetClock)
    a_world.clock.set(datetime(2026, 3, 3, 9, 0, tzinfo=LOCAL))
    citizen = people.signed_in(WOMAN)
    mended = application.correct(
        application=receipt.application,
        answers=Answers(phone="13900139000", bank="abc"),
        actor=citizen,
        at=now(),
    )
    assert (mended.state, mended.bank) == ("accepted", "abc")
    assert mended.promised_on == receipt.promised_on
    row = Application.objects.get(ref=receipt.application)
    assert row.key_information["phone"] == "13900139000"
    assert row.key_information["address"] == applying.BY_POST.address
    assert row.accepted_at == people.cast.MONDAY_9AM
    events = row.steps.values_list("event", flat=True)
    assert list(events) == ["submit", "accept", "correct", "accept"]


def test_a_document_with_an_end_and_one_without_replace_each_other(
    province: SimulatedPartners,
) -> None:
    """证件有效期与「长期」互相替代。"""
    assert province
    receipt = people.applied_online(WOMAN)
    citizen = people.signed_in(WOMAN)
    for answers, expected in (
        (Answers(document_without_end=True), ("", True)),
        (Answers(document_valid_to=date(2040, 5, 6)), ("2040-05-06", False)),
    ):
        application.correct(
            application=receipt.application, answers=answers, actor=citizen, at=now()
        )
        kept = Application.objects.get().key_information
        assert (kept["document_valid_to"], kept["document_without_end"]) == expected


def test_a_correction_must_leave_the_answers_complete(province: SimulatedPartners) -> None:
    """更正后仍须完整、有效。"""
    assert province
    receipt = people.applied_online(WOMAN)
    citizen = people.signed_in(WOMAN)
    with refused("application.bank_not_cooperating"):
        application.correct(
            application=receipt.application,
            answers=Answers(bank="spdb"),
            actor=citizen,
            at=now(),
        )


def test_a_withdrawn_application_makes_room_for_another(province: SimulatedPartners) -> None:
    """撤回后可重新申请。"""
    assert province
    receipt = people.applied_online(WOMAN)
    citizen = people.signed_in(WOMAN)
    gone = application.retract(
        application=receipt.application, reason="想换一家银行", actor=citizen, at=now()
    )
    assert gone.state == "retracted"
    again = application.apply_online(
        answers=replace(applying.BY_POST, bank="boc"), actor=citizen, at=now()
    )
    assert again.number != receipt.number


def test_nobody_touches_somebody_elses_application(province: SimulatedPartners) -> None:
    """他人的申请,查不到也改不了。"""
    assert province
    receipt = people.applied_online(WOMAN)
    other = people.signed_in(MAN)
    with pytest.raises(NotFound):
        application.retract(application=receipt.application, reason="", actor=other, at=now())
    with pytest.raises(NotFound):
        application.correct(
            application=receipt.application, answers=Answers(), actor=other, at=now()
        )


def test_once_it_is_being_made_it_is_neither_mended_nor_withdrawn(
    province: SimulatedPartners,
) -> None:
    """已编入批次后不能更正、撤回。"""
    assert province
    receipt = people.applied_online(WOMAN)
    citizen = people.signed_in(WOMAN)
    Application.objects.filter(ref=receipt.application).update(state=ProductionState.BATCHED)
    with refused("production.not_in_this_state"):
        application.retract(application=receipt.application, reason="", actor=citizen, at=now())
    with refused("production.not_in_this_state"):
        application.correct(
            application=receipt.application,
            answers=Answers(phone="13900139000"),
            actor=citizen,
            at=now(),
        )


def test_two_names_for_one_number_wait_for_a_person(province: SimulatedPartners) -> None:
    """同一号码两个姓名,转人工。"""
    known = people.resident("320499199201010010", "陈力", date(1992, 1, 1))
    province.simulation.hr_database.seed([known])
    proven = ProvenPerson("陈立", known.person.identity_number, real_person=True)
    province.simulation.real_name.seed([proven])
    with refused("documents.conflict"):
        people.signed_in(known)
    assert not Person.objects.exists()


def test_a_middle_dot_or_blank_makes_no_other_person(province: SimulatedPartners) -> None:
    """间隔号、空格不同,仍是同一人;姓名按省库原样保存。"""
    known = people.resident("320499199201010010", "阿依古丽·买买提", date(1992, 1, 1))
    province.simulation.hr_database.seed([known])
    proven = ProvenPerson("阿依古丽 • 买买提 ", known.person.identity_number, real_person=True)
    province.simulation.real_name.seed([proven])
    citizen = people.signed_in(known)
    assert Person.objects.get(ref=citizen.ref).name == "阿依古丽·买买提"


def test_a_proof_without_the_face_is_none(province: SimulatedPartners) -> None:
    """实人认证:只核验了姓名号码的不算。"""
    number = "320499199201010010"
    province.simulation.real_name.seed([ProvenPerson("陈力", number, real_person=False)])
    with refused("application.identity_not_proven"):
        people.signed_in(people.resident(number, "陈力", date(1992, 1, 1)))
