"""付款与退款: a payment for an order, and the way back; what a channel says counts by its proof.

A payment is known by our own reference, never by what a notice claims about it. It is paid back
once for each reason (guarantees M6), and never more than came in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from onecard.domain.lifecycle import LifeCycle
from onecard.domain.refusal import Fix, FixKind, Notice, Refusal
from onecard.domain.topup import OrderState

CURRENCY = "CNY"
CASH_MARK = "cash_"
"""How a payment in cash is named: the mark, and its order."""


class PaymentState(Enum):
    """Where a payment stands."""

    STARTED = "started"
    PAID = "paid"
    CLOSED = "closed"


class PaymentEvent(Enum):
    """What may happen to a payment."""

    CONFIRM = "confirm"
    CLOSE = "close"


class RefundState(Enum):
    """Where a payment refund stands."""

    WANTED = "wanted"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"


class RefundEvent(Enum):
    """What may happen to a payment refund."""

    SEND = "send"
    CONFIRM = "confirm"
    FAIL = "fail"
    TRY_AGAIN = "try_again"


class RefundWay(Enum):
    """How money goes back: the way it came."""

    GATEWAY = "gateway"
    CASH = "cash"


class RefundKind(Enum):
    """Why money goes back; each reason at most once for a payment."""

    TOPUP = "topup"
    """The order was given up, or never written."""
    SURPLUS = "surplus"
    """It paid for nothing: a void order, a second payment, another amount."""


class NoticeKind(Enum):
    """What a payment channel tells us."""

    PAID = "paid"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"


P, R = PaymentState, RefundState

PAYMENT = LifeCycle(
    name="payment",
    initial=P.STARTED,
    table={
        (P.STARTED, PaymentEvent.CONFIRM): P.PAID,
        (P.CLOSED, PaymentEvent.CONFIRM): P.PAID,
        (P.PAID, PaymentEvent.CONFIRM): Notice("payment.already_paid"),
        (P.STARTED, PaymentEvent.CLOSE): P.CLOSED,
        (P.CLOSED, PaymentEvent.CLOSE): P.CLOSED,
        (P.PAID, PaymentEvent.CLOSE): Notice("payment.already_paid"),
    },
)
"""Money that arrives after closing has arrived all the same."""

REFUND = LifeCycle(
    name="payment_refund",
    initial=R.WANTED,
    table={
        (R.WANTED, RefundEvent.SEND): R.SENT,
        (R.SENT, RefundEvent.SEND): R.SENT,
        (R.FAILED, RefundEvent.SEND): R.SENT,
        (R.WANTED, RefundEvent.CONFIRM): R.DONE,
        (R.SENT, RefundEvent.CONFIRM): R.DONE,
        (R.FAILED, RefundEvent.CONFIRM): R.DONE,
        (R.DONE, RefundEvent.CONFIRM): R.DONE,
        (R.WANTED, RefundEvent.FAIL): R.FAILED,
        (R.SENT, RefundEvent.FAIL): R.FAILED,
        (R.FAILED, RefundEvent.FAIL): R.FAILED,
        (R.DONE, RefundEvent.FAIL): R.DONE,
        (R.FAILED, RefundEvent.TRY_AGAIN): R.WANTED,
    },
)


@dataclass(frozen=True)
class PaymentPolicy:
    """The figures of `payment.toml`."""

    channel: str
    ask_after_seconds: int
    ask_every_seconds: int
    ask_for_hours: int
    refund_ask_every_seconds: int
    refund_tries: int
    refund_retry_hours: int


def may_start(*, order: OrderState, pay_by: datetime, at: datetime) -> Refusal | None:
    """Only an order that waits for its payment, and still does, can be paid."""
    if order is not OrderState.OPENED:
        return Refusal("payment.order_not_payable", {"state": f"@topup.state.{order.value}"})
    if at >= pay_by:
        fix = Fix(FixKind.DO_FIRST, {"act": "topup.open"})
        return Refusal("payment.too_late", measured={"until": pay_by}, fix=fix)
    return None


def must_be_notice_of(
    *, order: str, known_order: str, currency: str, amount_fen: int
) -> Refusal | None:
    """A notice names our order, our currency and a sum of money, or it is none of ours."""
    if order == known_order and currency == CURRENCY and amount_fen > 0:
        return None
    return Refusal("payment.notice_mismatch", field="order")


def may_pay_back(*, amount_fen: int, paid_fen: int, paid_back_fen: int) -> Refusal | None:
    """Never more goes back than came in (guarantees M6)."""
    left_fen = paid_fen - paid_back_fen
    if 0 < amount_fen <= left_fen:
        return None
    return Refusal(
        "payment.more_than_paid",
        measured={"amount_fen": amount_fen},
        allowed={"left_fen": left_fen},
        field="amount_fen",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "amount_fen"}),
    )


def next_ask(*, asked: int, figures: PaymentPolicy, at: datetime) -> datetime:
    """When to ask the channel about a silent payment again: each time twice as late."""
    doublings = min(asked, 8)
    return at + timedelta(seconds=figures.ask_every_seconds << doublings)


def is_over(*, pay_by: datetime, figures: PaymentPolicy, at: datetime) -> bool:
    """Whether nobody will pay this any more: the order is long void and the channel knows none."""
    return at >= pay_by + timedelta(hours=figures.ask_for_hours)


def sent_as(*, refund: str, tries: int) -> str:
    """Under which name a refund is sent: a new one after each failure, for a name is sent once."""
    return f"{refund}-{tries}" if tries else refund


def refund_named(name: str) -> tuple[str, int]:
    """The refund and the try that a name stands for."""
    refund, _, tries = name.partition("-")
    return refund, int(tries) if tries.isascii() and tries.isdecimal() else 0


def is_paid_in_cash(payment: str) -> bool:
    """Whether money came over the counter, and goes back over it."""
    return payment.startswith(CASH_MARK)
