"""What is told of a photo, and the link by which it is looked at: no photo has a public address.

A link is signed, short-lived and bound to the person or clerk who asked for it; a foreign photo, a
forged link and a photo that was never there look the same (guarantees 8, threat 28). Looking itself
is an act, for every look is written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from onecard import policy, words
from onecard.domain.authority import Actor, actor_key
from onecard.domain.photo import Copy, Finding, PhotoPolicy, Verdict
from onecard.domain.refusal import NotFound
from onecard.queries.photo.telling import edit_said, said
from onecard.records.models import Photo
from onecard.seams import signed_links
from onecard.seams.clock import local_day


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
    ends_at = at + timedelta(seconds=figures.link_seconds)
    return signed_links.make(f"{ref}.{copy.value}", ends_at=ends_at, bound_to=actor_key(as_seen_by))


def _seen(ref: str, actor: Actor) -> Photo:
    row = Photo.objects.visible_to(actor).filter(ref=ref).first()
    if row is None:
        raise NotFound(Photo.__name__)
    return row


def _findings_said(row: Photo, when: str, language: str) -> tuple[str, ...]:
    return tuple(said(Finding.of_plain(kept), language) for kept in row.report.get(when, ()))
