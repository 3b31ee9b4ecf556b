"""Batches with what became of their people, and who waits to be batched."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min

from onecard import policy
from onecard.domain.application import MakingMode
from onecard.domain.authority import Actor
from onecard.domain.production import (
    ProductionPolicy,
    ProductionState,
    may_load_finance,
    ready_to_leave,
)
from onecard.domain.refusal import NotFound
from onecard.queries._reading import one_moment
from onecard.queries.production._seeing import MOST, sees_everything
from onecard.records.models import Application, Batch
from onecard.seams.clock import local_day


@dataclass(frozen=True)
class StateCount:
    """How many people of a batch are in a state (a key of words)."""

    state: str
    count: int


@dataclass(frozen=True)
class BatchSeen:
    """A batch. `counts` are in the order of the road; `moved_on` went into a later batch.

    The `may_...` say what can be done with it now.
    """

    batch: str
    number: str
    bank: str
    size: int
    made_at: datetime
    closed_at: datetime | None
    counts: tuple[StateCount, ...]
    moved_on: int
    may_write_bank_file: bool
    may_write_vendor_file: bool
    may_ask_finance_loading: bool
    may_record_finance_loaded: bool
    may_distribute: bool


@dataclass(frozen=True)
class BankWaiting:
    """Accepted factory applications of a bank that no batch has taken yet."""

    bank: str
    count: int
    since: datetime | None
    promised_on: date | None


_ROAD = tuple(ProductionState)


def batches(
    *, as_seen_by: Actor, at: datetime, still_open: bool = False, most: int = MOST
) -> tuple[BatchSeen, ...]:
    """The newest batches first; nothing for whoever does not work for the whole city."""
    if not sees_everything(as_seen_by):
        return ()
    rows = Batch.objects.filter(closed_at=None) if still_open else Batch.objects.all()
    with one_moment():
        return _seen(list(rows.order_by("-number")[:most]), at)


def batch(*, batch: str, as_seen_by: Actor, at: datetime) -> BatchSeen:
    """One batch by its ref or number. Raises `NotFound`."""
    with one_moment():
        row = Batch.objects.filter(ref=batch).first() or Batch.objects.filter(number=batch).first()
        if row is None or not sees_everything(as_seen_by):
            raise NotFound(Batch.__name__)
        return _seen([row], at)[0]


def banks_waiting(*, as_seen_by: Actor) -> tuple[BankWaiting, ...]:
    """For which banks people wait to be batched, since when, and the nearest promise."""
    if not sees_everything(as_seen_by):
        return ()
    waiting = Application.objects.filter(
        state=ProductionState.ACCEPTED, making_mode=MakingMode.FACTORY, failure=""
    )
    rows = waiting.values("bank").annotate(
        count=Count("ref"), since=Min("accepted_at"), promised_on=Min("promised_on")
    )
    return tuple(BankWaiting(**row) for row in rows.order_by("bank"))


def _seen(rows: list[Batch], at: datetime) -> tuple[BatchSeen, ...]:
    figures = policy.in_force("production", ProductionPolicy, on=local_day(at))
    counts: dict[str, dict[ProductionState, int]] = defaultdict(dict)
    people = Application.objects.filter(batch__in=rows).values("batch", "state")
    for line in people.annotate(count=Count("ref")).order_by("batch", "state"):
        counts[line["batch"]][line["state"]] = line["count"]
    return tuple(_one(row, counts[row.ref], figures) for row in rows)


def _one(row: Batch, counts: dict[ProductionState, int], figures: ProductionPolicy) -> BatchSeen:
    return BatchSeen(
        batch=row.ref,
        number=row.number,
        bank=row.bank,
        size=row.size,
        made_at=row.made_at,
        closed_at=row.closed_at,
        counts=tuple(
            StateCount(f"production.state.{state.value}", counts[state])
            for state in _ROAD
            if state in counts
        ),
        moved_on=row.size - sum(counts.values()),
        may_write_bank_file=ProductionState.BATCHED in counts,
        may_write_vendor_file=ProductionState.ACCOUNT_OPENED in counts,
        may_ask_finance_loading=ProductionState.MADE in counts
        and may_load_finance(figures=figures) is None,
        may_record_finance_loaded=ProductionState.FINANCE_LOADING in counts,
        may_distribute=bool(ready_to_leave(figures=figures) & counts.keys()),
    )
