"""The gate with real eyes behind its own process: numbers kept, decisions made again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from onecard.actions import photo
from onecard.domain.photo import Intake, PhotoSource, Scope, Verdict
from onecard.domain.refusal import NotFound, Refused
from onecard.records.models import Photo
from onecard.seams.world import world
from onecard.simulator.photo_accuracy.lab import coded
from tests import cast, faces, pictures
from tests.photographed import a_person, kept

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def mesh_eyes() -> Iterator[None]:
    """A darkroom that really looks."""
    with faces.eyes("mesh"):
        yield


def walled() -> bytes:
    return coded(faces.before_a_wall((120, 160, 210)))


def test_a_picture_of_nobody_is_refused_with_its_reason() -> None:
    """没有人脸:重拍。"""
    with pytest.raises(Refused) as no:
        kept(a_person().ref, pictures.jpeg())
    assert [refusal.code for refusal in no.value.refusals] == ["photo.faces"]


def test_a_photo_on_file_with_the_province_is_not_judged_by_its_face_again() -> None:
    """人社照片库的照片只查文件。"""
    receipt = kept(a_person().ref, pictures.jpeg(), source=PhotoSource.HR_DATABASE)
    row = Photo.objects.get(ref=receipt.ref)
    assert (receipt.verdict, row.report["scope"]) == (Verdict.PASS, "file")


def test_a_kept_photo_holds_what_was_seen_and_can_be_judged_again() -> None:
    """决定连同规格版本与测量值保存,可以重放。"""
    receipt = kept(a_person().ref, walled())
    row = Photo.objects.get(ref=receipt.ref)
    assert "whitened" in receipt.edits
    assert row.report["engine"].startswith("mesh+")
    assert row.report["measured"]["after"]["seen"]["faces"] == 1
    again = photo.replay(photo_ref=row.ref, actor=cast.CLERK)
    assert again.same
    assert (again.verdict.value, again.profile) == (row.verdict, row.profile_version)


def test_nobody_replays_what_they_may_not_see() -> None:
    with pytest.raises(NotFound):
        photo.replay(photo_ref="pho_nobody", actor=cast.CLERK)


def test_the_wall_is_kept_where_that_is_asked_for() -> None:
    """可要求只裁剪,保留原背景。"""
    on = world().clock.now().date()
    whole = photo.develop(content=walled(), intake=Intake.WITH_FIXER, on=on)
    only = photo.develop(content=walled(), intake=Intake.WITH_FIXER, on=on, keep_background=True)
    assert "whitened" in {edit.kind for edit in whole.edits}
    assert "whitened" not in {edit.kind for edit in only.edits}
    assert {one.code: one.outcome.value for one in only.after.findings}["I09"] == "HUMAN"


def test_many_are_looked_at_in_their_order() -> None:
    """成批检查:次序不变,一张打不开不影响其余。"""
    on = world().clock.now().date()
    given = [faces.compliant(), b"<svg/>", walled(), pictures.jpeg(), faces.compliant()] * 2

    def look(content: bytes) -> photo.Judged:
        return photo.look_over(content=content, intake=Intake.WITH_FIXER, on=on)

    told = list(photo.for_each(given, look, jobs=2))
    codes = [{one.code for one in judged.findings} for judged in told]
    assert [("F01" in c, "I01" in c, "I09" in c) for c in codes[:4]] == [
        (False, False, False),
        (True, False, False),
        (False, False, True),
        (False, True, False),
    ]
    assert told[0] == told[4] == told[5]


def test_a_file_looked_at_alone_says_so() -> None:
    on = world().clock.now().date()
    told = photo.look_over(
        content=faces.compliant(), intake=Intake.WITH_FIXER, on=on, scope=Scope.FILE
    )
    assert (told.scope, told.seen, told.engine) == (Scope.FILE, None, "")
