"""回执: printing changes nothing but the count of copies; every copy is noted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions import hold
from onecard.actions._keeping import act, concerning, note
from onecard.domain.authority import Actor
from onecard.domain.refusal import NotFound
from onecard.records.models import Application, AuditRow

_GROUND = "platform 6.8"
_ACCEPTANCE = "slip.note_acceptance_print"


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
    copy = AuditRow.objects.filter(act=_ACCEPTANCE, about=row.ref, result="done").count()
    note(about=row.ref, by=actor, at=at, ground=_GROUND, copy=copy)
    return PrintNoted(row.ref, copy)


@act("slip.note_handout_print")
def note_handout_print(*, people: int, actor: Actor, at: datetime) -> PrintNoted:
    """A list for collection with signatures, printed by the employer's own agent."""
    note(about=actor.employer, by=actor, at=at, ground=_GROUND, people=people)
    return PrintNoted(actor.employer, 0)
