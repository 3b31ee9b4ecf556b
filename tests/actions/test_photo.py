"""Photos are kept sealed, once, whole or not at all, and no longer than is needed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection

from onecard.actions import photo
from onecard.actions._keeping import ACTS, act, once
from onecard.actions.photo import PhotoReceipt
from onecard.adapters import portrait
from onecard.domain.authority import THE_CLOCK, Actor, Channel, Role
from onecard.domain.photo import DeclineReason, Intake, PhotoFile, PhotoSource, Verdict
from onecard.domain.production import ProductionState
from onecard.domain.refusal import NotFound, Refused
from onecard.records.models import AuditRow, Person, Photo
from onecard.seams import sealed_blobs
from onecard.seams.blobs import MemoryBlobs
from onecard.seams.clock import SetClock
from onecard.seams.custody import CannotUnseal
from onecard.seams.failpoint import Crash, armed
from onecard.seams.world import in_world, world
from tests import cast, pictures
from tests.photographed import EMPLOYER, a_card, a_person, an_application, kept, on_the_list

pytestmark = pytest.mark.django_db


def blobs() -> MemoryBlobs:
    store = world().blobs
    assert isinstance(store, MemoryBlobs)
    return store


def later(**by: float) -> None:
    clock = world().clock
    assert isinstance(clock, SetClock)
    clock.advance(timedelta(**by))


def refused(content: bytes, intake: Intake = Intake.WITH_FIXER) -> list[str]:
    with pytest.raises(Refused) as no:
        kept(a_person().ref, content, intake=intake)
    return [refusal.code for refusal in no.value.refusals]


def test_a_good_photo_is_kept_once_byte_for_byte() -> None:
    """合格文件原样保存,一字节不改。"""
    content = pictures.jpeg()
    receipt = kept(a_person().ref, content)
    row = Photo.objects.get(ref=receipt.ref)
    assert receipt == PhotoReceipt(row.ref, Verdict.PASS, (), (), mended=False, again=False)
    assert sealed_blobs.read(row.blob) == content
    assert (row.original_blob, row.original_until) == ("", None)
    assert row.sha256 == row.original_sha256
    assert row.profile_version.startswith("sscard-358x441/1 changzhou-")
    assert blobs().names() == [row.blob]


def test_a_photo_lies_sealed_under_a_random_name() -> None:
    """照片加密存放,文件名随机,与人员无关。"""
    content = pictures.jpeg()
    row = Photo.objects.get(ref=kept(a_person().ref, content).ref)
    (stored,) = blobs().content.values()
    assert content[:200] not in stored
    assert row.person is not None
    assert row.person.ref[4:] not in row.blob


def test_a_photo_put_under_another_name_does_not_open() -> None:
    first = Photo.objects.get(ref=kept(a_person().ref).ref)
    other = a_person(cast.ADULT_MAN)
    second = Photo.objects.get(ref=kept(other.ref, pictures.jpeg(quality=90)).ref)
    blobs().content[second.blob] = blobs().content[first.blob]
    with pytest.raises(CannotUnseal):
        sealed_blobs.read(second.blob)


def test_a_mended_photo_keeps_its_original_and_the_list_of_changes() -> None:
    """原图与修正后的照片都保存,逐项列出改动。"""
    content = pictures.turned(6, (716, 882))
    row = Photo.objects.get(ref=kept(a_person().ref, content).ref)
    assert row.verdict == Verdict.PASS.value
    assert sealed_blobs.read(row.original_blob) == content
    assert [edit["kind"] for edit in row.edits] == ["turn", "scale", "encode"]
    assert [found["measure"] for found in row.report["before"]] == ["SIZE", "ORIENTATION"]
    assert row.report["after"] == []
    assert row.original_until == date(2026, 4, 1)


def test_a_photo_for_a_person_to_judge_is_kept_and_waits() -> None:
    """过度压缩:保留并转人工,不因重新编码而隐去。"""
    receipt = kept(a_person().ref, pictures.jpeg(quality=10))
    assert receipt.verdict is Verdict.HUMAN
    assert "F08" in receipt.findings


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (b"", ["upload.empty"]),
        (bytes(20_480 * 1024 + 1), ["upload.size"]),
        (b"<svg/>", ["photo.format"]),
        (b"GIF89a<html><script>", ["photo.format"]),
        (pictures.jpeg()[:-300], ["photo.format"]),
        (pictures.jpeg(pictures.upright().convert("L")), ["photo.depth"]),
        (pictures.jpeg(pictures.upright((200, 246))), ["photo.size", "photo.bytes"]),
        (pictures.many_scans(500), ["upload.cost"]),
        (
            pictures.with_chunk(pictures.png(), b"zTXt", b"k\0\0" + pictures.packed(100_000_000)),
            ["photo.metadata"],
        ),
        (pictures.SIGNATURE + pictures.header(50_000, 50_000), ["photo.pixels"]),
    ],
    ids=[
        "empty",
        "too large",
        "SVG",
        "GIF and HTML",
        "truncated",
        "grey",
        "small",
        "scans",
        "packed text",
        "pixels",
    ],
)
def test_a_file_that_will_not_do_is_refused_and_leaves_only_its_line_in_the_audit(
    content: bytes, codes: list[str]
) -> None:
    """拒绝的文件不留内容,只留一条审计记录。"""
    assert refused(content) == codes
    assert not Photo.objects.exists()
    assert blobs().names() == []
    line = AuditRow.objects.get(act="photo.keep")
    assert (line.result, line.code, line.facts["codes"]) == ("refused", codes[0], codes)
    assert line.concerning == Person.objects.get().ref


def test_a_door_without_the_fixer_tells_the_sender_every_defect_at_once() -> None:
    """接口处不代为修正:一次说全,请寄送方修正。"""
    content = pictures.jpeg(pictures.upright((716, 882)), dpi=None)
    assert refused(content, Intake.AS_IT_IS) == ["photo.size", "photo.dpi"]


def test_a_conversion_is_offered_at_some_doors_only() -> None:
    assert refused(pictures.png(), Intake.AS_IT_IS) == ["photo.format"]
    assert kept(None, pictures.png()).verdict is Verdict.PASS


def test_the_same_file_again_is_the_same_object() -> None:
    """同一文件再次上传,还是同一份。"""
    person = a_person()
    content = pictures.turned(3)
    first, second = kept(person.ref, content), kept(person.ref, content)
    assert (second.ref, second.again) == (first.ref, True)
    assert Photo.objects.count() == 1
    assert len(blobs().names()) == 2


def test_the_same_file_of_another_person_is_another_object() -> None:
    content = pictures.jpeg()
    refs = {kept(a_person(number).ref, content).ref for number in (cast.ADULT, cast.ADULT_MAN)}
    assert len(refs) == 2


def test_one_employer_cannot_hand_in_one_photo_for_two_people() -> None:
    """同一单位两人用同一张照片,拒绝。"""
    content = pictures.jpeg(quality=91)
    woman, man = a_person(), a_person(cast.ADULT_MAN)
    on_the_list(woman)
    on_the_list(man)
    before = Photo.objects.count()
    kept(woman.ref, content, source=PhotoSource.EMPLOYER, actor=EMPLOYER)
    with pytest.raises(Refused) as no:
        kept(man.ref, content, source=PhotoSource.EMPLOYER, actor=EMPLOYER)
    assert no.value.refusal.code == "photo.duplicate"
    assert Photo.objects.count() == len(blobs().names()) == before + 1
    assert kept(woman.ref, content, actor=EMPLOYER).again


@pytest.mark.parametrize(
    "stranger",
    [
        Actor(Role.CITIZEN, "per_somebody", Channel.PORTAL),
        Actor(Role.PARTNER, "cli_kiosk", Channel.PARTNER_API),
        EMPLOYER,
    ],
)
def test_nobody_hands_in_a_portrait_for_somebody_they_have_nothing_to_do_with(
    stranger: Actor,
) -> None:
    """照片只能为本人、为本单位名单上的人交；别人的与不存在的一样。"""
    person = a_person()
    with pytest.raises(NotFound):
        kept(person.ref, source=PhotoSource.PARTNER, actor=stranger)
    assert blobs().names() == []
    assert kept(person.ref, actor=Actor(Role.CITIZEN, person.ref, Channel.PORTAL)).ref


def test_a_photo_of_nobody_yet_is_claimed_only_by_whoever_kept_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """还没有归属的照片，别人拿到编号也不能用。"""
    monkeypatch.setattr("onecard.domain.authority.may_act", lambda **_: None)
    ref = kept(None, source=PhotoSource.EMPLOYER, actor=EMPLOYER).ref
    other = replace(EMPLOYER, ref="stf_other", employer="emp_other")
    with pytest.raises(NotFound):
        claim(ref=ref, person=a_person(), actor=other, at=world().clock.now())
    colleague = replace(EMPLOYER, ref="stf_colleague")
    claim(ref=ref, person=a_person(cast.ADULT_MAN), actor=colleague, at=world().clock.now())


def test_a_file_claimed_for_two_people_of_one_employer_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """先上传、后确定人员时,在归属时核对。"""
    monkeypatch.setattr("onecard.domain.authority.may_act", lambda **_: None)
    content = pictures.jpeg()
    woman, man = a_person(), a_person(cast.ADULT_MAN)
    for _ in range(2):
        ref = kept(None, content, source=PhotoSource.EMPLOYER, actor=EMPLOYER).ref
        claim(ref=ref, person=woman, actor=EMPLOYER, at=world().clock.now())
    ref = kept(None, content, source=PhotoSource.EMPLOYER, actor=EMPLOYER).ref
    with pytest.raises(Refused) as no:
        claim(ref=ref, person=man, actor=EMPLOYER, at=world().clock.now())
    assert no.value.refusal.code == "photo.duplicate"


def test_a_repeated_request_gives_the_same_receipt() -> None:
    person, content = a_person(), pictures.jpeg()
    with once("client", "key-1"):
        first = kept(person.ref, content)
    with once("client", "key-1") as again:
        assert kept(person.ref, content) == first
    assert again.replayed
    assert Photo.objects.count() == 1


def test_a_photo_of_a_person_who_is_not_there_is_not_kept() -> None:
    with pytest.raises(NotFound):
        kept("per_nobody")
    assert blobs().names() == []


def test_a_full_store_keeps_no_row_without_bytes() -> None:
    person = a_person()
    blobs().full = True
    with pytest.raises(OSError, match="space"):
        kept(person.ref)
    assert not Photo.objects.exists()


# A crash at any point leaves a finished photo, or bytes that the sweep removes.


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", ["photo.after_blob_before_row", "photo.keep.before_commit"])
def test_a_crash_between_bytes_and_row_leaves_an_orphan_that_the_sweep_removes(point: str) -> None:
    """存完文件、写库之前中断:留下无主文件,清理后不留痕。"""
    person = a_person()
    with armed(point), pytest.raises(Crash):
        kept(person.ref, pictures.turned(3))
    assert not Photo.objects.exists()
    assert len(blobs().names()) == 2
    assert photo.sweep_orphans(actor=THE_CLOCK, at=world().clock.now()).count == 0
    later(hours=24, seconds=1)
    assert photo.sweep_orphans(actor=THE_CLOCK, at=world().clock.now()).count == 2
    assert blobs().names() == []
    assert kept(person.ref, pictures.turned(3)).verdict is Verdict.PASS


@pytest.mark.django_db(transaction=True)
def test_a_crash_after_the_row_leaves_a_whole_photo() -> None:
    person = a_person()
    with armed("photo.keep.after_commit"), pytest.raises(Crash):
        kept(person.ref)
    row = Photo.objects.get()
    assert sealed_blobs.read(row.blob) == pictures.jpeg()
    later(hours=25)
    assert photo.sweep_orphans(actor=THE_CLOCK, at=world().clock.now()).count == 0
    assert kept(person.ref).again


def test_the_sweep_leaves_other_rooms_files_alone() -> None:
    world().blobs.put(world().ids.new("bat"), b"a batch file")
    later(days=9)
    assert photo.sweep_orphans(actor=THE_CLOCK, at=world().clock.now()).count == 0
    assert len(blobs().names()) == 1


def test_a_file_that_had_to_be_stopped_lies_apart_for_seven_days(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """打不开而中止的文件隔离7天。"""

    def dies(content: bytes, caps: object, _optics: object) -> PhotoFile:
        raise portrait.DidNotSurvive(f"{len(content)} bytes under {caps}")

    monkeypatch.setattr(portrait, "examine", dies)
    assert refused(pictures.jpeg()) == ["upload.cost"]
    (name,) = blobs().names()
    assert sealed_blobs.read(name) == pictures.jpeg()
    later(days=7)
    assert photo.sweep_orphans(actor=THE_CLOCK, at=world().clock.now()).count == 0
    later(seconds=1)
    assert photo.sweep_orphans(actor=THE_CLOCK, at=world().clock.now()).count == 1
    assert blobs().names() == []


# Deciding.


def test_somebody_who_looked_lets_a_doubtful_photo_pass_once() -> None:
    """人工确认后可用,记录谁、何时。"""
    ref = kept(a_person().ref, pictures.jpeg(quality=10)).ref
    photo.accept_photo(photo=ref, actor=cast.CLERK, at=world().clock.now())
    row = Photo.objects.get(ref=ref)
    assert (row.decided_by, row.decided_at) == (cast.CLERK.ref, world().clock.now())
    later(hours=1)
    photo.accept_photo(photo=ref, actor=cast.SUPERVISOR, at=world().clock.now())
    row.refresh_from_db()
    assert row.decided_by == cast.CLERK.ref


def test_somebody_who_looked_asks_for_another_photo_and_says_why() -> None:
    """人工退回须写明原因。"""
    ref = kept(a_person().ref).ref
    receipt = photo.decline_photo(
        photo=ref, reason=DeclineReason.UNIFORM, actor=cast.CLERK, at=world().clock.now()
    )
    assert receipt.verdict is Verdict.RETAKE
    assert Photo.objects.get(ref=ref).report["declined"] == "uniform"
    assert not kept(Photo.objects.get(ref=ref).person_id).again


def test_a_holder_does_not_judge_photos() -> None:
    ref = kept(a_person().ref, pictures.jpeg(quality=10)).ref
    with pytest.raises(Refused) as no:
        photo.accept_photo(photo=ref, actor=cast.CITIZEN, at=world().clock.now())
    assert no.value.refusal.code == "authority.not_yours"


@act("example.claim")
def claim(*, ref: str, person: Person, actor: Actor, at: object) -> None:  # noqa: ARG001
    """Another room's act that takes a photo."""
    photo.claim(ref, person, actor)


