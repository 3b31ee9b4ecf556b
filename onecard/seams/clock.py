"""The clock seam: the only place where the time of day is read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Tells an aware instant in UTC."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        return datetime.now(UTC)


class SetClock:
    """A clock that stands still until it is moved: tests, simulator, API sandbox."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """The instant it was last set to."""
        return self._at

    def set(self, at: datetime) -> None:
        """Jump to an instant, forwards or backwards."""
        self._at = at.astimezone(UTC)

    def advance(self, by: timedelta) -> datetime:
        """Move on by a duration; returns the new instant."""
        self._at += by
        return self._at


class OffsetClock:
    """The machine's clock, shifted: a demo city that lives on another day."""

    def __init__(self, offset: timedelta) -> None:
        self.offset = offset

    def now(self) -> datetime:
        """The shifted present instant, aware, UTC."""
        return datetime.now(UTC) + self.offset


def local_day(at: datetime) -> date:
    """The calendar day of an instant in the city (Asia/Shanghai)."""
    return at.astimezone(LOCAL).date()
