"""Who looked at my data: every look is there, nobody else's business is."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from onecard import words
from onecard.actions import person as people
from onecard.actions import photo as photos
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.photo import Copy
from onecard.domain.refusal import NotFound, Refused
from onecard.queries.person import Look, looks
from onecard.records.models import AuditRow, Person
from tests import cast, made_card, photographed
from tests.house.plan import sources
from tests.lost_card import a_call, a_card, now

pytestmark = pytest.mark.django_db
AUDITOR = Actor(Role.AUDITOR, "stf_auditor", Channel.OFFICE)


def mine(person: Person, *, with_own: bool = False, before: int = 0) -> tuple[Look, ...]:
    me = made_card.as_citizen(person)
    return looks(person=person.ref, as_seen_by=me, with_own=with_own, before=before)


def unmask(person: Person, field: str = "phone", actor: Actor = cast.CLERK) -> None:
    people.unmask(person=person.ref, field=field, reason="核对预约", actor=actor, at=now())


@pytest.mark.rule("platform B19")
def test_every_look_is_told_with_place_and_reason_and_without_a_name() -> None:
    """谁看过我:何时、哪个网点、看了什么、为什么;不写经办人姓名。"""
    person, _ = a_card()
    unmask(person)
    ref = photographed.kept(person.ref).ref
    photos.look(photo=ref, copy=Copy.PRINT, actor=cast.CLERK, at=now())
    a_call()
    seen = mine(person)
    assert [look.what for look in seen] == [
        "loss.act.identify_caller",
        "photo.act.look",
        "person.act.unmask",
    ]
    unmasked = seen[-1]
    assert (unmasked.field, unmasked.reason, unmasked.place) == (
        "phone",
        "核对预约",
        "天宁服务网点",
    )
    assert "stf_clerk" not in repr(seen)
    for look in seen:
        for key in (look.what, look.by_role, look.channel):
            assert words.has(key), key


def test_a_try_that_was_refused_is_told_too() -> None:
    """没看成的尝试也告诉本人:电话核对不符、没写原因。"""
    person, _ = a_card()
    with pytest.raises(Refused):
        a_call(name="王方")
    with pytest.raises(Refused):
        people.unmask(person=person.ref, field="phone", reason=" ", actor=cast.CLERK, at=now())
    assert [look.refused for look in mine(person)] == [True, True]


def test_own_looks_are_shown_only_when_asked_for() -> None:
    """自己看自己的,默认不列。"""
    person, _ = a_card()
    ref = photographed.kept(person.ref).ref
    me = made_card.as_citizen(person)
    photos.look(photo=ref, copy=Copy.PRINT, actor=me, at=now())
    assert mine(person) == ()
    assert [look.by_themself for look in mine(person, with_own=True)] == [True]


@pytest.mark.rule("platform B19: third-party privacy filter")
def test_what_concerns_somebody_else_is_not_told() -> None:
    """别人的记录不出现;别人也看不到我的。"""
    person, _ = a_card()
    other = made_card.a_person("320499199001019002", name="陈力")
    unmask(other)
    assert mine(person) == ()
    viewers = (
        made_card.as_citizen(other),
        cast.CLERK,
        cast.OPERATOR,
        replace(made_card.as_citizen(person), ref=""),
    )
    for viewer in viewers:
        with pytest.raises(NotFound):
            looks(person=person.ref, as_seen_by=viewer)
    assert len(looks(person=other.ref, as_seen_by=AUDITOR)) == 1


def test_pages_follow_without_gap() -> None:
    """逐页查看,不缺不重。"""
    person, _ = a_card()
    for field in ("phone", "name", "address"):
        unmask(person, field)
    whole = mine(person)
    first, rest = whole[0], mine(person, before=whole[0].line)
    assert (first, *rest) == whole


def test_a_foreign_photo_leaves_no_trace_of_a_look_that_never_was() -> None:
    """看不到的照片,不会记成看过。"""
    person, _ = a_card()
    ref = photographed.kept(person.ref).ref
    stranger = made_card.as_citizen(made_card.a_person("320499199001019002"))
    with pytest.raises(NotFound):
        photos.look(photo=ref, copy=Copy.PRINT, actor=stranger, at=now())
    assert not AuditRow.objects.filter(act="photo.look").exists()
    assert mine(person) == ()


@pytest.mark.rule("platform B19: no read path without an entry")
def test_no_door_reads_a_whole_value_but_through_an_audited_act() -> None:
    """没有不留痕的读取路径:照片原图只能由留痕的操作读出,查询不返回原文。"""
    reads = re.compile(r"sealed_blobs\.read\(")
    may = re.compile(r"^(actions/|seams/)")
    assert not [s.name for s in sources() if reads.search(s.text) and not may.match(s.name)]
    shows = re.compile(r"getattr\(row, field\)")
    assert [s.name for s in sources() if shows.search(s.text)] == ["actions/person.py"]
