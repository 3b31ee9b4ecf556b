"""承诺: every application that comes due or is late, with who holds it and the next date (B24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from onecard import policy
from onecard.domain.application import grouped
from onecard.domain.authority import Actor
from onecard.domain.masking import mask_name
from onecard.domain.production import (
    OWED,
    ProductionPolicy,
    ProductionState,
    Promise,
    PromiseStage,
    next_date,
    review_due_on,
    stage_on,
)
from onecard.domain.workdays import (
    Calendar,
    WorkdayPolicy,
    add_working_days,
    calendar_of,
    working_days_between,
)
from onecard.queries._reading import one_moment
from onecard.queries.production._seeing import MOST, applications
from onecard.records.models import Application
from onecard.seams.clock import local_day

_TO_REVIEW = (ProductionState.SUBMITTED, ProductionState.CORRECTED)


@dataclass(frozen=True)
class DueSeen:
    """One application whose day is near or over. `state`, `stage` and `holder` are keys of words.

    `partner` names the bank or vendor that holds it, if one does. `next_date` is the day to look
    at it again; `days_over` counts working days past the promised day.
    """

    application: str
    number: str
    name: str
    bank: str
    state: str
    stage: str
    holder: str
    partner: str
    since: datetime
    promised_on: date
    limit_on: date
    next_date: date
    days_over: int
    warned_at: datetime | None
    escalated_at: datetime | None


def due(*, as_seen_by: Actor, at: datetime) -> tuple[DueSeen, ...]:
    """What is due soon, late or past its limit, the most pressing first."""
    today = local_day(at)
    figures = policy.in_force("production", ProductionPolicy, on=today)
    calendar = calendar_of(policy.in_force("workdays", WorkdayPolicy, on=today))
    horizon = add_working_days(today, figures.warning_working_days, calendar)
    near = Q(state__in=OWED, promised_on__lte=horizon)
    with one_moment():
        rows = applications(as_seen_by).filter(near | Q(state__in=_TO_REVIEW))
        found = rows.order_by("promised_on", "submitted_at", "ref")[:MOST]
        seen = [_seen(row, today, figures, calendar) for row in found]
    pressing = [one for one in seen if one.stage != "production.stage.on_time"]
    return tuple(sorted(pressing, key=lambda one: (one.promised_on, one.number)))


def _seen(row: Application, today: date, figures: ProductionPolicy, calendar: Calendar) -> DueSeen:
    promise = _promise(row, figures, calendar)
    stage = _stage(row, promise, today, figures, calendar)
    holder, _, partner = row.holder_of_the_moment.partition(":")
    return DueSeen(
        application=row.ref,
        number=grouped(row.number),
        name=mask_name(row.person.name),
        bank=row.bank,
        state=f"production.state.{row.state.value}",
        stage=f"production.stage.{stage.value}",
        holder=f"production.holder.{holder}",
        partner=partner,
        since=row.state_since,
        promised_on=promise.promised_on,
        limit_on=promise.limit_on,
        next_date=next_date(day=today, promise=promise, calendar=calendar),
        days_over=max(working_days_between(promise.promised_on, today, calendar), 0),
        warned_at=row.warned_at,
        escalated_at=row.escalated_at,
    )


def _promise(row: Application, figures: ProductionPolicy, calendar: Calendar) -> Promise:
    """The promise made at acceptance; before that, the day by which it is looked at."""
    if row.promised_on is not None and row.limit_on is not None:
        return Promise(row.promised_on, row.limit_on)
    submitted_on = local_day(row.submitted_at)
    day = review_due_on(submitted_on=submitted_on, figures=figures, calendar=calendar)
    return Promise(day, add_working_days(day, figures.batch_target_working_days, calendar))


def _stage(
    row: Application,
    promise: Promise,
    today: date,
    figures: ProductionPolicy,
    calendar: Calendar,
) -> PromiseStage:
    """An application nobody has looked at yet is judged as if it were owed."""
    state = ProductionState.ACCEPTED if row.state in _TO_REVIEW else row.state
    return stage_on(day=today, state=state, promise=promise, figures=figures, calendar=calendar)
