"""承诺时限: by which day a card is promised, when to warn, when the limit is missed (9.4, B24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from onecard.domain.application.kinds import MakingMode
from onecard.domain.production.life import ProductionState as S
from onecard.domain.refusal import Fix, FixKind, Refusal
from onecard.domain.workdays import Calendar, add_working_days


@dataclass(frozen=True)
class ProductionPolicy:
    """The figures of `production.toml`. Days are working days; the day of acceptance is day 0.

    `warning_working_days` is how long before the promised day whoever holds an application is
    warned; `review_working_days` how soon a submitted application is looked at. A batch that is
    not full waits `batch_wait_minutes` for company.
    """

    instant_working_days: int
    batch_target_working_days: int
    batch_limit_working_days: int
    review_working_days: int
    warning_working_days: int
    batch_size: int
    batch_wait_minutes: int
    vendor_loads_finance: bool
    file_digest: str


@dataclass(frozen=True)
class Promise:
    """The day a card is promised for, and the day that must not pass without it."""

    promised_on: date
    limit_on: date


class PromiseStage(Enum):
    """How an application stands to its promise on a day."""

    KEPT = "kept"
    ON_TIME = "on_time"
    DUE_SOON = "due_soon"
    LATE = "late"
    MISSED = "missed"


OWED = frozenset(
    {
        S.ACCEPTED,
        S.CORRECTED,
        S.BATCHED,
        S.AT_BANK,
        S.ACCOUNT_OPENED,
        S.AT_VENDOR,
        S.MADE,
        S.FINANCE_LOADING,
        S.FINANCE_LOADED,
        S.AT_BRANCH,
        S.INSTANT_BATCHED,
        S.INSTANT_MAKING,
        S.BANK_FAILED,
        S.MAKING_FAILED,
    }
)
"""Accepted, and the card is neither ready to collect nor handed to the courier: we still owe it."""


def ready_to_leave(*, figures: ProductionPolicy) -> frozenset[S]:
    """The states in which a made card may leave the factory: its financial application is on it."""
    if figures.vendor_loads_finance:
        return frozenset({S.MADE, S.FINANCE_LOADED})
    return frozenset({S.FINANCE_LOADED})


def may_leave(*, state: S, figures: ProductionPolicy) -> Refusal | None:
    """Where the vendor does not load the financial application, the bank does so first (9.2)."""
    if state is not S.MADE or state in ready_to_leave(figures=figures):
        return None
    fix = Fix(FixKind.DO_FIRST, {"act": "production.ask_finance_loading"})
    return Refusal("production.finance_first", fix=fix)


def may_load_finance(*, figures: ProductionPolicy) -> Refusal | None:
    """金融待加载 is only where the vendor does not load it (9.2)."""
    return Refusal("production.vendor_loads_finance") if figures.vendor_loads_finance else None


def promise_for(
    *, accepted_on: date, mode: MakingMode, figures: ProductionPolicy, calendar: Calendar
) -> Promise:
    """自受理之日起: the promise made on the day of acceptance."""
    days = {
        MakingMode.INSTANT: figures.instant_working_days,
        MakingMode.FACTORY: figures.batch_target_working_days,
    }[mode]
    return Promise(
        promised_on=add_working_days(accepted_on, days, calendar),
        limit_on=add_working_days(accepted_on, figures.batch_limit_working_days, calendar),
    )


def review_due_on(*, submitted_on: date, figures: ProductionPolicy, calendar: Calendar) -> date:
    """By which day a submitted application has been looked at."""
    return add_working_days(submitted_on, figures.review_working_days, calendar)


def stage_on(
    *, day: date, state: S, promise: Promise, figures: ProductionPolicy, calendar: Calendar
) -> PromiseStage:
    """How things stand on a day. Both the promised day and the limit are still in time."""
    if state not in OWED:
        return PromiseStage.KEPT
    if day > promise.limit_on:
        return PromiseStage.MISSED
    if day > promise.promised_on:
        return PromiseStage.LATE
    warned_from = add_working_days(day, figures.warning_working_days, calendar)
    return PromiseStage.DUE_SOON if warned_from >= promise.promised_on else PromiseStage.ON_TIME


def next_date(*, day: date, promise: Promise, calendar: Calendar) -> date:
    """The next day on which something is due; past the limit, every next working day is."""
    for due in (promise.promised_on, promise.limit_on):
        if day <= due:
            return due
    return add_working_days(day, 1, calendar)
