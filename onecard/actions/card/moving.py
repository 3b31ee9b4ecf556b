"""省外转移: recorded, told, and nothing switched off by itself (rule book 15).

Inside the province there is nothing to do, and that is the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import act, concerning, note, tell
from onecard.domain import transfer
from onecard.domain.authority import Actor, Role
from onecard.domain.refusal import NotFound, require
from onecard.domain.transfer import TransferPolicy
from onecard.records.models import Person, TransferOut
from onecard.seams.clock import local_day
from onecard.seams.world import world

GROUND = "rule book 15; SEED FAQ 7"


@dataclass(frozen=True)
class TransferReceipt:
    """What was written down; `transfer` is empty where nothing had to be."""

    person: str
    transfer: str
    notice: str


@act("card.record_transfer_out")
def record_transfer_out(
    *, person: str, to_province: str, moved_on: date, actor: Actor, at: datetime
) -> TransferReceipt:
    """Record that a relation goes to another province; the card here goes on until cancelled.

    `to_province` is a code of GB/T 2260. Raises `Refused("card.province_unknown")`.
    """
    if actor.role is Role.CITIZEN and person != actor.ref:
        raise NotFound(Person.__name__)
    row = hold.one(Person, ref=person)
    concerning(row.ref)
    require(transfer.may_record_transfer(to_province=to_province))
    figures = policy.in_force("card", TransferPolicy, on=local_day(at))
    inside = transfer.is_in_province(to_province=to_province, figures=figures)
    if inside is not None:
        return TransferReceipt(row.ref, "", inside.code)
    key = {"person": row, "to_province": to_province, "moved_on": moved_on}
    known = TransferOut.objects.filter(**key).first()
    if known is not None:
        return TransferReceipt(row.ref, known.ref, transfer.RECORDED)
    made = TransferOut.objects.create(
        ref=world().ids.new("trf"),
        actor_role=actor.role.value,
        actor_ref=actor.ref,
        at=at,
        **key,
    )
    tell("card.transfer_recorded", about=row.ref, at=at, parties=("sms",))
    note(about=made.ref, by=actor, at=at, ground=GROUND, to_province=to_province)
    return TransferReceipt(row.ref, made.ref, transfer.RECORDED)
