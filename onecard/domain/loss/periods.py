"""七天到期自动解挂: when a temporary report ends, and when its holder is reminded (20.1)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from onecard.domain.loss.kinds import Counting, LossPolicy

LOCAL = ZoneInfo("Asia/Shanghai")


def temporary_ends_at(*, accepted_at: datetime, figures: LossPolicy) -> datetime:
    """The first instant at which the card works again: `accepted_at` + days x 24 h.

    Half-open: lost before it, normal at it (ASSUMPTION; the other way of counting ends with the
    last day of the city's calendar).
    """
    days = timedelta(days=figures.temporary_valid_days)
    if figures.temporary_counting is Counting.ELAPSED:
        return accepted_at + days
    last_day = accepted_at.astimezone(LOCAL).date() + days
    return datetime.combine(last_day + timedelta(days=1), time(), LOCAL)


def reminder_due(
    *,
    accepted_at: datetime,
    until: datetime,
    reminded_hours: int | None,
    figures: LossPolicy,
    at: datetime,
) -> int | None:
    """Of which of the figured hours before the end the holder is reminded now; None: not now.

    `reminded_hours` is the last one said. A late worker says only the nearest.
    """
    if at >= until:
        return None
    said = figures.temporary_valid_days * 24 if reminded_hours is None else reminded_hours
    hours = [
        hour
        for hour in figures.temporary_reminder_hours
        if accepted_at < until - timedelta(hours=hour) <= at and hour < said
    ]
    return min(hours, default=None)
