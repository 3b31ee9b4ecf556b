"""Forgets photos in time: originals after the card is made, files nobody claimed, orphans.

The row lets go first, then the bytes are deleted: a crash in between leaves an orphan, and the
sweep finds it by its name, in which the moment of its making is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import act, note, walk
from onecard.actions.photo.keeping import ORIGINAL, PRINT, QUARANTINE
from onecard.actions.photo.receipts import Forgotten
from onecard.domain.authority import Actor
from onecard.domain.photo import PhotoPolicy, original_kept_until
from onecard.domain.production import OPEN
from onecard.records.models import Application, Card, Photo
from onecard.seams.clock import local_day
from onecard.seams.failpoint import failpoint, register
from onecard.seams.ids import made_at
from onecard.seams.world import world

MOST = 500
"""Rows per act: an act is short."""

GROUND = "guarantees 11.4"
register("photo.after_row_before_blob_deleted")


@walk("photo.forget_originals")
def forget_originals(*, actor: Actor, at: datetime) -> Forgotten:
    """Delete the original files whose time is over; the print-size copies stay."""
    return _deleted(_let_go_of_originals(actor=actor, at=at))


@walk("photo.forget_unclaimed")
def forget_unclaimed(*, actor: Actor, at: datetime) -> Forgotten:
    """Delete photos that never became part of an application."""
    return _deleted(_let_go_of_unclaimed(actor=actor, at=at))


@walk("photo.sweep_orphans")
def sweep_orphans(*, actor: Actor, at: datetime) -> Forgotten:
    """Delete bytes that no row points to, and stopped files after their quarantine."""
    ours = tuple(n for n in world().blobs.names() if n.startswith(_OURS))
    return _deleted(_find_orphans(names=ours, actor=actor, at=at))


@act("photo.forget_originals")
def _let_go_of_originals(*, actor: Actor, at: datetime) -> Forgotten:
    due = Photo.objects.filter(original_until__lt=local_day(at)).exclude(original_blob="")
    names = []
    for row in hold.next_of(due.order_by("original_until"), most=MOST):
        row.original_until = _kept_until(row, at)
        if row.original_until < local_day(at):
            names.append(row.original_blob)
            row.original_blob, row.original_until = "", None
            note(about=row.ref, by=actor, at=at, ground=GROUND)
        row.save(update_fields=["original_blob", "original_until"])
    return Forgotten(len(names), tuple(names))


@act("photo.forget_unclaimed")
def _let_go_of_unclaimed(*, actor: Actor, at: datetime) -> Forgotten:
    since = at - timedelta(days=_figures(at).unclaimed_days)
    unclaimed = Photo.objects.filter(applications=None, taken_at__lt=since)
    names = []
    for row in hold.next_of(unclaimed.order_by("taken_at"), most=MOST):
        names += [name for name in (row.blob, row.original_blob) if name]
        note(about=row.ref, by=actor, at=at, ground=GROUND)
        row.delete()
    return Forgotten(len(names), tuple(names))


@act("photo.sweep_orphans")
def _find_orphans(*, names: tuple[str, ...], actor: Actor, at: datetime) -> Forgotten:
    figures = _figures(at)
    old = [name for name in names if made_at(name) < at - timedelta(hours=figures.orphan_hours)]
    known = set(Photo.objects.filter(blob__in=old).values_list("blob", flat=True))
    known |= set(
        Photo.objects.filter(original_blob__in=old).values_list("original_blob", flat=True)
    )
    quarantined_since = at - timedelta(days=figures.quarantine_days)
    orphans = [
        name
        for name in old
        if name not in known
        and not (name.startswith(QUARANTINE) and made_at(name) >= quarantined_since)
    ]
    if orphans:
        note(about="blobs", by=actor, at=at, ground=GROUND, count=len(orphans))
    return Forgotten(len(orphans), tuple(orphans))


_OURS = tuple(f"{prefix}_" for prefix in (PRINT, ORIGINAL, QUARANTINE))


def _deleted(forgotten: Forgotten) -> Forgotten:
    failpoint("photo.after_row_before_blob_deleted")
    for name in forgotten.names:
        world().blobs.delete(name)
    return forgotten


def _kept_until(row: Photo, at: datetime) -> date:
    """Its last day by the rule; while the card is being made, some day to look again."""
    figures = _figures(at)
    made_on = _made_on(row.applications.all())
    states = row.applications.values_list("state", flat=True)
    last_day = original_kept_until(
        taken_on=local_day(row.taken_at),
        made_on=made_on,
        is_being_made=bool(OPEN.intersection(states)),
        figures=figures,
    )
    return last_day or local_day(at) + timedelta(days=figures.original_days)


def _made_on(applications: Iterable[Application]) -> date | None:
    cards = Card.objects.filter(application__in=applications).order_by("-issued_on")
    return cards.values_list("issued_on", flat=True).first()


def _figures(at: datetime) -> PhotoPolicy:
    return policy.in_force("photo", PhotoPolicy, on=local_day(at))
