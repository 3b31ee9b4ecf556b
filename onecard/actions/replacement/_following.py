"""What a replacement leaves beside its application: what was confirmed, and whether it is many."""

from __future__ import annotations

from datetime import datetime

from onecard.actions._keeping import note, tell
from onecard.actions.application import _gather
from onecard.domain.application import ApplicationKind
from onecard.domain.authority import Actor
from onecard.domain.production import ProductionState
from onecard.domain.replacement import FrequentEffect, Replacing, is_frequent
from onecard.records.models import Application
from onecard.seams.clock import local_day

GROUND = "rule book 21.2, 21.5"


def keep_confirmed(
    application: str, person: str, told: Replacing, *, by: Actor, at: datetime
) -> None:
    """Keep what the person was told and said yes to; mark many replacements in a short time."""
    confirmed = tuple(notice.value for notice in told.confirmed)
    note(about=application, by=by, at=at, ground=GROUND, confirmed=confirmed)
    figures = _gather.replacement_figures_on(local_day(at)).replacement
    days = [local_day(begun) for begun in _begun(person)]
    many = is_frequent(applied_on=days, on=local_day(at), figures=figures)
    if many is None:
        return
    facts = many.notice.facts
    note(about=person, by=by, at=at, ground=GROUND, frequent=True, **facts)
    if figures.frequent_effect is FrequentEffect.MESSAGE:
        tell(many.notice.code, about=application, at=at, parties=("sms",), **facts)


def _begun(person: str) -> list[datetime]:
    """When each replacement of a person was applied for; what was retracted made no card."""
    rows = Application.objects.filter(person=person, kind=ApplicationKind.REPLACEMENT)
    kept = rows.exclude(state=ProductionState.RETRACTED)
    return list(kept.values_list("submitted_at", flat=True))
