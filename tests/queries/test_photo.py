"""A photo is shown to those it concerns, through links that live a minute and one sign-in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from onecard.actions import photo as acts
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.documents import DocumentKind
from onecard.domain.photo import DeclineReason, PhotoSource, Verdict
from onecard.domain.refusal import NotFound
from onecard.queries import photo
from onecard.queries.photo import Copy
from onecard.records.models import Employer, Guardianship, Person
from onecard.seams.world import world
from tests import cast, pictures
from tests.photographed import EMPLOYER, a_person, an_application, kept

pytestmark = pytest.mark.django_db


def citizen(person: Person) -> Actor:
    return Actor(Role.CITIZEN, person.ref, Channel.PORTAL)


def a_link(ref: str, actor: Actor, copy: Copy = Copy.PRINT) -> str:
    return photo.link(ref, copy=copy, as_seen_by=actor, at=world().clock.now())


def opened(token: str, actor: Actor, *, seconds: float = 0) -> bytes:
    at = world().clock.now() + timedelta(seconds=seconds)
    return acts.look_by_link(token, actor=actor, at=at).content


def look(ref: str, actor: Actor) -> bytes:
    """The picture itself, without a link."""
    return acts.look(photo=ref, copy=Copy.PRINT, actor=actor, at=world().clock.now()).content


def test_a_link_opens_the_photo_for_whoever_asked_for_it() -> None:
    person = a_person()
    ref = kept(person.ref).ref
    assert opened(a_link(ref, citizen(person)), citizen(person)) == pictures.jpeg()


def test_before_and_after_are_two_pictures() -> None:
    """修正前后两张照片都可查看。"""
    person, content = a_person(), pictures.turned(3)
    ref = kept(person.ref, content).ref
    me = citizen(person)
    assert opened(a_link(ref, me, Copy.ORIGINAL), me) == content
    assert opened(a_link(ref, me, Copy.PRINT), me) != content


def test_a_link_lives_sixty_seconds() -> None:
    """链接60秒内有效。"""
    person = a_person()
    token = a_link(kept(person.ref).ref, citizen(person))
    assert opened(token, citizen(person), seconds=59.9)
    with pytest.raises(NotFound):
        opened(token, citizen(person), seconds=60)


def test_a_link_works_in_the_sign_in_that_made_it_and_in_no_other() -> None:
    """链接只对签发它的登录人有效。"""
    ref = kept(a_person().ref).ref
    token = a_link(ref, cast.CLERK)
    assert opened(token, cast.CLERK)
    others = (
        cast.SUPERVISOR,
        replace(cast.CLERK, outlet="out_other"),
        replace(cast.CLERK, ref="stf_other"),
    )
    for other in others:
        with pytest.raises(NotFound):
            opened(token, other)


def test_a_forged_link_looks_like_a_photo_that_is_not_there() -> None:
    ref = kept(a_person().ref).ref
    other = kept(a_person(cast.ADULT_MAN).ref).ref
    token = a_link(ref, cast.CLERK)
    name, copy, ends, signature = token.split(".")
    forged = (
        "",
        "....",
        f"{other}.{copy}.{ends}.{signature}",
        f"{name}.original.{ends}.{signature}",
        f"{name}.{copy}.{int(ends) + 600}.{signature}",
        f"{name}.{copy}.{ends}.{signature[:-1]}0",
        f"{name}.{copy}.²{ends}.{signature}",
        f"{name}.{copy}.{ends}.签",
        f"{token}.more",
    )
    for wrong in forged:
        with pytest.raises(NotFound):
            opened(wrong, cast.CLERK)


def test_a_photo_is_shown_to_those_it_concerns() -> None:
    """本人、监护人、经手人、本单位、窗口可看;其他人看不到。"""
    child, parent, stranger = a_person(), a_person(cast.ADULT_MAN), a_person(cast.LEAP_DAY_CHILD)
    Guardianship.objects.create(
        ref=world().ids.new("gua"),
        child=child,
        guardian=parent,
        document_kind=DocumentKind.RESIDENT_ID,
        relation="mother",
        recorded_at=world().clock.now(),
    )
    employer = Employer.objects.create(ref="emp_tianning", credit_code="x", name="天宁机械")
    listed = an_application(child, "")
    listed.employer = employer
    listed.save(update_fields=["employer"])
    ref = kept(child.ref, source=PhotoSource.EMPLOYER, actor=EMPLOYER).ref
    colleague = replace(EMPLOYER, ref="stf_colleague")
    for looker in (citizen(child), citizen(parent), EMPLOYER, colleague, cast.CLERK, cast.OPERATOR):
        assert look(ref, looker)
    others = (
        citizen(stranger),
        replace(EMPLOYER, ref="stf_else", employer="emp_else"),
        replace(EMPLOYER, ref="stf_else", employer=""),
        Actor(Role.AUDITOR, "stf_auditor", Channel.PORTAL),
        Actor(Role.PARTNER, "client", Channel.PARTNER_API),
    )
    for other in others:
        with pytest.raises(NotFound):
            look(ref, other)


def test_an_employer_sees_the_photos_of_its_own_applications() -> None:
    person = a_person()
    employer = Employer.objects.create(ref="emp_tianning", credit_code="x", name="天宁机械")
    ref = kept(person.ref).ref
    for agent in (EMPLOYER, replace(EMPLOYER, employer="")):
        with pytest.raises(NotFound):
            look(ref, agent)
    application = an_application(person, ref)
    application.employer = employer
    application.save(update_fields=["employer"])
    assert look(ref, EMPLOYER)


def test_a_picture_that_was_forgotten_is_not_found() -> None:
    ref = kept(a_person().ref).ref
    for name in world().blobs.names():
        world().blobs.delete(name)
    with pytest.raises(NotFound):
        look(ref, cast.CLERK)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_says_what_was_found_and_what_was_changed(language: str) -> None:
    """报告:发现的问题和逐项改动。"""
    content = pictures.jpeg(pictures.upright((1024, 1024)), dpi=None, exif=pictures.exif(gps=True))
    report = photo.report(kept(None, content).ref, as_seen_by=cast.CLERK, language=language)
    assert report.verdict is Verdict.PASS
    assert (report.findings, report.has_original, report.waits_for_review) == ((), True, False)
    assert len(report.found_before) >= 3
    said = " ".join(report.edits)
    assert len(report.edits) == 5
    assert "358×441" in said
    assert "{" not in said
    assert "@" not in said


def test_the_report_says_why_a_photo_was_turned_down() -> None:
    ref = kept(None, pictures.jpeg(quality=10)).ref
    assert photo.report(ref, as_seen_by=cast.CLERK).waits_for_review
    acts.decline_photo(
        photo=ref, reason=DeclineReason.NOT_CLEAR, actor=cast.CLERK, at=world().clock.now()
    )
    report = photo.report(ref, as_seen_by=cast.CLERK)
    assert (report.declined, report.waits_for_review) == ("不够清晰", False)


@pytest.mark.parametrize("reason", DeclineReason)
def test_every_reason_to_turn_a_photo_down_has_words(reason: DeclineReason) -> None:
    ref = kept(None, pictures.jpeg(quality=10)).ref
    acts.decline_photo(photo=ref, reason=reason, actor=cast.CLERK, at=world().clock.now())
    for language in ("zh", "en"):
        assert photo.report(ref, as_seen_by=cast.CLERK, language=language).declined
