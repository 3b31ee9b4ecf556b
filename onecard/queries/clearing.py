"""清算报告: what the operators reported, what was booked, and what waits for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Sum

from onecard.domain.authority import Actor, Role
from onecard.domain.clearing import BOOKED, LineState
from onecard.domain.refusal import NotFound
from onecard.queries._reading import one_moment
from onecard.records.models import FareFile, FareLine

_LOOKS = frozenset({Role.PLATFORM_OPERATOR, Role.AUDITOR})
MOST_SHOWN = 500


@dataclass(frozen=True)
class FileSeen:
    """A clearing file. Amounts in fen; `counts` by the state of its lines."""

    file: str
    operator: str
    day: date
    lines: int
    sum_fen: int
    done_lines: int
    booked_fen: int
    counts: dict[str, int]
    taken_at: datetime


@dataclass(frozen=True)
class SetAside:
    """A line that was booked nowhere, and why."""

    file: str
    line: int
    operator: str
    amount_fen: int
    terminal: str
    at: datetime
    state: str


def files(*, day: date | None = None, as_seen_by: Actor) -> tuple[FileSeen, ...]:
    """The files of a day, or the latest ones. Raises `NotFound` for whoever does not look after."""
    _must_look(as_seen_by)
    with one_moment():
        rows = FareFile.objects.all() if day is None else FareFile.objects.filter(day=day)
        return tuple(_file(row) for row in rows.order_by("-taken_at", "ref")[:MOST_SHOWN])


def set_aside(*, day: date | None = None, as_seen_by: Actor) -> tuple[SetAside, ...]:
    """Every line that is owed to nobody yet, the newest first. Raises `NotFound`."""
    _must_look(as_seen_by)
    rows = FareLine.objects.exclude(state__in=BOOKED).select_related("file")
    if day is not None:
        rows = rows.filter(file__day=day)
    with one_moment():
        return tuple(_aside(row) for row in rows.order_by("-booked_at", "line")[:MOST_SHOWN])


def _file(row: FareFile) -> FileSeen:
    told = row.fares.values("state").annotate(lines=Count("ref"), fen=Sum("amount_fen"))
    counts = {LineState(one["state"]).value: one["lines"] for one in told}
    booked = sum(one["fen"] for one in told if LineState(one["state"]) in BOOKED)
    return FileSeen(
        row.ref,
        row.operator,
        row.day,
        row.lines,
        row.sum_fen,
        row.done_lines,
        booked,
        counts,
        row.taken_at,
    )


def _aside(row: FareLine) -> SetAside:
    return SetAside(
        row.file_id,
        row.line,
        row.file.operator,
        row.amount_fen,
        row.terminal,
        row.at,
        row.state.value,
    )


def _must_look(viewer: Actor) -> None:
    if viewer.role not in _LOOKS:
        raise NotFound(FareFile.__name__)
