"""How the eight simulated banks behave: each has a habit of its own, and a habit is data.

Everything that looks like chance comes from a seed and a count of calls, so that a run can be had
again. Switches thrown by hand (`faults`) come before habits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from onecard.adapters import chance
from onecard.adapters.faults import Fault

_PER_CENT = 100


@dataclass(frozen=True)
class BankHabit:
    """What one bank is like. Percentages are of its calls; the rest goes well.

    It answers after between `least_ms` and `most_ms`; every `period` it is away for `away`. News
    of its own go out `news_twice_percent` twice, and not in their order if `news_shuffled`.
    `clock_is_off` is how far its clock is ahead of ours, `temporary_days` how long a temporary loss
    of the account lasts there by itself (None: until the customer lifts it).
    """

    least_ms: int = 0
    most_ms: int = 0
    period: timedelta = timedelta(0)
    away: timedelta = timedelta(0)
    twice_percent: int = 0
    breaks_after_percent: int = 0
    late_percent: int = 0
    news_twice_percent: int = 0
    news_shuffled: bool = False
    clock_is_off: timedelta = timedelta(0)
    temporary_days: int | None = None


WELL_BEHAVED = BankHabit()
"""At once, once, in order, by our clock: what tests of anything else want."""

HABITS: Mapping[str, BankHabit] = {
    "icbc": BankHabit(least_ms=2, most_ms=10),
    "abc": BankHabit(least_ms=120, most_ms=400, late_percent=2),
    "ccb": BankHabit(
        least_ms=5, most_ms=30, period=timedelta(minutes=2), away=timedelta(seconds=20)
    ),
    "bocom": BankHabit(least_ms=5, most_ms=30, twice_percent=25, news_twice_percent=40),
    "boc": BankHabit(least_ms=5, most_ms=30, news_twice_percent=10, news_shuffled=True),
    "jnrcb": BankHabit(least_ms=5, most_ms=30, breaks_after_percent=25),
    "jsb": BankHabit(least_ms=5, most_ms=30, clock_is_off=timedelta(minutes=10)),
    "psbc": BankHabit(least_ms=20, most_ms=80, temporary_days=5),
}
"""Fast; slow; away now and then; says everything twice; shuffles; answers 500 after the work; ten
minutes ahead; days of its own. An assumption, to have one of each kind."""


class Temper:
    """A habit at work: what befalls the next call, and how long the answer takes."""

    def __init__(
        self, bank: str, habit: BankHabit, *, seed: int, now: Callable[[], datetime]
    ) -> None:
        self.bank, self.habit = bank, habit
        self._seed, self._now, self._calls = seed, now, count(1)

    def strike(self) -> Fault | None:
        """What befalls the call now beginning, by habit."""
        if self.is_away():
            return Fault.DOWN
        drawn = self.draw("call", str(next(self._calls)))
        habit, edge = self.habit, 0
        for percent, fault in (
            (habit.twice_percent, Fault.DUPLICATE),
            (habit.breaks_after_percent, Fault.BREAKS_AFTER),
            (habit.late_percent, Fault.SLOW),
        ):
            edge += percent
            if drawn < edge:
                return fault
        return None

    def seconds(self) -> float:
        """How long the next answer takes."""
        spread = self.habit.most_ms - self.habit.least_ms
        drawn = self.draw("pace", str(next(self._calls)))
        return (self.habit.least_ms + spread * drawn / _PER_CENT) / 1000

    def is_away(self) -> bool:
        """Whether this is one of its hours off; when they begin depends on the seed."""
        if not self.habit.away:
            return False
        period = self.habit.period.total_seconds()
        begins = period * self.draw("away") / _PER_CENT
        passed = (self._now().timestamp() - begins) % period
        return passed < self.habit.away.total_seconds()

    def clock(self) -> datetime:
        """What the bank's clock shows."""
        return self._now() + self.habit.clock_is_off

    def draw(self, *names: str) -> int:
        """A number from 0 to 99 that depends on the seed and these names only."""
        return int(chance.digits(2, self._seed, self.bank, *names))
