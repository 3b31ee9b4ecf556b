"""Promises: whoever holds an application is warned before the day, and the limit escalates once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import act, concerning, note, tell, walk
from onecard.actions._stepping import keep_step
from onecard.domain.authority import Actor
from onecard.domain.production import (
    OWED,
    ProductionPolicy,
    Promise,
    PromiseStage,
    stage_on,
)
from onecard.domain.workdays import Calendar, WorkdayPolicy, add_working_days, calendar_of
from onecard.records.models import Application
from onecard.seams.clock import local_day

MOST = 1000
STEPS = {"promise.warning": "warn", "promise.missed": "escalate"}
"""What is told, and the line in the history that goes with it."""


@dataclass(frozen=True)
class WarningReceipt:
    """An application and what was said about it just now; `event` is empty for nothing new."""

    application: str
    stage: str
    event: str


@dataclass(frozen=True)
class Warnings:
    """How many were warned of and how many were escalated."""

    warned: int
    escalated: int


@walk("production.warn_due")
def warn_due(*, actor: Actor, at: datetime) -> Warnings:
    """Warn of every promise that comes due, escalate every limit that passed; each once."""
    said = [warn(application=ref, actor=actor, at=at).event for ref in _candidates(at)]
    return Warnings(said.count("promise.warning"), said.count("promise.missed"))


@act("production.warn")
def warn(*, application: str, actor: Actor, at: datetime) -> WarningReceipt:
    """Look at one promise on this day. A second look the same day says nothing new."""
    held = hold.one(Application, ref=application)
    stage = _stage(held, local_day(at))
    event = _news(held, stage)
    if event:
        concerning(held.person_id)
        _remember(held, stage, at)
        keep_step(held, STEPS[event], before=held.state.value, by=actor, at=at)
        day, holder = str(held.promised_on), held.holder_of_the_moment
        tell(event, about=held.ref, at=at, parties=("sms",), day=day, holder=holder)
        note(about=held.ref, by=actor, at=at, ground="rule book 9.4", promised_on=held.promised_on)
    return WarningReceipt(held.ref, stage.value, event)


def _stage(application: Application, day: date) -> PromiseStage:
    if application.promised_on is None or application.limit_on is None:
        return PromiseStage.ON_TIME
    return stage_on(
        day=day,
        state=application.state,
        promise=Promise(application.promised_on, application.limit_on),
        figures=policy.in_force("production", ProductionPolicy, on=day),
        calendar=_calendar(day),
    )


def _news(application: Application, stage: PromiseStage) -> str:
    if stage is PromiseStage.MISSED and application.escalated_at is None:
        return "promise.missed"
    is_near = stage in {PromiseStage.DUE_SOON, PromiseStage.LATE}
    return "promise.warning" if is_near and application.warned_at is None else ""


def _remember(application: Application, stage: PromiseStage, at: datetime) -> None:
    column = "escalated_at" if stage is PromiseStage.MISSED else "warned_at"
    setattr(application, column, at)
    application.save(update_fields=[column])


def _candidates(at: datetime) -> list[str]:
    """Promises near or over, of which something is still to be said."""
    day = local_day(at)
    figures = policy.in_force("production", ProductionPolicy, on=day)
    horizon = add_working_days(day, figures.warning_working_days, _calendar(day))
    unsaid = Q(warned_at=None, promised_on__lte=horizon) | Q(escalated_at=None, limit_on__lt=day)
    owed: QuerySet[Application] = Application.objects.filter(unsaid, state__in=OWED)
    return list(owed.order_by("promised_on", "ref").values_list("ref", flat=True)[:MOST])


def _calendar(day: date) -> Calendar:
    return calendar_of(policy.in_force("workdays", WorkdayPolicy, on=day))
