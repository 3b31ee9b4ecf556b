"""Who may see a photo, and how: no photo has a public address.

A link is signed, short-lived and bound to the person or clerk who asked for it; a foreign photo, a
forged link and a photo that was never there look the same (guarantees 8, threat 28).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from onecard import policy, words
from onecard.domain.authority import Actor, Role
from onecard.domain.photo import Finding, PhotoPolicy, Verdict
from onecard.domain.refusal import NotFound
from onecard.queries.photo.telling import edit_said, said
from onecard.records.models import Application, Guardianship, Photo
from onecard.seams import sealed_blobs
from onecard.seams.clock import local_day
from onecard.seams.world import world

_LOOKERS = frozenset(
    {
        Role.OUTLET_CLERK,
        Role.OUTLET_SUPERVISOR,
        Role.HR_CLERK,
        Role.BANK_CLERK,
        Role.PLATFORM_OPERATOR,
    }
)


class Copy(Enum):
    """Which of the two files."""

    PRINT = "print"
    ORIGINAL = "original"


@dataclass(frozen=True)
class PhotoReport:
    """What became of a photo, in one language. `has_original`: there is another file to show."""

    ref: str
    verdict: Verdict
    verdict_said: str
    source: str
    taken_at: datetime
    findings: tuple[str, ...]
    found_before: tuple[str, ...]
    edits: tuple[str, ...]
    has_original: bool
    waits_for_review: bool
    declined: str


def report(ref: str, *, as_seen_by: Actor, language: str = "zh") -> PhotoReport:
    """A kept photo's report. Raises `NotFound` for whoever may not see it."""
    row = _seen(ref, as_seen_by)
    declined = row.report.get("declined", "")
    return PhotoReport(
        ref=row.ref,
        verdict=Verdict(row.verdict),
        verdict_said=words.text(f"photo.verdict.{row.verdict}", language),
        source=words.text(f"photo.source.{row.source}", language),
        taken_at=row.taken_at,
        findings=_findings_said(row, "after", language),
        found_before=_findings_said(row, "before", language),
        edits=tuple(edit_said(e["kind"], e["facts"], language) for e in row.edits),
        has_original=bool(row.original_blob),
        waits_for_review=row.verdict == Verdict.HUMAN.value and row.decided_at is None,
        declined=words.text(f"photo.declined.{declined}", language) if declined else "",
    )


def link(ref: str, *, copy: Copy, as_seen_by: Actor, at: datetime) -> str:
    """A token that opens this photo for this actor, for a few seconds. Raises `NotFound`."""
    _seen(ref, as_seen_by)
    figures = policy.in_force("photo", PhotoPolicy, on=local_day(at))
    ends = int((at + timedelta(seconds=figures.link_seconds)).timestamp())
    return f"{ref}.{copy.value}.{ends}.{_signature(ref, copy.value, ends, as_seen_by)}"


def open_by_link(token: str, *, as_seen_by: Actor, at: datetime) -> bytes:
    """The picture behind a token. Raises `NotFound` if it is forged, over, or another's."""
    parts = token.split(".")
    if len(parts) != len(("ref", "copy", "ends", "signature")) or not parts[2].isdecimal():
        raise NotFound(Photo.__name__)
    ref, copy, ends, signature = parts[0], parts[1], int(parts[2]), parts[3]
    good = hmac.compare_digest(signature.encode(), _signature(ref, copy, ends, as_seen_by).encode())
    if not good or at.astimezone(UTC).timestamp() >= ends:
        raise NotFound(Photo.__name__)
    return open_photo(ref, copy=Copy(copy), as_seen_by=as_seen_by)


def open_photo(ref: str, *, copy: Copy, as_seen_by: Actor) -> bytes:
    """The picture itself. Raises `NotFound` for whoever may not see it, or if it was deleted."""
    row = _seen(ref, as_seen_by)
    name = row.original_blob if copy is Copy.ORIGINAL and row.original_blob else row.blob
    try:
        return sealed_blobs.read(name)
    except KeyError as gone:
        raise NotFound(Photo.__name__) from gone


def _seen(ref: str, actor: Actor) -> Photo:
    row = Photo.objects.filter(ref=ref).first()
    if row is None or not _may_see(row, actor):
        raise NotFound(Photo.__name__)
    return row


def _may_see(row: Photo, actor: Actor) -> bool:
    """Whoever handed it in, its person, that person's guardian, the employer, and the counters."""
    if actor.role in _LOOKERS or actor.ref == row.kept_by:
        return True
    if actor.role is Role.EMPLOYER_AGENT:
        theirs = Application.objects.filter(photo=row, employer_id=actor.employer)
        return bool(actor.employer) and (row.unit == actor.employer or theirs.exists())
    if actor.role is not Role.CITIZEN or row.person_id is None:
        return False
    ward = Guardianship.objects.filter(child_id=row.person_id, guardian_id=actor.ref)
    return actor.ref == row.person_id or ward.exists()


def _signature(ref: str, copy: str, ends: int, actor: Actor) -> str:
    bound = f"{ref}|{copy}|{ends}|{actor.role.value}|{actor.ref}|{actor.outlet}|{actor.employer}"
    return world().custody.sign("photo-link", bound.encode())


def _findings_said(row: Photo, when: str, language: str) -> tuple[str, ...]:
    return tuple(said(Finding.of_plain(kept), language) for kept in row.report.get(when, ()))
