"""付款查询: the payments of an order, what became of each, and what goes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.domain.authority import Actor
from onecard.queries.topup._seeing import order_for
from onecard.records.models import Payment, PaymentRefund


@dataclass(frozen=True)
class BackSeen:
    """Money that goes back; `failure` says why the channel could not."""

    refund: str
    kind: str
    way: str
    amount_fen: int
    state: str
    wanted_at: datetime
    ended_at: datetime | None
    failure: str


@dataclass(frozen=True)
class PaymentSeen:
    """A payment. `applied`: credited to the order, or pays back; empty before it was paid."""

    payment: str
    amount_fen: int
    paid_fen: int
    state: str
    pay_url: str
    pay_by: datetime
    paid_at: datetime | None
    applied: str
    refunds: tuple[BackSeen, ...]


def payments_of(*, order: str, as_seen_by: Actor) -> tuple[PaymentSeen, ...]:
    """Every payment of an order, the oldest first. Raises `NotFound` for somebody else's."""
    row = order_for(order, as_seen_by)
    back: dict[str, list[BackSeen]] = {}
    for refund in PaymentRefund.objects.filter(about=row.ref).order_by("wanted_at", "ref"):
        back.setdefault(refund.payment, []).append(_back(refund))
    payments = Payment.objects.filter(order=row).order_by("started_at", "ref")
    return tuple(_seen(payment, tuple(back.get(payment.ref, ()))) for payment in payments)


def refunds_of(*, order: str, as_seen_by: Actor) -> tuple[BackSeen, ...]:
    """Everything that goes back for an order, in cash or through the channel."""
    row = order_for(order, as_seen_by)
    rows = PaymentRefund.objects.filter(about=row.ref).order_by("wanted_at", "ref")
    return tuple(_back(refund) for refund in rows)


def _seen(row: Payment, back: tuple[BackSeen, ...]) -> PaymentSeen:
    return PaymentSeen(
        row.ref,
        row.amount_fen,
        row.paid_fen,
        row.state.value,
        row.pay_url,
        row.pay_by,
        row.paid_at,
        row.applied,
        back,
    )


def _back(row: PaymentRefund) -> BackSeen:
    return BackSeen(
        row.ref,
        row.kind.value,
        row.way.value,
        row.amount_fen,
        row.state.value,
        row.wanted_at,
        row.ended_at,
        row.failure,
    )
