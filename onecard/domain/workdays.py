"""工作日: counting promises in working days, with public holidays and make-up days (调休).

The days themselves come from the kept table `chinesecalendar`, as far as it reaches; a city may
add days of its own. A year whose table is not published counts plain weekends, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import chinese_calendar
from chinese_calendar import constants

_A_DAY = timedelta(days=1)
_SATURDAY = 5
LONGEST_COUNT = 1000
"""No promise is counted further than this many working days."""


@dataclass(frozen=True)
class WorkdayPolicy:
    """The figures of `workdays.toml`: where the holidays come from, and the city's own days."""

    holiday_table: str
    day_of_acceptance: int
    extra_holidays: tuple[date, ...]
    extra_work_days: tuple[date, ...]


@dataclass(frozen=True)
class Calendar:
    """The working days of a city: the national table with the city's own days on top."""

    extra_holidays: frozenset[date] = frozenset()
    extra_work_days: frozenset[date] = frozenset()

    def is_published(self, year: int) -> bool:
        """Whether the holidays of that year are known; if not, plain weekends are counted."""
        return year in _published_years()


def calendar_of(figures: WorkdayPolicy) -> Calendar:
    """The calendar that the city's figures describe."""
    return Calendar(frozenset(figures.extra_holidays), frozenset(figures.extra_work_days))


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Whether people work on that day: Monday to Friday, less holidays, plus make-up days."""
    if day in calendar.extra_work_days:
        return True
    if day in calendar.extra_holidays:
        return False
    if calendar.is_published(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < _SATURDAY


def add_working_days(day: date, n: int, calendar: Calendar) -> date:
    """The day `n` working days after `day`, which itself is day 0 (rule book 0.3).

    With n = 0 it is `day` itself, also when nobody works on it. Raises `ValueError` for a count
    below zero or beyond `LONGEST_COUNT`.
    """
    if not 0 <= n <= LONGEST_COUNT:
        message = f"cannot count {n} working days"
        raise ValueError(message)
    while n:
        day += _A_DAY
        n -= is_working_day(day, calendar)
    return day


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """Working days after `start` up to and including `end`; negative when `end` lies before."""
    if end < start:
        return -working_days_between(end, start, calendar)
    days = range(1, (end - start).days + 1)
    return sum(is_working_day(start + timedelta(days=count), calendar) for count in days)


@cache
def _published_years() -> frozenset[int]:
    """Every year whose holidays the table holds."""
    return frozenset(day.year for day in constants.holidays)
