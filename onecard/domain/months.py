"""Months as the rule book counts them (0.3): to the same day, or to the first day after it."""

from __future__ import annotations

from datetime import date

_DECEMBER = 12


def months_later(day: date, months: int) -> date:
    """The same day `months` later; where that month has no such day, the first day after."""
    beyond = day.month - 1 + months
    year, month = day.year + beyond // _DECEMBER, beyond % _DECEMBER + 1
    try:
        return day.replace(year=year, month=month)
    except ValueError:
        return months_later(date(year, month, 1), 1)
