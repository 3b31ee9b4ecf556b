"""What a simulated province is about to pay: one pension list a month, and whatever is entered.

A month's list is made when it is first asked for and not changed afterwards: the card that was
replaced meanwhile still stands on it, as it does in life.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from cattrs.preconf.json import make_converter

from onecard.adapters import chance
from onecard.adapters.hr_database import BasePerson, BenefitDue, ProvincialCard
from onecard.adapters.store import Shelf
from onecard.domain.benefit import BenefitKind
from onecard.domain.hr_function import HrState
from onecard.domain.months import months_later

PENSION_AGE = 60
PAY_DAY = 15
_PAYMENT, _RUN, _CLOSED = "benefit", "pension run", "benefits closed"
_PAID_TO = frozenset({HrState.NORMAL, HrState.LOCKED, HrState.TEMPORARY_LOSS, HrState.FORMAL_LOSS})
_kept = make_converter()

Payee = tuple[BasePerson, tuple[ProvincialCard, ...]]
"""A person with their cards, the newest last."""


def owe(shelf: Shelf, payment: BenefitDue) -> None:
    """Enter one payment."""
    body, day = _kept.unstructure(payment), payment.pays_on.isoformat()
    shelf.add(_PAYMENT, payment.payment, body, due=day)


def due(shelf: Shelf, first: date, last: date) -> tuple[BenefitDue, ...]:
    """The payments of these days, the earliest first."""
    entries = shelf.due(_PAYMENT, last.isoformat())
    every = (_kept.structure(entry.body, BenefitDue) for entry in entries)
    return tuple(one for one in every if one.pays_on >= first)


def close(shelf: Shelf, identity_number: str) -> None:
    """Pay this person nothing any more from the next list on; what is entered is struck out."""
    shelf.add(_CLOSED, identity_number, {})
    for entry in shelf.every(_PAYMENT):
        if entry.body["identity_number"] == identity_number:
            shelf.remove(_PAYMENT, entry.key)


def paid_to(shelf: Shelf, person: BasePerson, on: date) -> tuple[BenefitKind, ...]:
    """Which benefits are being paid to a person."""
    if person.deceased or shelf.get(_CLOSED, person.identity_number):
        return ()
    entered = due(shelf, on, date.max)
    kinds = {one.kind for one in entered if one.identity_number == person.identity_number}
    if is_pensioner(person, on):
        kinds.add(BenefitKind.PENSION)
    return tuple(sorted(kinds, key=lambda kind: kind.value))


def is_pensioner(person: BasePerson, on: date) -> bool:
    """Whether a person is old enough for a pension on that day."""
    return months_later(person.born_on, PENSION_AGE * 12) <= on


def runs_to_make(shelf: Shelf, first: date, last: date) -> tuple[date, ...]:
    """The pay days among these days for which no list has been made yet."""
    return tuple(day for day in _pay_days(first, last) if shelf.get(_RUN, day.isoformat()) is None)


def make_run(shelf: Shelf, day: date, people: Iterable[Payee], *, seed: int) -> None:
    """Make the list of one pay day: a pension for everybody old enough who has a card in use."""
    shelf.add(_RUN, day.isoformat(), {})
    for person, cards in people:
        card = next((one for one in reversed(cards) if one.state in _PAID_TO), None)
        closed = shelf.get(_CLOSED, person.identity_number) is not None
        if card is None or closed or person.deceased or not is_pensioner(person, day):
            continue
        number = person.identity_number
        name = f"pension-{day:%Y%m}-{chance.hexadecimal(12, seed, 'pension', number)}"
        owe(shelf, BenefitDue(name, number, BenefitKind.PENSION, day, card.bank, card.card_number))


def _pay_days(first: date, last: date) -> Iterator[date]:
    day = first.replace(day=PAY_DAY)
    while day <= last:
        if day >= first:
            yield day
        day = months_later(day, 1)
