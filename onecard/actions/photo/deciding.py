"""What people decide about a photo: whose it is, and whether one the gate is unsure of will do."""

from __future__ import annotations

from datetime import datetime

from onecard.actions import hold
from onecard.actions._keeping import act, concerning, note
from onecard.actions.photo.keeping import must_be_nobody_elses
from onecard.actions.photo.receipts import PhotoReceipt, receipt_of
from onecard.domain.authority import Actor
from onecard.domain.photo import DeclineReason, Verdict
from onecard.domain.refusal import NotFound
from onecard.records.models import Person, Photo

GROUND = "rule book 6, P6-P9"


def claim(photo: str, person: Person, actor: Actor) -> Photo:
    """Give a photo that belongs to nobody yet to the held person; part of somebody else's act.

    Only whoever kept it, or their employer, can say whose it is. Raises `NotFound` when there is
    none, or when it is another's; `photo.duplicate` when the same employer handed the same file in
    for somebody else.
    """
    row = hold.one(Photo, ref=photo)
    kept_it = actor.ref == row.kept_by or (row.unit and row.unit == actor.employer)
    if not (row.person_id == person.ref or (row.person_id is None and kept_it)):
        raise NotFound(Photo.__name__)
    must_be_nobody_elses(person.ref, unit=row.unit, sha256=row.original_sha256)
    if row.person is None:
        row.person = person
        row.save(update_fields=["person"])
    return row


@act("photo.accept")
def accept_photo(*, photo: str, actor: Actor, at: datetime) -> PhotoReceipt:
    """Somebody has looked at a photo the gate was unsure of: it will do."""
    row = hold.one(Photo, ref=photo)
    concerning(row.person_id or "")
    if Verdict(row.verdict) is Verdict.HUMAN and row.decided_at is None:
        row.decided_by, row.decided_at = actor.ref, at
        row.save(update_fields=["decided_by", "decided_at"])
        note(about=row.ref, by=actor, at=at, ground=GROUND, decision="accepted")
    return receipt_of(row)


@act("photo.decline")
def decline_photo(*, photo: str, reason: DeclineReason, actor: Actor, at: datetime) -> PhotoReceipt:
    """Somebody has looked at a photo and asks for another one, and says why."""
    row = hold.one(Photo, ref=photo)
    concerning(row.person_id or "")
    row.verdict = Verdict.RETAKE.value
    row.report = {**row.report, "declined": reason.value}
    row.decided_by, row.decided_at = actor.ref, at
    row.save(update_fields=["verdict", "report", "decided_by", "decided_at"])
    note(about=row.ref, by=actor, at=at, ground=GROUND, decision="declined", reason=reason.value)
    return receipt_of(row)
