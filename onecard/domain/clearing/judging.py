"""每笔清算记录的结论: booked, or set aside under a name; none is dropped silently."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class LineState(Enum):
    """What became of a reported fare.

    BOOKED lowers the purse and is owed to the operator; LATE came after the purse was paid out and
    is owed all the same; the others are owed to nobody until people have looked.
    """

    BOOKED = "booked"
    LATE = "late"
    DUPLICATE = "duplicate"
    UNKNOWN_CARD = "unknown_card"
    WRONG_TAC = "wrong_tac"
    IN_FUTURE = "in_future"


BOOKED = frozenset({LineState.BOOKED, LineState.LATE})


@dataclass(frozen=True)
class Known:
    """What the house knows of the card and the purchase of a line.

    `tac_verified` is the custody's word. `paid_out_at`: when the purse was refunded, if it was.
    `shadow_at`: when its balance was last proven by the chip.
    """

    reported_before: bool
    purse_known: bool
    tac_verified: bool
    paid_out_at: datetime | None = None
    shadow_at: datetime | None = None


@dataclass(frozen=True)
class Judged:
    """The state of a line, and whether it lowers the shadow balance.

    A fare from before the last proof is inside the proven balance already.
    """

    state: LineState
    lowers_shadow: bool = False


def judge(*, at: datetime, reported_at: datetime, known: Known) -> Judged:
    """清算核对: TAC first, for an unverified line says nothing about any card (card ref. 11, C)."""
    if not known.purse_known:
        return Judged(LineState.UNKNOWN_CARD)
    if not known.tac_verified:
        return Judged(LineState.WRONG_TAC)
    if known.reported_before:
        return Judged(LineState.DUPLICATE)
    if at > reported_at:
        return Judged(LineState.IN_FUTURE)
    if known.paid_out_at is not None:
        return Judged(LineState.LATE)
    return Judged(LineState.BOOKED, known.shadow_at is None or at > known.shadow_at)
