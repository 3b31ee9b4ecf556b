"""Saved answers: nothing is lost, another door opens them once, and only for the same person."""

from datetime import date, timedelta

import pytest
from django.db import connection

from onecard.actions import draft
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.person import ApplicantClass, Sex
from onecard.domain.refusal import NotFound
from onecard.queries import draft as saved_drafts
from onecard.records.models import Draft, Person
from onecard.seams.clock import SetClock
from onecard.seams.world import World
from tests import cast

pytestmark = pytest.mark.django_db

CITIZEN = Actor(Role.CITIZEN, "per_citizen", Channel.PORTAL)
OTHER = Actor(Role.CITIZEN, "per_other", Channel.PORTAL)
PURPOSE = "first_application"


@pytest.fixture(autouse=True)
def _two_people() -> None:
    for ref in (CITIZEN.ref, OTHER.ref):
        Person.objects.create(
            ref=ref,
            applicant_class=ApplicantClass.MAINLAND,
            sex=Sex.FEMALE,
            identity_index=ref,
            born_on=date(1990, 1, 1).isoformat(),
            created_at=cast.MONDAY_9AM,
        )


def save(actor: Actor = CITIZEN, person: str = "", **answers: object) -> str:
    receipt = draft.save(
        purpose=PURPOSE, answers=answers, person=person, actor=actor, at=cast.MONDAY_9AM
    )
    return receipt.draft


def test_answers_are_added_to_what_was_answered_before() -> None:
    """已保存,随时可以继续。"""
    first = save(bank="icbc", phone="13800138000")
    second = save(bank="abc")
    assert first == second
    kept = saved_drafts.resume(purpose=PURPOSE, as_seen_by=CITIZEN)
    assert kept is not None
    assert kept.answers == {"bank": "abc", "phone": "13800138000"}
    assert saved_drafts.resume(purpose=PURPOSE, as_seen_by=OTHER) is None


def test_what_a_clerk_saves_for_somebody_is_theirs() -> None:
    """窗口代存的,归本人。"""
    save(cast.CLERK, person=CITIZEN.ref, bank="boc")
    kept = saved_drafts.resume(purpose=PURPOSE, as_seen_by=CITIZEN)
    assert kept is not None
    assert kept.answers == {"bank": "boc"}


def test_answers_do_not_lie_open_in_the_table() -> None:
    """草稿加密存储。"""
    save(phone="13800138000")
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM draft")
        assert b"13800138000" not in bytes(cursor.fetchone()[0])


@pytest.mark.rule("platform B22")
def test_a_case_code_opens_the_same_answers_at_a_counter_once() -> None:
    """六位接续办理码,一次有效。"""
    ref = save(bank="icbc")
    code = draft.make_case_code(draft=ref, actor=CITIZEN, at=cast.MONDAY_9AM)
    assert len(code.code) == 6
    assert code.code.isdigit()
    assert Draft.objects.get().case_code_index != code.code
    opened = draft.open_by_case_code(
        code=code.code, person=CITIZEN.ref, actor=cast.CLERK, at=cast.MONDAY_9AM
    )
    assert (opened.draft, opened.answers) == (ref, {"bank": "icbc"})
    with pytest.raises(NotFound):
        draft.open_by_case_code(
            code=code.code, person=CITIZEN.ref, actor=cast.CLERK, at=cast.MONDAY_9AM
        )


def test_a_case_code_opens_nothing_for_another_person() -> None:
    """核对身份不是本人的,打不开。"""
    code = draft.make_case_code(draft=save(bank="icbc"), actor=CITIZEN, at=cast.MONDAY_9AM)
    with pytest.raises(NotFound):
        draft.open_by_case_code(
            code=code.code, person=OTHER.ref, actor=cast.CLERK, at=cast.MONDAY_9AM
        )


def test_a_case_code_is_over_at_its_instant(a_world: World) -> None:
    """到时失效。"""
    code = draft.make_case_code(draft=save(bank="icbc"), actor=CITIZEN, at=cast.MONDAY_9AM)
    assert isinstance(a_world.clock, SetClock)
    with pytest.raises(NotFound):
        draft.open_by_case_code(code=code.code, person=CITIZEN.ref, actor=cast.CLERK, at=code.until)
    just_before = code.until - timedelta(microseconds=1)
    assert draft.open_by_case_code(
        code=code.code, person=CITIZEN.ref, actor=cast.CLERK, at=just_before
    )


def test_a_new_code_replaces_the_one_before_and_nobody_makes_one_for_a_foreign_draft() -> None:
    """新码作废旧码;他人的草稿不能生成。"""
    ref = save(bank="icbc")
    old = draft.make_case_code(draft=ref, actor=CITIZEN, at=cast.MONDAY_9AM)
    new = draft.make_case_code(draft=ref, actor=CITIZEN, at=cast.MONDAY_9AM)
    assert old.code != new.code
    with pytest.raises(NotFound):
        draft.open_by_case_code(
            code=old.code, person=CITIZEN.ref, actor=cast.CLERK, at=cast.MONDAY_9AM
        )
    with pytest.raises(NotFound):
        draft.make_case_code(draft=ref, actor=OTHER, at=cast.MONDAY_9AM)
