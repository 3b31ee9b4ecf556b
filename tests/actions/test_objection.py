"""异议: a look at one's data is objected to once; the record stays what it was."""

from __future__ import annotations

import pytest

from onecard.actions import objection
from onecard.actions import person as people
from onecard.actions._keeping import ACTS
from onecard.domain.objection import ObjectionReason
from onecard.domain.refusal import NotFound
from onecard.queries import objection as queries
from onecard.records.models import AuditRow, OutboxRow, Person
from onecard.seams.world import world
from tests import cast, made_card

pytestmark = pytest.mark.django_db


def looked_at(person: Person) -> int:
    """A clerk looks at the telephone number; gives the line of the record."""
    people.unmask(
        person=person.ref,
        field="phone",
        reason="contact",
        actor=cast.CLERK,
        at=world().clock.now(),
    )
    return AuditRow.objects.filter(act="person.unmask").latest("id").pk


def objected(person: Person, line: int) -> objection.ObjectionReceipt:
    return objection.file(
        line=line,
        reason=ObjectionReason.UNKNOWN,
        actor=made_card.as_citizen(person),
        at=world().clock.now(),
    )


@pytest.mark.rule("platform B19")
def test_an_objection_becomes_a_line_of_its_own_and_the_holder_is_told() -> None:
    """异议另记一行,原记录不变,短信告知已收到。"""
    person = made_card.a_person()
    line = looked_at(person)
    before = AuditRow.objects.get(pk=line)
    receipt = objected(person, line)
    filed = AuditRow.objects.get(act="objection.file")
    assert filed.about == receipt.number
    assert filed.facts == {"line": line, "of": "person.unmask", "reason": "unknown"}
    assert AuditRow.objects.get(pk=line).mac == before.mac
    assert OutboxRow.objects.get(event="objection.filed").party == "sms"
    assert queries.mine(as_seen_by=made_card.as_citizen(person)) == {line: receipt.number}


def test_the_same_look_is_objected_to_once() -> None:
    person = made_card.a_person()
    line = looked_at(person)
    first, second = objected(person, line), objected(person, line)
    assert first.number == second.number
    assert (first.notice, second.notice) == ("", "objection.already_filed")
    assert AuditRow.objects.filter(act="objection.file").count() == 1


@pytest.mark.parametrize("line", [0, -1, 10**9])
def test_no_line_no_objection(line: int) -> None:
    with pytest.raises(NotFound):
        objected(made_card.a_person(), line)


def test_a_line_about_somebody_else_is_not_there() -> None:
    """别人的记录,异议像对不存在的一样。"""
    other = made_card.a_person(cast.ADULT_MAN, name="李强")
    with pytest.raises(NotFound):
        objected(made_card.a_person(), looked_at(other))
    assert "objection.file" in ACTS


def test_only_people_themselves_ask_for_their_objections() -> None:
    with pytest.raises(NotFound):
        queries.mine(as_seen_by=cast.CLERK)
