"""进度: state, who has it now, the promised day, what happens next, every step so far (B24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models

from onecard.domain.application import MakingMode, grouped, plain
from onecard.domain.authority import Actor, Role
from onecard.domain.production import OWED, PRODUCTION, ProductionEvent, ProductionState
from onecard.domain.refusal import NotFound, Refusal
from onecard.queries._reading import one_moment
from onecard.records.models import Application, Shipment
from onecard.seams.clock import local_day


@dataclass(frozen=True)
class StepSeen:
    """One step: word keys for what happened and where it led."""

    event: str
    to_state: str
    reason: str
    by_role: str
    at: datetime


@dataclass(frozen=True)
class Progress:
    """One application. `state`, `holder`, `next`, `kind` and the like are keys of words.

    `number` is grouped for reading. `bank` is empty for whoever may not see bank data. `late` once
    the promised day has passed without the card being ready. A refusal in `may_correct` or
    `may_retract` says why that is closed now.
    """

    application: str
    person: str
    number: str
    kind: str
    state: str
    channel: str
    making_mode: str
    collection: str
    bank: str
    outlet: str
    collect_at: str
    employer: str
    submitted_at: datetime
    accepted_at: datetime | None
    promised_on: date | None
    limit_on: date | None
    late: bool
    holder: str
    next: str
    failure: str
    ems_number: str
    steps: tuple[StepSeen, ...]
    may_correct: Refusal | None
    may_retract: Refusal | None


_WITHOUT_BANK = frozenset({Role.EMPLOYER_AGENT})
_OWN_ONLY = frozenset({Role.CITIZEN})
_SEE_ALL = frozenset(
    {
        Role.OUTLET_CLERK,
        Role.OUTLET_SUPERVISOR,
        Role.HR_CLERK,
        Role.BANK_CLERK,
        Role.PHONE_OPERATOR,
        Role.PLATFORM_OPERATOR,
        Role.SYSTEM,
    }
)


def progress(*, application: str, as_seen_by: Actor, at: datetime) -> Progress:
    """One application by its ref or receipt number. Raises `NotFound`, also for a foreign one."""
    with one_moment():
        rows = _visible(as_seen_by)
        row = rows.filter(ref=application).first() or rows.filter(number=plain(application)).first()
        if row is None:
            raise NotFound(Application.__name__)
        return seen(row, as_seen_by, at)


def mine(*, as_seen_by: Actor, at: datetime) -> tuple[Progress, ...]:
    """Every application of whoever is signed in, the newest first."""
    return of_person(person=as_seen_by.ref, as_seen_by=as_seen_by, at=at)


def of_person(*, person: str, as_seen_by: Actor, at: datetime) -> tuple[Progress, ...]:
    """Every application of one person, the newest first."""
    with one_moment():
        rows = _visible(as_seen_by).filter(person=person).order_by("-submitted_at", "-ref")
        return tuple(seen(row, as_seen_by, at) for row in rows)


def seen(row: Application, by: Actor, at: datetime) -> Progress:
    """One row as this asker may see it."""
    return Progress(
        application=row.ref,
        person=row.person_id,
        number=grouped(row.number),
        kind=f"application.kind.{row.kind.value}",
        state=f"production.state.{row.state.value}",
        channel=f"channels.channel.{row.channel.value}",
        making_mode=f"application.making_mode.{row.making_mode.value}",
        collection=f"application.collection.{row.collection.value}",
        bank="" if by.role in _WITHOUT_BANK else row.bank,
        outlet=row.outlet_id or "",
        collect_at=row.collect_at.name if row.collect_at else "",
        employer=row.employer.name if row.employer else "",
        submitted_at=row.submitted_at,
        accepted_at=row.accepted_at,
        promised_on=row.promised_on,
        limit_on=row.limit_on,
        late=is_late(row, local_day(at)),
        holder=holder_word(row),
        next=next_word(row),
        failure="" if by.role in _WITHOUT_BANK else row.failure,
        ems_number=_ems_number(row),
        steps=_steps(row, by),
        may_correct=_refusal(row, ProductionEvent.CORRECT),
        may_retract=_refusal(row, ProductionEvent.RETRACT),
    )


def is_late(row: Application, today: date) -> bool:
    """Whether the promised day has passed and the card is still owed."""
    return row.promised_on is not None and row.state in OWED and today > row.promised_on


def holder_word(row: Application) -> str:
    """Who has it now; of a bank it is said that it is the bank."""
    return f"production.holder.{row.holder_of_the_moment.partition(':')[0]}"


def next_word(row: Application) -> str:
    """What happens next, by the state and, before acceptance, by whom it waits for."""
    state = row.state
    if state in {ProductionState.SUBMITTED, ProductionState.CORRECTED}:
        return f"application.next.waits_for_{row.holder_of_the_moment.partition(':')[0]}"
    if state is ProductionState.ACCEPTED and row.making_mode is MakingMode.INSTANT:
        return "application.next.accepted_instant"
    return f"application.next.{state.value}"


def _visible(by: Actor) -> models.QuerySet[Application]:
    """The applications somebody may see at all: foreign looks like absent."""
    rows = Application.objects.select_related("collect_at", "employer")
    if by.role in _OWN_ONLY:
        return rows.filter(person=by.ref)
    if by.role is Role.EMPLOYER_AGENT:
        return rows.filter(employer=by.employer)
    return rows if by.role in _SEE_ALL else rows.none()


def _steps(row: Application, by: Actor) -> tuple[StepSeen, ...]:
    """Every step. Why a bank said no is the person's business, not the employer's."""
    hidden = ProductionEvent.BANK_FAIL.value if by.role in _WITHOUT_BANK else ""
    return tuple(
        StepSeen(
            event=event_word(step.event),
            to_state=f"production.state.{step.to_state}",
            reason="" if step.event == hidden else step.reason,
            by_role=f"authority.role.{step.actor_role.value}",
            at=step.at,
        )
        for step in row.steps.all()
    )


def event_word(event: str) -> str:
    """The word for a step; the first ones are no events of production."""
    known = {member.value for member in ProductionEvent}
    return f"production.event.{event}" if event in known else f"application.event.{event}"


def _refusal(row: Application, event: ProductionEvent) -> Refusal | None:
    answer = PRODUCTION.ask(row.state, event)
    return answer if isinstance(answer, Refusal) else None


def _ems_number(row: Application) -> str:
    numbers = Shipment.objects.filter(application=row).values_list("ems_number", flat=True)
    return numbers.first() or ""
