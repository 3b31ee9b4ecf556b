"""频繁补卡: many replacements in a short time are marked, and never a reason to refuse (21.5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from onecard.domain.months import months_later
from onecard.domain.refusal import Notice
from onecard.domain.replacement.kinds import ReplacementPolicy


def is_frequent(
    *, applied_on: Iterable[date], on: date, figures: ReplacementPolicy
) -> Notice | None:
    """`applied_on` are the days of a person's replacements, the one of today among them.

    The notice carries the figure that it goes beyond.
    """
    period = figures.frequent_period_months
    counted = sum(day <= on < months_later(day, period) for day in applied_on)
    if counted <= figures.frequent_count:
        return None
    facts = {"count": counted, "usual": figures.frequent_count, "months": period}
    return Notice("replacement.frequent", facts)
