"""How long the simulated partners make a card valid: ten years, printed on the card."""

from __future__ import annotations

from datetime import date

YEARS = 10


def last_day(issued_on: date) -> date:
    """The same day ten years on; 29 February becomes 1 March (rule book 0.3)."""
    year = issued_on.year + YEARS
    try:
        return issued_on.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