ACTS.pop("example.claim")


def test_a_photo_belongs_to_the_first_who_claims_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """照片归属一次,别人不能再用。"""
    authority = "onecard.domain.authority.may_act"
    monkeypatch.setattr(authority, lambda **_: None)
    woman, man = a_person(), a_person(cast.ADULT_MAN)
    ref = kept(None).ref
    for _ in range(2):
        claim(ref=ref, person=woman, actor=cast.CLERK, at=world().clock.now())
    assert Photo.objects.get(ref=ref).person == woman
    with pytest.raises(NotFound):
        claim(ref=ref, person=man, actor=cast.CLERK, at=world().clock.now())


# Forgetting.


def forget() -> int:
    return photo.forget_originals(actor=THE_CLOCK, at=world().clock.now()).count


def test_the_original_is_forgotten_thirty_days_after_the_card_was_made() -> None:
    """原始照片在制卡后保存30天,此后只留印制副本。"""
    person = a_person()
    ref = kept(person.ref, pictures.turned(3)).ref
    application = an_application(person, ref)
    later(days=60)
    assert forget() == 0, "the card is not made yet"
    made_on = world().clock.now().date()
    a_card(application, made_on)
    later(days=30)
    assert forget() == 0
    later(days=1)
    assert forget() == 1
    row = Photo.objects.get(ref=ref)
    assert (row.original_blob, row.original_until) == ("", None)
    assert blobs().names() == [row.blob]
    assert forget() == 0


