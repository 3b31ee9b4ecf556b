"""An employer's people: how far each of them is. No bank, no purse, nobody else's people (C3.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from onecard.domain.application import grouped
from onecard.domain.authority import Actor, Role
from onecard.domain.masking import mask_name, mask_number
from onecard.domain.production import PRODUCTION, ProductionEvent, ProductionState
from onecard.domain.refusal import NotFound, Refusal
from onecard.queries._reading import one_moment
from onecard.queries.application.progress import holder_word, is_late, next_word
from onecard.records.models import Application, Employer
from onecard.seams.clock import local_day


@dataclass(frozen=True)
class EmployerSeen:
    """An employer, by its own name and credit code."""

    employer: str
    name: str
    credit_code: str


@dataclass(frozen=True)
class EmployerRow:
    """One person of the list. Why a bank said no is the person's business, not the employer's."""

    application: str
    number: str
    name: str
    identity_number: str
    state: str
    holder: str
    next: str
    submitted_at: datetime
    promised_on: date | None
    late: bool
    needs_attention: bool
    may_retract: Refusal | None


_ATTENTION = (ProductionState.BANK_FAILED, ProductionState.MAKING_FAILED)


def one(*, employer: str) -> EmployerSeen:
    """An employer by its ref. Raises `NotFound`."""
    return _seen(Employer.objects.filter(ref=employer).first())


def every() -> tuple[EmployerSeen, ...]:
    """Every employer, by name: for choosing whose agent somebody is."""
    return tuple(_seen(row) for row in Employer.objects.order_by("name", "ref"))


def by_credit_code(*, credit_code: str) -> EmployerSeen:
    """An employer by its credit code. Raises `NotFound`."""
    return _seen(Employer.objects.filter(credit_code=credit_code).first())


def people(*, as_seen_by: Actor, at: datetime, employer: str = "") -> tuple[EmployerRow, ...]:
    """Everybody on the employer's list, the newest first.

    An employer's agent sees their own employer whatever is asked; `employer` is told by clerks.
    """
    whose = as_seen_by.employer if as_seen_by.role is Role.EMPLOYER_AGENT else employer
    today = local_day(at)
    with one_moment():
        rows = Application.objects.filter(employer=whose).select_related("person")
        return tuple(_row(row, today) for row in rows.order_by("-submitted_at", "-ref"))


def _row(row: Application, today: date) -> EmployerRow:
    retract = PRODUCTION.ask(row.state, ProductionEvent.RETRACT)
    return EmployerRow(
        application=row.ref,
        number=grouped(row.number),
        name=mask_name(row.person.name),
        identity_number=mask_number(row.person.identity_number),
        state=f"production.state.{row.state.value}",
        holder=holder_word(row),
        next=next_word(row),
        submitted_at=row.submitted_at,
        promised_on=row.promised_on,
        late=is_late(row, today),
        needs_attention=row.state in _ATTENTION,
        may_retract=retract if isinstance(retract, Refusal) else None,
    )


def _seen(row: Employer | None) -> EmployerSeen:
    if row is None:
        raise NotFound(Employer.__name__)
    return EmployerSeen(row.ref, row.name, row.credit_code)
