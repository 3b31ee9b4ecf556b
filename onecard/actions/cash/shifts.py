"""现金日结: a drawer is opened by its clerk, counted to the fen, and closed; a difference by two.

What was counted goes to the bank; what is missing or too much goes into the suspense account.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard import policy
from onecard.actions import _cash, hold
from onecard.actions._cash import Movement
from onecard.actions._keeping import act, note
from onecard.domain.authority import Actor
from onecard.domain.cash import (
    SHIFT,
    CashKind,
    CashPolicy,
    ShiftEvent,
    ShiftState,
    may_count,
    may_open_shift,
    must_be_second_person,
)
from onecard.domain.refusal import NotFound, require
from onecard.records.models import CashShift, Staff
from onecard.seams.clock import local_day
from onecard.seams.world import world

GROUND = "platform C7.4"
FLOAT = Movement(CashKind.FLOAT, "cash.float", "bank_account")
BANKED = Movement(CashKind.BANKED, "cash.banked", "bank_account")
SHORT = Movement(CashKind.SHORT, "cash.short", "suspense")
OVER = Movement(CashKind.OVER, "cash.over", "suspense")


@dataclass(frozen=True)
class ShiftReceipt:
    """A drawer after an act; `difference_fen` is counted less book."""

    shift: str
    outlet: str
    state: str
    book_fen: int
    counted_fen: int | None = None
    difference_fen: int = 0


@act("cash.open_shift")
def open_shift(*, float_fen: int, actor: Actor, at: datetime) -> ShiftReceipt:
    """Begin a shift with so much change in the drawer.

    Raises `Refused`: `cash.shift_open`, `cash.float_out_of_range`.
    """
    hold.name(f"cash {actor.ref}")
    figures = policy.in_force("cash", CashPolicy, on=local_day(at))
    mine = CashShift.objects.filter(clerk=actor.ref).exclude(state=ShiftState.CLOSED)
    require(may_open_shift(float_fen=float_fen, has_open=mine.exists(), figures=figures))
    row = CashShift.objects.create(
        ref=world().ids.new("csh"),
        outlet=actor.outlet,
        clerk=actor.ref,
        opened_on=local_day(at),
        opened_at=at,
    )
    if float_fen:
        _cash.move(row, FLOAT, float_fen, about=row.ref, card=None, by=actor, at=at)
    note(about=row.ref, by=actor, at=at, ground=GROUND, float_fen=float_fen)
    return _receipt(row)


@act("cash.count")
def count(*, counted_fen: int, reason: str, actor: Actor, at: datetime) -> ShiftReceipt:
    """Close one's own drawer with what was counted; a difference waits for a second person.

    Raises `Refused`: `cash.no_open_shift`, `cash.count_not_possible`,
    `cash.difference_unexplained`.
    """
    row = _cash.open_shift_of(actor)
    book_fen = _cash.book_fen(row)
    require(may_count(counted_fen=counted_fen, book_fen=book_fen, reason=reason))
    row.book_fen, row.counted_fen, row.counted_at = book_fen, counted_fen, at
    equal = counted_fen == book_fen
    row.reason = "" if equal else reason.strip()[:200]
    row.state = _after(row, ShiftEvent.COUNT_EQUAL if equal else ShiftEvent.COUNT_DIFFERENT)
    if equal:
        _close(row, by=actor, at=at)
    row.save()
    facts = {"book_fen": book_fen, "counted_fen": counted_fen}
    note(about=row.ref, by=actor, at=at, ground=GROUND, **facts)
    return _receipt(row)


@act("cash.count_again")
def count_again(*, shift: str, actor: Actor, at: datetime) -> ShiftReceipt:
    """A difference is sent back: the drawer is open, and is counted once more.

    Raises `Refused`: `cash.not_in_this_state`.
    """
    row = _at_this_outlet(shift, actor)
    row.state = _after(row, ShiftEvent.COUNT_AGAIN)
    row.book_fen = row.counted_fen = row.counted_at = None
    row.save()
    note(about=row.ref, by=actor, at=at, ground=GROUND, again=True)
    return _receipt(row)


@act("cash.approve_difference")
def approve_difference(*, shift: str, actor: Actor, at: datetime) -> ShiftReceipt:
    """Another person has seen the count; the difference goes into the suspense account.

    Raises `Refused`: `cash.second_person`, `cash.not_in_this_state`.
    """
    row = _at_this_outlet(shift, actor)
    require(
        must_be_second_person(
            counted_by=row.clerk,
            approver=actor.ref,
            is_same_person=_is_same_person(row.clerk, actor.ref),
        )
    )
    row.state, row.approved_by = _after(row, ShiftEvent.APPROVE), actor.ref
    difference_fen = _difference(row)
    movement = OVER if difference_fen > 0 else SHORT
    _cash.move(row, movement, abs(difference_fen), about=row.ref, card=None, by=actor, at=at)
    _close(row, by=actor, at=at)
    row.save()
    note(about=row.ref, by=actor, at=at, ground=GROUND, difference_fen=difference_fen)
    return _receipt(row)


def _close(row: CashShift, *, by: Actor, at: datetime) -> None:
    """What was counted leaves the drawer for the bank, to the last fen."""
    row.closed_at = at
    if row.counted_fen:
        _cash.move(row, BANKED, row.counted_fen, about=row.ref, card=None, by=by, at=at)


def _at_this_outlet(shift: str, actor: Actor) -> CashShift:
    row = hold.one(CashShift, ref=shift)
    if actor.outlet and row.outlet != actor.outlet:
        raise NotFound(CashShift.__name__)
    return row


def _after(row: CashShift, event: ShiftEvent) -> ShiftState:
    now = SHIFT.after(row.state, event)
    return now if isinstance(now, ShiftState) else row.state


def _difference(row: CashShift) -> int:
    return (row.counted_fen or 0) - (row.book_fen or 0)


def _is_same_person(one: str, other: str) -> bool:
    """Two sign-ins of one person are one person (guarantees 12)."""
    people = Staff.objects.filter(ref__in={one, other}).exclude(person=None)
    known = list(people.values_list("person", flat=True))
    return len(known) != len(set(known))


def _receipt(row: CashShift) -> ShiftReceipt:
    counted = row.counted_fen is not None
    book_fen = row.book_fen if row.book_fen is not None else _cash.book_fen(row)
    return ShiftReceipt(
        row.ref,
        row.outlet,
        row.state.value,
        book_fen,
        row.counted_fen,
        _difference(row) if counted else 0,
    )
