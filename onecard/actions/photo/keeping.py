"""Keeps a photo: bytes first, then the row; a refused file leaves nothing but its audit line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import act, concerning, note, walk
from onecard.actions.photo.gate import Developed, develop
from onecard.actions.photo.receipts import PhotoReceipt, receipt_of
from onecard.actions.photo.replaying import measured_of
from onecard.domain.authority import Actor, Role
from onecard.domain.photo import (
    Intake,
    PhotoPolicy,
    PhotoSource,
    Scope,
    Verdict,
    may_be_another_persons,
)
from onecard.domain.refusal import NotFound, Refusal, Refused, require
from onecard.records.models import Application, Person, Photo
from onecard.seams import sealed_blobs
from onecard.seams.clock import local_day
from onecard.seams.failpoint import failpoint, register
from onecard.seams.world import world

PRINT, ORIGINAL, QUARANTINE = "pic", "org", "qua"
"""The prefixes of our blobs: print-size copies, originals, files that had to be stopped."""

GROUND = "rule book 6"
_TAKE_ANYBODYS = frozenset(
    {
        Role.OUTLET_CLERK,
        Role.OUTLET_SUPERVISOR,
        Role.HR_CLERK,
        Role.BANK_CLERK,
        Role.PLATFORM_OPERATOR,
        Role.SYSTEM,
    }
)
register("photo.after_blob_before_row")


@dataclass(frozen=True)
class Stored:
    """The names under which the bytes already lie; empty where there is no such copy."""

    blob: str = ""
    original: str = ""
    quarantine: str = ""


@walk("photo.keep_photo")
def keep_photo(
    *,
    person: str | None,
    content: bytes,
    source: PhotoSource,
    intake: Intake,
    actor: Actor,
    at: datetime,
    keep_background: bool = False,
) -> PhotoReceipt:
    """Look a file over, mend it where the door offers that, and keep both copies.

    Raises `Refused` with every defect at once when the file has to be taken again (or, at a door
    without the fixer, put right by its sender); `photo.duplicate` when the same employer handed it
    in for somebody else; `NotFound` for a person who is not there.
    """
    developed = develop(
        content=content,
        intake=intake,
        on=local_day(at),
        scope=_scope_of(source),
        keep_background=keep_background,
    )
    refusals = _refusals(developed, intake)
    stored = _stored(developed, content, refused=bool(refusals))
    failpoint("photo.after_blob_before_row")
    try:
        receipt = _keep(
            person=person,
            developed=developed,
            refusals=refusals,
            source=source,
            stored=stored,
            actor=actor,
            at=at,
        )
    except (Refused, NotFound):
        _drop(stored)
        raise
    return _let_go_of_the_second(receipt, stored)


def _scope_of(source: PhotoSource) -> Scope:
    """What the province has on file was accepted there: nobody is sent away for it again."""
    return Scope.FILE if source is PhotoSource.HR_DATABASE else Scope.FACE


def _let_go_of_the_second(receipt: PhotoReceipt, stored: Stored) -> PhotoReceipt:
    if receipt.again:
        _drop(stored)
    return receipt


@act("photo.keep")
def _keep(
    *,
    person: str | None,
    developed: Developed,
    refusals: tuple[Refusal, ...],
    source: PhotoSource,
    stored: Stored,
    actor: Actor,
    at: datetime,
) -> PhotoReceipt:
    """The row of a photo whose bytes are stored; the same file again is the same object."""
    owner = hold.one(Person, ref=person) if person else None
    must_be_theirs(person, source, actor)
    concerning(person or "")
    if refusals:
        raise Refused(*refusals)
    kept = _kept_before(person, developed, actor)
    if kept is not None:
        return receipt_of(kept, again=True)
    must_be_nobody_elses(person, unit=actor.employer, sha256=developed.before.sha256)
    row = Photo(
        ref=world().ids.new("pho"),
        person=owner,
        source=source.value,
        blob=stored.blob,
        original_blob=stored.original,
        original_until=_original_until(at) if stored.original else None,
        sha256=developed.after.sha256,
        original_sha256=developed.before.sha256,
        verdict=developed.after.verdict.value,
        report=_report(developed),
        edits=[{"kind": edit.kind, "facts": dict(edit.facts)} for edit in developed.edits],
        profile_version=developed.after.profile,
        kept_by=actor.ref,
        unit=actor.employer,
        taken_at=at,
    )
    row.save(force_insert=True)
    note(about=row.ref, by=actor, at=at, ground=GROUND, verdict=row.verdict, source=row.source)
    return receipt_of(row)


def _refusals(developed: Developed, intake: Intake) -> tuple[Refusal, ...]:
    """Why the file cannot be kept; a photo that a person has to judge can."""
    final = developed.after
    if final.verdict is Verdict.RETAKE:
        return final.refusals()
    if intake is Intake.AS_IT_IS and any(finding.fixable for finding in final.findings):
        return final.refusals()
    return ()


def _stored(developed: Developed, content: bytes, *, refused: bool) -> Stored:
    """Put the bytes away: both copies of a good file, a stopped one apart, nothing of a refused."""
    if developed.after.stopped:
        return Stored(quarantine=sealed_blobs.put(QUARANTINE, content))
    if refused:
        return Stored()
    original = sealed_blobs.put(ORIGINAL, content) if developed.edits else ""
    return Stored(blob=sealed_blobs.put(PRINT, developed.content), original=original)


def _drop(stored: Stored) -> None:
    for name in filter(None, (stored.blob, stored.original)):
        world().blobs.delete(name)


def _kept_before(person: str | None, developed: Developed, actor: Actor) -> Photo | None:
    whose = {"person": person} if person else {"person": None, "kept_by": actor.ref}
    return Photo.objects.filter(
        **whose,
        original_sha256=developed.before.sha256,
        profile_version=developed.after.profile,
        verdict=developed.after.verdict.value,
    ).first()


def must_be_theirs(person: str | None, source: PhotoSource, actor: Actor) -> None:
    """A citizen hands in their own portrait, an employer its people's; a counter anybody's.

    What the province gave us was handed in by nobody. Raises `NotFound`, as for nobody.
    """
    if not person or source is PhotoSource.HR_DATABASE or actor.role in _TAKE_ANYBODYS:
        return
    listed = Application.objects.filter(person=person, employer=actor.employer or None)
    own = actor.role is Role.CITIZEN and person == actor.ref
    if not own and not (actor.role is Role.EMPLOYER_AGENT and listed.exists()):
        raise NotFound(Person.__name__)


def must_be_nobody_elses(person: str | None, *, unit: str, sha256: str) -> None:
    """One employer hands in one file for one person. Raises `Refused("photo.duplicate")`.

    Asked as soon as the person is known: when the photo is kept, or when it is claimed.
    """
    if not person or not unit:
        return
    same = Photo.objects.filter(unit=unit, original_sha256=sha256).exclude(person=None)
    others = same.exclude(person=person).values("person").distinct().count()
    require(may_be_another_persons(others=others))


def _original_until(at: datetime) -> date:
    day = local_day(at)
    figures = policy.in_force("photo", PhotoPolicy, on=day)
    return day + timedelta(days=figures.original_days)


def _report(developed: Developed) -> dict[str, Any]:
    """Findings before and after, every check, and what was measured: enough to judge again."""
    before, after = developed.before, developed.after
    return {
        "codes": [finding.code for finding in after.findings],
        "before": [finding.as_plain() for finding in before.findings],
        "after": [finding.as_plain() for finding in after.findings],
        "checks": [finding.as_plain() for finding in after.checks],
        "scope": after.scope.value,
        "engine": after.engine,
        "measured": {"before": measured_of(before), "after": measured_of(after)},
        "plate_residual": developed.plate_residual,
    }
