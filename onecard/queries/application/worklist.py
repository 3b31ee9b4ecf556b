"""What waits for whom: at an outlet its own cases, in the office all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from onecard.domain.application import grouped
from onecard.domain.authority import Actor
from onecard.domain.masking import mask_name, mask_number
from onecard.domain.production import Holder, ProductionState
from onecard.queries._reading import one_moment
from onecard.queries.application.progress import holder_word, is_late
from onecard.records.models import Application
from onecard.seams.clock import local_day

MOST = 200
"""No list is longer; the rest is reached by its number."""


@dataclass(frozen=True)
class WorkRow:
    """One case on a list, masked."""

    application: str
    person: str
    number: str
    name: str
    identity_number: str
    state: str
    holder: str
    since: datetime
    promised_on: date | None
    late: bool
    employer: str
    failure: str


@dataclass(frozen=True)
class Worklist:
    """The lists of a workplace, the oldest case first on each."""

    prepared: tuple[WorkRow, ...]
    waiting_for_province: tuple[WorkRow, ...]
    to_review: tuple[WorkRow, ...]
    bank_failed: tuple[WorkRow, ...]
    to_collect: tuple[WorkRow, ...]


_SUBMITTED = (ProductionState.SUBMITTED, ProductionState.CORRECTED)
_TO_MEND = Q(state=ProductionState.BANK_FAILED) | (
    Q(state=ProductionState.ACCEPTED) & ~Q(failure="")
)
"""Refused by the bank, or held back because no partner's file can carry what was written."""
_TO_COLLECT = (ProductionState.AT_OUTLET, ProductionState.INSTANT_MADE)


def worklist(*, as_seen_by: Actor, at: datetime) -> Worklist:
    """What this clerk's outlet, or an operator for all outlets, has to do.

    Employers' lists are taken at any outlet. Portraits are looked at by operators and at the outlet
    that took the application.
    """
    taken_here = Q(outlet=as_seen_by.outlet) if as_seen_by.outlet else Q()
    collected_here = Q(collect_at=as_seen_by.outlet) if as_seen_by.outlet else Q()
    submitted = Application.objects.filter(state__in=_SUBMITTED)
    failed = Application.objects.filter(_TO_MEND, taken_here)
    ready = Application.objects.filter(collected_here, state__in=_TO_COLLECT)
    today = local_day(at)
    with one_moment():
        return Worklist(
            prepared=_seen(_held_by(submitted, Holder.OUTLET), today),
            waiting_for_province=_seen(
                _held_by(submitted.filter(taken_here), Holder.PROVINCE), today
            ),
            to_review=_seen(_held_by(submitted.filter(taken_here), Holder.REVIEWER), today),
            bank_failed=_seen(failed, today),
            to_collect=_seen(ready, today),
        )


def _held_by(rows: QuerySet[Application], holder: Holder) -> QuerySet[Application]:
    return rows.filter(holder_of_the_moment=holder.value)


def _seen(rows: QuerySet[Application], today: date) -> tuple[WorkRow, ...]:
    ordered: Iterable[Application] = rows.select_related("person", "employer").order_by(
        "state_since", "ref"
    )[:MOST]
    return tuple(
        WorkRow(
            application=row.ref,
            person=row.person_id,
            number=grouped(row.number),
            name=mask_name(row.person.name),
            identity_number=mask_number(row.person.identity_number),
            state=f"production.state.{row.state.value}",
            holder=holder_word(row),
            since=row.state_since,
            promised_on=row.promised_on,
            late=is_late(row, today),
            employer=row.employer.name if row.employer else "",
            failure=row.failure,
        )
        for row in ordered
    )
