"""Whom to call: the city's hotlines and co-operating banks of a day (rule book 25)."""

from __future__ import annotations

from datetime import date

from onecard import policy
from onecard.domain.contacts import Contacts


def on(day: date) -> Contacts:
    """Banks, hotlines and places in force on `day`."""
    return policy.in_force("contacts", Contacts, on=day)


def if_known(day: date) -> Contacts | None:
    """The same, or None where nothing is in force: error pages must appear all the same."""
    try:
        return on(day)
    except (policy.NoFigureInForce, FileNotFoundError):
        return None
