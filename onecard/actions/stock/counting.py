"""The count at the end of a day, which cannot close with an unexplained card (C4.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from onecard.actions._keeping import act, note
from onecard.actions.stock import _blanks
from onecard.domain import stock as rules
from onecard.domain.authority import Actor
from onecard.domain.refusal import require_all
from onecard.domain.stock import BlankState
from onecard.records.models import BlankCard, StockCount
from onecard.seams.clock import local_day
from onecard.seams.world import world


@dataclass(frozen=True)
class CountReceipt:
    """A closed day: what lay in the drawer, by bank."""

    count: str
    outlet: str
    day: date
    counted: dict[str, int]


@act("stock.close_day")
def close_day(*, counted: Mapping[str, int], actor: Actor, at: datetime) -> CountReceipt:
    """Close the actor's outlet for today with the cards somebody counted, by bank.

    Raises `Refused` with every reason at once: cards missing or too many, a card in the printer,
    a spoiled card that waits for its second person.
    """
    outlet = _blanks.open_outlet(actor.outlet, at)
    expected = _drawer(outlet.ref)
    require_all(
        rules.may_close_day(
            counted=counted,
            expected=expected,
            in_printer=_in(outlet.ref, BlankState.TAKEN),
            reported=_in(outlet.ref, BlankState.SPOIL_REPORTED),
        )
    )
    row = StockCount.objects.create(
        ref=world().ids.new("cnt"),
        outlet=outlet,
        day=local_day(at),
        expected=expected,
        counted=dict(counted),
        counted_by=actor.ref,
        closed_at=at,
    )
    note(about=row.ref, by=actor, at=at, ground="platform C4.5", cards=sum(expected.values()))
    return CountReceipt(row.ref, outlet.ref, row.day, dict(counted))


def _drawer(outlet: str) -> dict[str, int]:
    cards = BlankCard.objects.filter(outlet=outlet, state=BlankState.IN_STOCK)
    rows = cards.values("bank").annotate(count=Count("ref")).order_by("bank")
    return {row["bank"]: row["count"] for row in rows}


def _in(outlet: str, state: BlankState) -> int:
    return BlankCard.objects.filter(outlet=outlet, state=state).count()
