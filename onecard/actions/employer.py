"""Employers, known by their unified social credit code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from onecard.actions import hold
from onecard.actions._keeping import act, note
from onecard.domain import identity
from onecard.domain.authority import Actor
from onecard.domain.employer import must_be_named
from onecard.domain.identity import NumberKind
from onecard.domain.refusal import require
from onecard.records.models import Employer
from onecard.seams.clock import local_day
from onecard.seams.world import world


@dataclass(frozen=True)
class EmployerReceipt:
    """The employer as it stands in the list."""

    employer: str
    name: str


@act("employer.register")
def register(*, credit_code: str, name: str, actor: Actor, at: datetime) -> EmployerReceipt:
    """Find an employer by its credit code, or write it down. The name kept first stays.

    Raises `Refused` with `documents.check_digit` or `documents.number_malformed`.
    """
    code = identity.canonical(credit_code)
    require(
        identity.check_number(NumberKind.CREDIT_CODE, code, on=local_day(at)),
        must_be_named(name=name),
    )
    row = hold.maybe(Employer, credit_code=code) or _made(code, name)
    note(about=row.ref, by=actor, at=at, ground="rule book 8.1")
    return EmployerReceipt(row.ref, row.name)


def _made(code: str, name: str) -> Employer:
    """A new row; if somebody was quicker, theirs."""
    try:
        with transaction.atomic():
            return Employer.objects.create(
                ref=world().ids.new("emp"), credit_code=code, name=name.strip()
            )
    except IntegrityError:
        return hold.one(Employer, credit_code=code)
