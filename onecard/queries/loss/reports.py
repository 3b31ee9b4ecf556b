"""Every loss report of a card, the newest first: what it covered and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.domain.authority import Actor
from onecard.queries._reading import one_moment
from onecard.queries.loss._seeing import card_for
from onecard.records.models import LossReport, LossSide

_KNOWN_ENDS = frozenset({"withdrawn", "lapsed", "reported_formal", "successor_enabled", "register"})


@dataclass(frozen=True)
class SideSeen:
    """One function that a report covered. `ended` is the key of a word, empty while it stands."""

    side: str
    version: int
    since: datetime
    until: datetime | None
    ended_at: datetime | None
    ended: str


@dataclass(frozen=True)
class ReportSeen:
    """One report; whoever took it is told by role and door only."""

    report: str
    kind: str
    channel: str
    by_role: str
    by_agent: bool
    accepted_at: datetime
    until: datetime | None
    outlet: str
    sides: tuple[SideSeen, ...]


def reports(*, card: str, as_seen_by: Actor) -> tuple[ReportSeen, ...]:
    """All reports of a card. Raises `NotFound`."""
    with one_moment():
        row = card_for(card, as_seen_by)
        rows = LossReport.objects.filter(card=row).prefetch_related("sides")
        return tuple(_seen(report) for report in rows.order_by("-accepted_at", "-ref"))


def _seen(row: LossReport) -> ReportSeen:
    sides = sorted(row.sides.all(), key=lambda side: side.function.value, reverse=True)
    return ReportSeen(
        report=row.ref,
        kind=row.kind.value,
        channel=f"channels.channel.{row.channel.value}",
        by_role=f"authority.role.{row.actor_role.value}",
        by_agent=row.by_agent,
        accepted_at=row.accepted_at,
        until=row.until,
        outlet=row.outlet,
        sides=tuple(_side(side) for side in sides),
    )


def _side(side: LossSide) -> SideSeen:
    how = side.ended_how if side.ended_how in _KNOWN_ENDS else "other"
    return SideSeen(
        side=side.function.value,
        version=side.version,
        since=side.since,
        until=side.until,
        ended_at=side.ended_at,
        ended=f"loss.ended.{how}" if side.ended_at else "",
    )
