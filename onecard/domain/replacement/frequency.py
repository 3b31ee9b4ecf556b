"""频繁补卡: many replacements in a short time are marked, and never a reason to refuse (21.5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from onecard.domain.months import months_later
from onecard.domain.refusal import Notice
from onecard.domain.replacement.kinds import ReplacementPolicy


@dataclass(frozen=True)
class Frequent:
    """More replacements than usual, with the figure that they go beyond."""

    count: int
    usual: int
    months: int

    @property
    def notice(self) -> Notice:
        """As it is said to people."""
        return Notice("replacement.frequent", asdict(self))


def is_frequent(
    *, applied_on: Iterable[date], on: date, figures: ReplacementPolicy
) -> Frequent | None:
    """`applied_on` are the days of a person's replacements, the one of today among them."""
    period = figures.frequent_period_months
    count = sum(day <= on < months_later(day, period) for day in applied_on)
    usual = figures.frequent_count
    return Frequent(count, usual, period) if count > usual else None
