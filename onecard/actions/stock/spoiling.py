"""Spoiled and missing blank cards: a reason by one person, a look by a second one (C4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions._keeping import act, note
from onecard.actions.stock import _blanks
from onecard.domain import stock as rules
from onecard.domain.authority import Actor
from onecard.domain.refusal import Refusal, require
from onecard.domain.stock import BlankEvent, SpoilReason
from onecard.records.models import BlankCard, Staff


@dataclass(frozen=True)
class SpoilReceipt:
    """A blank card that is spoiled, said to be, or good after all."""

    serial: str
    state: str
    reason: str


@act("stock.report_spoiled")
def report_spoiled(*, serial: str, reason: SpoilReason, actor: Actor, at: datetime) -> SpoilReceipt:
    """A clerk says that a blank card cannot be used, or is not there, and why."""
    outlet = _blanks.open_outlet(actor.outlet, at)
    blank = _blanks.held_serials((serial,), outlet.ref)[0]
    _blanks.reject(blank, reason, by=actor, at=at)
    note(about=blank.ref, by=actor, at=at, ground="platform C4.3", reason=reason.value)
    return SpoilReceipt(blank.serial, blank.state.value, blank.spoil_reason)


@act("stock.approve_spoiled")
def approve_spoiled(*, serial: str, actor: Actor, at: datetime) -> SpoilReceipt:
    """A supervisor has seen it on a sign-in of their own, and it is written off."""
    outlet = _blanks.open_outlet(actor.outlet, at)
    blank = _blanks.held_serials((serial,), outlet.ref)[0]
    require(_must_be_second_person(blank, actor))
    _blanks.move(
        blank,
        BlankEvent.APPROVE_SPOILED,
        by=actor,
        at=at,
        reason=blank.spoil_reason,
        approved_by=actor.ref,
    )
    note(about=blank.ref, by=actor, at=at, ground="platform C4.3", reported_by=blank.spoiled_by)
    return SpoilReceipt(blank.serial, blank.state.value, blank.spoil_reason)


@act("stock.find_good")
def find_good(*, serial: str, actor: Actor, at: datetime) -> SpoilReceipt:
    """A supervisor finds the card good, or finds it again: back into the drawer."""
    outlet = _blanks.open_outlet(actor.outlet, at)
    blank = _blanks.held_serials((serial,), outlet.ref)[0]
    require(_must_be_second_person(blank, actor))
    _blanks.move(
        blank,
        BlankEvent.FIND_GOOD,
        by=actor,
        at=at,
        approved_by=actor.ref,
        spoil_reason="",
        spoiled_by="",
    )
    note(about=blank.ref, by=actor, at=at, ground="platform C4.3")
    return SpoilReceipt(blank.serial, blank.state.value, blank.spoil_reason)


def _must_be_second_person(blank: BlankCard, actor: Actor) -> Refusal | None:
    people = Staff.objects.filter(ref__in=(blank.spoiled_by, actor.ref)).exclude(person=None)
    accounts = list(people.values_list("person", flat=True))
    return rules.must_be_second_person(
        reported_by=blank.spoiled_by,
        approver=actor.ref,
        is_same_person=len(accounts) != len(set(accounts)),
    )
