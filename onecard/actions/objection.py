"""异议: the holder objects to a look at their data; the auditor finds it in the record (B19, F38).

The record itself is never changed by it. One look is objected to once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions import hold
from onecard.actions._keeping import act, concerning, note, tell
from onecard.domain.authority import Actor
from onecard.domain.objection import ObjectionReason
from onecard.domain.refusal import NotFound
from onecard.records.models import AuditRow, Person
from onecard.seams.world import world

GROUND = "platform B19, F38"
_FILE = "objection.file"
ALREADY = "objection.already_filed"


@dataclass(frozen=True)
class ObjectionReceipt:
    """The number under which the objection is looked into; `notice` where it was filed before."""

    number: str
    line: int
    notice: str = ""


@act(_FILE)
def file(*, line: int, reason: ObjectionReason, actor: Actor, at: datetime) -> ObjectionReceipt:
    """Object to one line of the record about oneself. Raises `NotFound` for any other line."""
    person = hold.one(Person, ref=actor.ref)
    concerning(person.ref)
    row = AuditRow.objects.filter(pk=line, concerning=person.ref).first()
    if row is None:
        raise NotFound(AuditRow.__name__)
    filed = AuditRow.objects.filter(act=_FILE, result="done", concerning=person.ref)
    known = filed.filter(facts__line=line).first()
    if known is not None:
        return ObjectionReceipt(known.about, line, ALREADY)
    number = world().ids.new("obj")
    note(about=number, by=actor, at=at, ground=GROUND, line=line, of=row.act, reason=reason.value)
    tell("objection.filed", about=person.ref, at=at, parties=("sms",))
    return ObjectionReceipt(number, line)
