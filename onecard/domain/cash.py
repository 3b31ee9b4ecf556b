"""网点现金: a clerk's drawer from opening to day close, to the fen (platform C7.4).

What is counted and what the books say is compared by two persons when it differs; the difference
goes into the suspense account, never into anybody's pocket and never out of sight.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from onecard.domain.lifecycle import LifeCycle
from onecard.domain.refusal import Fix, FixKind, Refusal


class ShiftState(Enum):
    """Where a clerk's shift at the drawer stands."""

    OPEN = "open"
    COUNTED = "counted"
    CLOSED = "closed"


class ShiftEvent(Enum):
    """What may happen to a shift."""

    COUNT_EQUAL = "count_equal"
    COUNT_DIFFERENT = "count_different"
    COUNT_AGAIN = "count_again"
    APPROVE = "approve"


class CashKind(Enum):
    """What a line of a drawer is."""

    FLOAT = "float"
    TAKEN = "taken"
    PAID_OUT = "paid_out"
    BANKED = "banked"
    SHORT = "short"
    OVER = "over"


S, E = ShiftState, ShiftEvent

SHIFT = LifeCycle(
    name="cash",
    initial=S.OPEN,
    otherwise="cash.not_in_this_state",
    table={
        (S.OPEN, E.COUNT_EQUAL): S.CLOSED,
        (S.OPEN, E.COUNT_DIFFERENT): S.COUNTED,
        (S.COUNTED, E.COUNT_AGAIN): S.OPEN,
        (S.COUNTED, E.APPROVE): S.CLOSED,
    },
)

INTO_DRAWER = frozenset({CashKind.FLOAT, CashKind.TAKEN, CashKind.OVER})


@dataclass(frozen=True)
class CashPolicy:
    """The figures of `cash.toml`."""

    float_most_fen: int
    shift_most_hours: int


def may_open_shift(*, float_fen: int, has_open: bool, figures: CashPolicy) -> Refusal | None:
    """One drawer for each clerk at a time, begun with no more change than the city lets lie."""
    if has_open:
        return Refusal("cash.shift_open", fix=Fix(FixKind.DO_FIRST, {"act": "cash.count"}))
    if type(float_fen) is int and 0 <= float_fen <= figures.float_most_fen:
        return None
    return Refusal(
        "cash.float_out_of_range",
        measured={"float_fen": float_fen},
        allowed={"most_fen": figures.float_most_fen},
        field="float_fen",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "float_fen"}),
    )


def must_have_shift(*, has_open: bool) -> Refusal | None:
    """Cash goes into a drawer somebody answers for."""
    if has_open:
        return None
    return Refusal("cash.no_open_shift", fix=Fix(FixKind.DO_FIRST, {"act": "cash.open_shift"}))


def must_be_enough(*, amount_fen: int, drawer_fen: int) -> Refusal | None:
    """Nothing is paid out that does not lie in the drawer."""
    if amount_fen <= drawer_fen:
        return None
    return Refusal(
        "cash.drawer_too_low",
        measured={"drawer_fen": drawer_fen},
        allowed={"needed_fen": amount_fen},
        fix=Fix(FixKind.ASK_PERSON, {"who": "@cash.other_clerk"}),
    )


def may_count(*, counted_fen: int, book_fen: int, reason: str) -> Refusal | None:
    """现金日结: counted in whole fen; what differs needs a reason."""
    if type(counted_fen) is not int or counted_fen < 0:
        return Refusal(
            "cash.count_not_possible",
            measured={"counted_fen": counted_fen},
            allowed={"least_fen": 0},
            field="counted_fen",
            fix=Fix(FixKind.CHANGE_INPUT, {"field": "counted_fen"}),
        )
    if counted_fen == book_fen or reason.strip():
        return None
    return Refusal(
        "cash.difference_unexplained",
        measured={"counted_fen": counted_fen, "difference_fen": counted_fen - book_fen},
        allowed={"book_fen": book_fen},
        field="reason",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "reason"}),
    )


def must_be_second_person(
    *, counted_by: str, approver: str, is_same_person: bool
) -> Refusal | None:
    """A difference is booked by somebody else than whoever counted (guarantees 12)."""
    if approver != counted_by and not is_same_person:
        return None
    return Refusal("cash.second_person", fix=Fix(FixKind.ASK_PERSON, {"who": "@cash.other_clerk"}))


def receipt_number(*, day: str, shift: str, number: int) -> str:
    """On the slip: the day, the end of the shift's reference, and a number without a gap."""
    return f"{day}-{shift[-6:].upper()}-{number:04d}"
