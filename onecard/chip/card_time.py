"""Dates and times as cards write them: BCD, Beijing time (card reference 3).

A card has no clock. What it is told comes from the server's; what stands on it may be anything, so
reading gives None for digits that are no date.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "Beijing")
"""The time of every card in the country; no daylight saving since 1992, before any such card."""

STAMP_BYTES = 7
DAY_BYTES = 4


def stamp(at: datetime) -> bytes:
    """Date 4 and time 3 of an aware moment, to the second."""
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return bytes.fromhex(f"{at.astimezone(BEIJING):%Y%m%d%H%M%S}")


def day(on: date) -> bytes:
    """A date in 4 bytes."""
    return bytes.fromhex(f"{on:%Y%m%d}")


def read_stamp(raw: bytes) -> datetime | None:
    """The moment, or None if the digits are no date and time."""
    try:
        return datetime.strptime(raw.hex(), "%Y%m%d%H%M%S").replace(tzinfo=BEIJING)
    except ValueError:
        return None


def read_day(raw: bytes) -> date | None:
    """The date, or None if the digits are none (00000000 and FFFFFFFF mean: never set)."""
    moment = read_stamp(raw + bytes(STAMP_BYTES - DAY_BYTES))
    return moment.date() if moment else None
