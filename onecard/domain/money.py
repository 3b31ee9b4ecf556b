"""资金日核对: paid = credited + paid back + held, cards = ledger, the channel's file = ours.

What does not agree is a break with a cause, an owner and an age; nothing is put right silently.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final


class MoneyBreak(Enum):
    """What may be wrong with the money of a day."""

    PAID_UNEQUAL = "paid_unequal"
    """Paid is not credited + paid back + held."""
    LEDGER_NOT_ZERO = "ledger_not_zero"
    PART_DIFFERS = "part_differs"
    """A part's balance is not the sum of its transfers."""
    CARDS_UNEQUAL = "cards_unequal"
    """The parts of all cards are not the account `on_cards`."""
    CARD_ABOVE_LEDGER = "card_above_ledger"
    """A chip proved more money than the ledger knows of."""
    AWAITING_UNEQUAL = "awaiting_unequal"
    """What waits for cards is not what held orders say."""
    PAYABLE_UNEQUAL = "payable_unequal"
    """What is to go back is not what open refunds say."""
    UNCOUNTED_CREDIT = "uncounted_credit"
    """A load without a proof."""
    OWNERLESS = "ownerless"
    """A held case that nobody looks after."""
    NOTICE_MISSING = "notice_missing"
    """The channel has a payment whose notice never came."""
    ABSENT_THERE = "absent_there"
    """We hold as paid what the channel's file does not have."""
    AMOUNT_DIFFERS = "amount_differs"
    REFUND_ABSENT_THERE = "refund_absent_there"
    REFUND_UNKNOWN_HERE = "refund_unknown_here"
    UNKNOWN_HERE = "unknown_here"
    """The file has a payment that was never ours."""
    FILE_MISSING = "file_missing"
    """The channel gave no settlement file."""
    DRAWER_OPEN = "drawer_open"
    """A drawer of an earlier day was not closed."""
    DRAWER_DIFFERS = "drawer_differs"
    REFUND_STUCK = "refund_stuck"
    """A payment refund failed too often."""
    INCIDENT = "incident"
    """A forged notice, or a payment that cannot be."""


class NextStep(Enum):
    """What somebody does about a break."""

    ASK_CHANNEL = "ask_channel"
    LOOK_AT_ORDER = "look_at_order"
    CLOSE_DRAWER = "close_drawer"
    SETTLE_SUSPENSE = "settle_suspense"
    STOP_AND_CALL = "stop_and_call"
    WAIT_FOR_FILE = "wait_for_file"
    TRY_REFUND_AGAIN = "try_refund_again"


B, N = MoneyBreak, NextStep
NEXT: Final = {
    B.PAID_UNEQUAL: N.STOP_AND_CALL,
    B.LEDGER_NOT_ZERO: N.STOP_AND_CALL,
    B.PART_DIFFERS: N.STOP_AND_CALL,
    B.CARDS_UNEQUAL: N.STOP_AND_CALL,
    B.CARD_ABOVE_LEDGER: N.LOOK_AT_ORDER,
    B.AWAITING_UNEQUAL: N.STOP_AND_CALL,
    B.PAYABLE_UNEQUAL: N.LOOK_AT_ORDER,
    B.UNCOUNTED_CREDIT: N.STOP_AND_CALL,
    B.OWNERLESS: N.LOOK_AT_ORDER,
    B.NOTICE_MISSING: N.ASK_CHANNEL,
    B.ABSENT_THERE: N.ASK_CHANNEL,
    B.AMOUNT_DIFFERS: N.ASK_CHANNEL,
    B.REFUND_ABSENT_THERE: N.ASK_CHANNEL,
    B.REFUND_UNKNOWN_HERE: N.ASK_CHANNEL,
    B.UNKNOWN_HERE: N.ASK_CHANNEL,
    B.FILE_MISSING: N.WAIT_FOR_FILE,
    B.DRAWER_OPEN: N.CLOSE_DRAWER,
    B.DRAWER_DIFFERS: N.SETTLE_SUSPENSE,
    B.REFUND_STUCK: N.TRY_REFUND_AGAIN,
    B.INCIDENT: N.ASK_CHANNEL,
}


@dataclass(frozen=True)
class Found:
    """One break: about what, how much money it is about, and both numbers."""

    kind: MoneyBreak
    about: str
    ours_fen: int = 0
    theirs_fen: int = 0
    owner: str = ""


@dataclass(frozen=True)
class Totals:
    """The sums of a day or of everything so far, in fen."""

    paid_fen: int
    credited_fen: int
    paid_back_fen: int
    held_fen: int
    proven_fen: int
    awaiting_fen: int
    payable_fen: int
    open_refunds_fen: int
    on_cards_fen: int
    on_card_parts_fen: int
    ledger_sum_fen: int


@dataclass(frozen=True)
class Ours:
    """A payment or a refund as we have it. `refund`: money that went back."""

    ref: str
    amount_fen: int
    refund: bool
    done: bool


@dataclass(frozen=True)
class Theirs:
    """A line of the channel's settlement file, by our own reference."""

    ref: str
    amount_fen: int
    refund: bool


def judge_totals(totals: Totals) -> tuple[Found, ...]:
    """The equations that hold at every moment (card reference 10.5; guarantees M1, M2)."""
    held = totals.credited_fen + totals.paid_back_fen + totals.held_fen
    equations = (
        (B.PAID_UNEQUAL, totals.paid_fen, held),
        (B.LEDGER_NOT_ZERO, totals.ledger_sum_fen, 0),
        (B.CARDS_UNEQUAL, totals.on_cards_fen, totals.on_card_parts_fen),
        (B.AWAITING_UNEQUAL, totals.awaiting_fen, totals.held_fen),
        (B.PAYABLE_UNEQUAL, totals.payable_fen, totals.open_refunds_fen),
        (B.UNCOUNTED_CREDIT, totals.credited_fen, totals.proven_fen),
    )
    return tuple(Found(kind, "", one, other) for kind, one, other in equations if one != other)


def judge_lines(ours: dict[str, Ours], theirs: dict[str, Theirs]) -> tuple[Found, ...]:
    """What the channel's file and our payments do not agree about, by our reference."""
    judged = (_judge(ref, ours.get(ref), theirs.get(ref)) for ref in sorted({*ours, *theirs}))
    return tuple(found for found in judged if found is not None)


def age_days(*, since: datetime, at: datetime) -> int:
    """For how many whole days something has been open."""
    return max((at - since).days, 0)


def _judge(ref: str, ours: Ours | None, theirs: Theirs | None) -> Found | None:
    if theirs is None:
        return _absent_there(ref, ours) if ours and ours.done else None
    if ours is None:
        kind = B.REFUND_UNKNOWN_HERE if theirs.refund else B.UNKNOWN_HERE
        return Found(kind, ref, 0, theirs.amount_fen)
    if not ours.done:
        kind = B.REFUND_UNKNOWN_HERE if theirs.refund else B.NOTICE_MISSING
        return Found(kind, ref, ours.amount_fen, theirs.amount_fen)
    if ours.amount_fen != theirs.amount_fen:
        return Found(B.AMOUNT_DIFFERS, ref, ours.amount_fen, theirs.amount_fen)
    return None


def _absent_there(ref: str, ours: Ours) -> Found:
    kind = B.REFUND_ABSENT_THERE if ours.refund else B.ABSENT_THERE
    return Found(kind, ref, ours.amount_fen, 0)
