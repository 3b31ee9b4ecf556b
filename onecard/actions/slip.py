"""回执: printing changes nothing but the count of copies; every copy is noted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions import hold
from onecard.actions._banks import bank_of
from onecard.actions._keeping import act, concerning, note
from onecard.domain.authority import Actor, Role
from onecard.domain.refusal import NotFound
from onecard.records.models import Application, AuditRow, Card, LossReport

_GROUND = "platform 6.8"
_ACCEPTANCE = "slip.note_acceptance_print"
_LOSS = "slip.note_loss_print"
_REFUND_FIRST = "slip.note_refund_first_print"


@dataclass(frozen=True)
class PrintNoted:
    """That a slip was printed. `copy` is 0 for the first one, n for the n-th reprint."""

    about: str
    copy: int


@act(_ACCEPTANCE)
def note_acceptance_print(*, application: str, actor: Actor, at: datetime) -> PrintNoted:
    """One more acceptance slip of an application of the clerk's own outlet.

    Raises `NotFound` for an application that was neither accepted there nor waits there.
    """
    row = hold.one(Application, ref=application)
    if actor.outlet not in {row.outlet_id, row.collect_at_id}:
        raise NotFound(Application.__name__)
    concerning(row.person_id)
    return _noted(_ACCEPTANCE, row.ref, actor, at)


@act("slip.note_handout_print")
def note_handout_print(*, people: int, actor: Actor, at: datetime) -> PrintNoted:
    """A list for collection with signatures, printed by the employer's own agent."""
    note(about=actor.employer, by=actor, at=at, ground=_GROUND, people=people)
    return PrintNoted(actor.employer, 0)


@act(_LOSS)
def note_loss_print(*, report: str, actor: Actor, at: datetime) -> PrintNoted:
    """One more slip of a loss report: P3 or P4. A bank's clerk prints those of own cards only.

    Raises `NotFound`.
    """
    row = hold.one(LossReport, ref=report)
    card = Card.objects.get(ref=row.card_id)
    if actor.role is Role.BANK_CLERK and bank_of(actor) != card.bank:
        raise NotFound(LossReport.__name__)
    concerning(card.person_id)
    return _noted(_LOSS, row.ref, actor, at)


@act(_REFUND_FIRST)
def note_refund_first_print(*, card: str, actor: Actor, at: datetime) -> PrintNoted:
    """One more slip that leads to a direct outlet before an exchange: P5."""
    row = hold.one(Card, ref=card)
    concerning(row.person_id)
    return _noted(_REFUND_FIRST, row.ref, actor, at)


def _noted(name: str, about: str, actor: Actor, at: datetime) -> PrintNoted:
    copy = AuditRow.objects.filter(act=name, about=about, result="done").count()
    note(about=about, by=actor, at=at, ground=_GROUND, copy=copy)
    return PrintNoted(about, copy)
