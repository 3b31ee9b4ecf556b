"""The states and events of a top-up order, and the table that joins them (rule book 22.3)."""

from __future__ import annotations

from enum import Enum

from onecard.domain.lifecycle import LifeCycle
from onecard.domain.refusal import Fix, FixKind, Notice, Refusal


class OrderState(Enum):
    """Where a top-up order stands; each state says where the money is (card reference 10.3)."""

    OPENED = "opened"
    VOID = "void"
    PAID = "paid"
    WRITING = "writing"
    IN_DOUBT = "in_doubt"
    LOADED = "loaded"
    REFUNDING = "refunding"
    REFUNDED = "refunded"


class OrderEvent(Enum):
    """What may happen to a top-up order."""

    PAYMENT_CONFIRMED = "payment_confirmed"
    BEGIN = "begin"
    AUTHORISED = "authorised"
    PROVEN_WRITTEN = "proven_written"
    PROVEN_NOT_WRITTEN = "proven_not_written"
    SILENCE = "silence"
    COUNTER_MOVED = "counter_moved"
    ASK_PAYMENT_REFUND = "ask_payment_refund"
    AUTO_REFUND_DUE = "auto_refund_due"
    REFUND_DONE = "refund_done"
    CANCEL = "cancel"
    EXPIRE = "expire"
    DECIDED_WRITTEN = "decided_written"
    DECIDED_NOT_WRITTEN = "decided_not_written"


S, E = OrderState, OrderEvent

_PAY_FIRST = Refusal("topup.not_paid", fix=Fix(FixKind.DO_FIRST, {"act": "topup.pay"}))
_HOLD_CARD = Refusal("topup.in_doubt_needs_card", fix=Fix(FixKind.BRING, {"what": "card"}))
_LOADED = Refusal("topup.already_loaded")
_GONE_BACK = Refusal("topup.already_refunded")

TOPUP = LifeCycle(
    name="topup",
    initial=S.OPENED,
    table={
        (S.OPENED, E.PAYMENT_CONFIRMED): S.PAID,
        (S.OPENED, E.BEGIN): _PAY_FIRST,
        (S.OPENED, E.ASK_PAYMENT_REFUND): _PAY_FIRST,
        (S.OPENED, E.CANCEL): S.VOID,
        (S.OPENED, E.EXPIRE): S.VOID,
        (S.VOID, E.PAYMENT_CONFIRMED): S.VOID,
        (S.VOID, E.BEGIN): _PAY_FIRST,
        (S.VOID, E.ASK_PAYMENT_REFUND): _PAY_FIRST,
        (S.VOID, E.CANCEL): S.VOID,
        (S.VOID, E.EXPIRE): S.VOID,
        (S.PAID, E.PAYMENT_CONFIRMED): Notice("topup.already_paid"),
        (S.PAID, E.BEGIN): S.PAID,
        (S.PAID, E.AUTHORISED): S.WRITING,
        (S.PAID, E.PROVEN_WRITTEN): S.LOADED,
        (S.PAID, E.SILENCE): S.PAID,
        (S.PAID, E.ASK_PAYMENT_REFUND): S.REFUNDING,
        (S.PAID, E.AUTO_REFUND_DUE): S.REFUNDING,
        (S.PAID, E.CANCEL): S.REFUNDING,
        (S.WRITING, E.PAYMENT_CONFIRMED): Notice("topup.already_paid"),
        (S.WRITING, E.BEGIN): S.WRITING,
        (S.WRITING, E.PROVEN_WRITTEN): S.LOADED,
        (S.WRITING, E.PROVEN_NOT_WRITTEN): S.PAID,
        (S.WRITING, E.SILENCE): S.IN_DOUBT,
        (S.WRITING, E.COUNTER_MOVED): S.IN_DOUBT,
        (S.WRITING, E.ASK_PAYMENT_REFUND): _HOLD_CARD,
        (S.WRITING, E.AUTO_REFUND_DUE): S.WRITING,
        (S.WRITING, E.CANCEL): _HOLD_CARD,
        (S.IN_DOUBT, E.PAYMENT_CONFIRMED): Notice("topup.already_paid"),
        (S.IN_DOUBT, E.BEGIN): S.IN_DOUBT,
        (S.IN_DOUBT, E.PROVEN_WRITTEN): S.LOADED,
        (S.IN_DOUBT, E.PROVEN_NOT_WRITTEN): S.PAID,
        (S.IN_DOUBT, E.SILENCE): S.IN_DOUBT,
        (S.IN_DOUBT, E.COUNTER_MOVED): S.IN_DOUBT,
        (S.IN_DOUBT, E.ASK_PAYMENT_REFUND): _HOLD_CARD,
        (S.IN_DOUBT, E.AUTO_REFUND_DUE): S.IN_DOUBT,
        (S.IN_DOUBT, E.CANCEL): _HOLD_CARD,
        (S.IN_DOUBT, E.DECIDED_WRITTEN): S.LOADED,
        (S.IN_DOUBT, E.DECIDED_NOT_WRITTEN): S.PAID,
        (S.LOADED, E.PAYMENT_CONFIRMED): Notice("topup.already_loaded"),
        (S.LOADED, E.BEGIN): Notice("topup.already_loaded"),
        (S.LOADED, E.PROVEN_WRITTEN): Notice("topup.already_loaded"),
        (S.LOADED, E.ASK_PAYMENT_REFUND): _LOADED,
        (S.LOADED, E.CANCEL): _LOADED,
        (S.REFUNDING, E.PAYMENT_CONFIRMED): Notice("topup.already_refunded"),
        (S.REFUNDING, E.BEGIN): _GONE_BACK,
        (S.REFUNDING, E.PROVEN_NOT_WRITTEN): S.REFUNDING,
        (S.REFUNDING, E.ASK_PAYMENT_REFUND): Notice("topup.already_refunded"),
        (S.REFUNDING, E.AUTO_REFUND_DUE): S.REFUNDING,
        (S.REFUNDING, E.REFUND_DONE): S.REFUNDED,
        (S.REFUNDING, E.CANCEL): S.REFUNDING,
        (S.REFUNDED, E.PAYMENT_CONFIRMED): Notice("topup.already_refunded"),
        (S.REFUNDED, E.BEGIN): _GONE_BACK,
        (S.REFUNDED, E.ASK_PAYMENT_REFUND): Notice("topup.already_refunded"),
        (S.REFUNDED, E.REFUND_DONE): Notice("topup.already_refunded"),
    },
)
"""What is absent cannot happen: `after` leaves the state alone, and the act books a discrepancy."""

HOLDING = frozenset({S.PAID, S.WRITING, S.IN_DOUBT})
"""Paid, and neither on the card nor on its way back: counted under the cap (V8)."""

UNFINISHED = HOLDING | {S.OPENED}
"""One of these on a card, and no other order is opened for it."""

ATTEMPT_OPEN = frozenset({S.WRITING, S.IN_DOUBT})
"""Exactly these orders have an open attempt (daily check, card reference 10.5)."""


def after(state: OrderState, event: OrderEvent) -> OrderState | None:
    """The state after an event; None where the table has no such step, or answers otherwise."""
    answer = TOPUP.table.get((state, event))
    return answer if isinstance(answer, OrderState) else None
