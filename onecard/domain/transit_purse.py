"""交通功能: whether the transit purse on the chip is in use (rule book 19).

The money is on the chip and the host follows. There is no loss event, no lock event and no
blacklist, so that reporting the loss of a purse cannot even be written down.
"""

from __future__ import annotations

from enum import Enum

from onecard.domain.lifecycle import LifeCycle
from onecard.domain.refusal import Notice, Refusal


class TransitState(Enum):
    """Where the transit function stands."""

    NOT_OPENED = "not_opened"
    OPEN = "open"
    REFUND_PENDING = "refund_pending"
    CLOSED = "closed"


class TransitEvent(Enum):
    """What may happen to the transit function."""

    OPEN = "open"
    LOAD = "load"
    PURCHASE = "purchase"
    PURSE_REFUND = "purse_refund"
    REGISTER_UNREADABLE = "register_unreadable"
    PAY_OUT = "pay_out"


S, E = TransitState, TransitEvent

TRANSIT_PURSE = LifeCycle(
    name="transit_purse",
    initial=S.NOT_OPENED,
    table={
        (S.NOT_OPENED, E.OPEN): S.OPEN,
        (S.NOT_OPENED, E.LOAD): S.OPEN,
        (S.NOT_OPENED, E.PURCHASE): S.OPEN,
        (S.NOT_OPENED, E.PURSE_REFUND): Notice("refund.not_opened"),
        (S.NOT_OPENED, E.REGISTER_UNREADABLE): Notice("refund.not_opened"),
        (S.OPEN, E.OPEN): Notice("transit_purse.already_open"),
        (S.OPEN, E.LOAD): S.OPEN,
        (S.OPEN, E.PURCHASE): S.OPEN,
        (S.OPEN, E.PURSE_REFUND): S.CLOSED,
        (S.OPEN, E.REGISTER_UNREADABLE): S.REFUND_PENDING,
        (S.REFUND_PENDING, E.OPEN): Refusal("transit_purse.closing"),
        (S.REFUND_PENDING, E.LOAD): Refusal("transit_purse.closing"),
        (S.REFUND_PENDING, E.PURCHASE): S.REFUND_PENDING,
        (S.REFUND_PENDING, E.PURSE_REFUND): Refusal("refund.already_requested"),
        (S.REFUND_PENDING, E.REGISTER_UNREADABLE): Notice("refund.already_requested"),
        (S.REFUND_PENDING, E.PAY_OUT): S.CLOSED,
        (S.CLOSED, E.OPEN): Refusal("transit_purse.closed"),
        (S.CLOSED, E.LOAD): Refusal("topup.purse_closed"),
        (S.CLOSED, E.PURSE_REFUND): Notice("refund.already_done"),
        (S.CLOSED, E.REGISTER_UNREADABLE): Notice("refund.already_done"),
    },
)
