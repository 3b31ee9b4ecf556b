"""Columns come back as what they are, and personal ones only to whoever may open them."""

import pytest
from django.db import IntegrityError, connection

from onecard.domain.person import ApplicantClass, Sex
from onecard.records.models import AuditRow, Person
from onecard.seams.custody import CannotUnseal
from onecard.seams.world import world
from tests import cast

pytestmark = pytest.mark.django_db


def a_person(number: str = cast.ADULT) -> Person:
    custody = world().custody
    return Person.objects.create(
        ref=world().ids.new("per"),
        applicant_class=ApplicantClass.MAINLAND,
        sex=Sex.FEMALE,
        identity_number=number,
        identity_index=custody.blind_index("identity", number),
        name="王芳",
        born_on="1990-01-01",
        created_at=cast.MONDAY_9AM,
    )


def test_an_enum_column_gives_the_member_back() -> None:
    person = Person.objects.get(ref=a_person().ref)
    assert person.sex is Sex.FEMALE


def test_an_enum_column_takes_nothing_but_a_member() -> None:
    person = a_person()
    person.sex = "female"  # type: ignore[assignment]
    with pytest.raises(TypeError, match="Sex"):
        person.save(update_fields=["sex"])


def test_a_personal_value_never_lies_open_in_the_table() -> None:
    """个人信息加密存储。"""
    person = a_person()
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_number, name FROM person")
        number, name = (bytes(column) for column in cursor.fetchone())
    assert cast.ADULT.encode() not in number
    assert "王芳".encode() not in name
    assert Person.objects.get(ref=person.ref).name == "王芳"


def test_a_sealed_value_moved_to_another_row_does_not_open() -> None:
    """密文绑定表、列、行,换行即不可读。"""
    woman, man = a_person(), a_person(cast.ADULT_MAN)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE person SET name = (SELECT name FROM person WHERE ref = %s) WHERE ref = %s",
            [woman.ref, man.ref],
        )
    with pytest.raises(CannotUnseal):
        assert Person.objects.get(ref=man.ref).name


def test_an_audit_row_can_be_neither_changed_nor_deleted() -> None:
    """审计记录只增不改。"""
    row = AuditRow.objects.create(
        act="x",
        result="done",
        actor_role="system",
        actor_ref="-",
        channel="timer",
        policy_version="-",
        at=cast.MONDAY_9AM,
        mac="-",
    )
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("UPDATE audit SET act = 'y' WHERE id = %s", [row.pk])