def test_an_original_without_a_card_to_come_is_forgotten_after_thirty_days() -> None:
    person = a_person()
    ref = kept(person.ref, pictures.turned(3)).ref
    an_application(person, ref, ProductionState.RETRACTED)
    later(days=30)
    assert forget() == 0
    later(days=1)
    assert forget() == 1


@pytest.mark.django_db(transaction=True)
def test_a_crash_while_forgetting_leaves_bytes_that_the_sweep_removes() -> None:
    """先改库、后删文件:中断后由清理补上。"""
    person = a_person()
    ref = kept(person.ref, pictures.turned(3)).ref
    an_application(person, ref, ProductionState.RETRACTED)
    later(days=31)
    with armed("photo.after_row_before_blob_deleted"), pytest.raises(Crash):
        forget()
    assert Photo.objects.get(ref=ref).original_blob == ""
    assert len(blobs().names()) == 2
    assert photo.sweep_orphans(actor=THE_CLOCK, at=world().clock.now()).count == 1
    assert len(blobs().names()) == 1


def test_a_photo_nobody_claimed_is_forgotten_whole() -> None:
    """未提交申请的照片30天后连同记录删除。"""
    person = a_person()
    used = kept(person.ref, pictures.turned(3)).ref
    an_application(person, used)
    kept(person.ref, pictures.turned(4))
    later(days=30)
    assert photo.forget_unclaimed(actor=THE_CLOCK, at=world().clock.now()).count == 0
    later(seconds=1)
    assert photo.forget_unclaimed(actor=THE_CLOCK, at=world().clock.now()).count == 2
    assert [row.ref for row in Photo.objects.all()] == [used]
    assert len(blobs().names()) == 2


@pytest.mark.parametrize(
    "forgetting", [photo.forget_originals, photo.forget_unclaimed, photo.sweep_orphans]
)
def test_only_operators_and_the_clock_forget(forgetting: Callable[..., object]) -> None:
    with pytest.raises(Refused):
        forgetting(actor=cast.CLERK, at=world().clock.now())


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_uploads_of_one_file_at_once_are_one_object() -> None:
    """同一文件并发上传八次,只有一份。"""
    person, here = a_person(), world()
    receipts: list[PhotoReceipt] = []
    errors: list[BaseException] = []

    def upload() -> None:
        try:
            with in_world(here):
                receipts.append(kept(person.ref, pictures.turned(3)))
        except BaseException as error:  # noqa: BLE001 - a thread's failure is the test's finding
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=upload) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert len({receipt.ref for receipt in receipts}) == 1
    assert sum(not receipt.again for receipt in receipts) == 1
    assert len(blobs().names()) == 2
