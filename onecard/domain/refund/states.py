"""The states and events of a purse refund, and the table that joins them (card reference 10.4).

The dangers of a top-up with the signs turned: paying without a debit, and debiting without paying.
Only a verified MAC3 or TAC says that the chip was emptied; a negative proof sends the refund back
to the start, where nothing has been paid.
"""

from __future__ import annotations

from enum import Enum

from onecard.domain.lifecycle import LifeCycle
from onecard.domain.refusal import Fix, FixKind, Notice, Refusal


class RefundState(Enum):
    """Where a purse refund stands."""

    REQUESTED = "requested"
    DRAINING = "draining"
    IN_DOUBT = "in_doubt"
    DRAINED = "drained"
    WAITING = "waiting"
    PAID_OUT = "paid_out"
    WITHDRAWN = "withdrawn"


class RefundEvent(Enum):
    """What may happen to a purse refund."""

    AUTHORISED = "authorised"
    PROVEN_DRAINED = "proven_drained"
    PROVEN_NOT_DRAINED = "proven_not_drained"
    PROVEN_EMPTY = "proven_empty"
    SILENCE = "silence"
    COUNTER_MOVED = "counter_moved"
    REGISTER_UNREADABLE = "register_unreadable"
    PAY_OUT = "pay_out"
    WITHDRAW = "withdraw"


S, E = RefundState, RefundEvent

_HOLD_CARD = Refusal("refund.in_doubt_needs_card", fix=Fix(FixKind.BRING, {"what": "card"}))
_NOT_PROVEN = Refusal("refund.not_proven", fix=Fix(FixKind.BRING, {"what": "card"}))
_DRAINED = Refusal("refund.already_drained")
_PAID = Refusal("refund.already_paid_out")

REFUND = LifeCycle(
    name="refund",
    initial=S.REQUESTED,
    table={
        (S.REQUESTED, E.AUTHORISED): S.DRAINING,
        (S.REQUESTED, E.PROVEN_DRAINED): S.DRAINED,
        (S.REQUESTED, E.PROVEN_EMPTY): S.DRAINED,
        (S.REQUESTED, E.REGISTER_UNREADABLE): S.WAITING,
        (S.REQUESTED, E.WITHDRAW): S.WITHDRAWN,
        (S.REQUESTED, E.PAY_OUT): _NOT_PROVEN,
        (S.DRAINING, E.PROVEN_DRAINED): S.DRAINED,
        (S.DRAINING, E.PROVEN_NOT_DRAINED): S.REQUESTED,
        (S.DRAINING, E.SILENCE): S.IN_DOUBT,
        (S.DRAINING, E.COUNTER_MOVED): S.IN_DOUBT,
        (S.DRAINING, E.REGISTER_UNREADABLE): _HOLD_CARD,
        (S.DRAINING, E.WITHDRAW): _HOLD_CARD,
        (S.DRAINING, E.PAY_OUT): _NOT_PROVEN,
        (S.IN_DOUBT, E.PROVEN_DRAINED): S.DRAINED,
        (S.IN_DOUBT, E.PROVEN_NOT_DRAINED): S.REQUESTED,
        (S.IN_DOUBT, E.SILENCE): S.IN_DOUBT,
        (S.IN_DOUBT, E.COUNTER_MOVED): S.IN_DOUBT,
        (S.IN_DOUBT, E.REGISTER_UNREADABLE): S.WAITING,
        (S.IN_DOUBT, E.WITHDRAW): _HOLD_CARD,
        (S.IN_DOUBT, E.PAY_OUT): _NOT_PROVEN,
        (S.DRAINED, E.AUTHORISED): _DRAINED,
        (S.DRAINED, E.REGISTER_UNREADABLE): _DRAINED,
        (S.DRAINED, E.WITHDRAW): _DRAINED,
        (S.DRAINED, E.PAY_OUT): S.PAID_OUT,
        (S.WAITING, E.PROVEN_DRAINED): S.DRAINED,
        (S.WAITING, E.REGISTER_UNREADABLE): Notice("refund.already_requested"),
        (S.WAITING, E.WITHDRAW): Refusal("refund.already_requested"),
        (S.WAITING, E.PAY_OUT): S.PAID_OUT,
        (S.PAID_OUT, E.AUTHORISED): _PAID,
        (S.PAID_OUT, E.REGISTER_UNREADABLE): _PAID,
        (S.PAID_OUT, E.WITHDRAW): _PAID,
        (S.PAID_OUT, E.PAY_OUT): Notice("refund.already_done"),
    },
)

DRAIN_OPEN = frozenset({S.DRAINING, S.IN_DOUBT})
"""An attempt on the chip is open in exactly these states."""


def after_drain(state: RefundState, event: RefundEvent) -> RefundState | None:
    """Where a card's proof leads; None where the table has no such step (people look then)."""
    answer = REFUND.table.get((state, event))
    return answer if isinstance(answer, RefundState) else None
