"""退款: that money goes back is decided inside an act, and sent by a walk of its own afterwards.

Once for each (payment, reason), never more than was paid, the way it came (guarantees M6).
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from onecard.domain.payment import (
    RefundKind,
    RefundState,
    RefundWay,
    is_paid_in_cash,
    may_pay_back,
)
from onecard.domain.refusal import require
from onecard.records.models import Discrepancy, Payment, PaymentRefund, TopUpOrder
from onecard.seams.world import world


def want_refund(*, payment: str, amount_fen: int, kind: str, about: str, at: datetime) -> None:
    """Have the money of a payment go back, once for each reason; calls nobody.

    `about` is the order. Raises `Refused`: `payment.more_than_paid`.
    """
    cash = is_paid_in_cash(payment)
    known = cash or Payment.objects.filter(ref=payment).exists()
    if not known:
        _unknown(payment, about, at=at)
        return
    card = TopUpOrder.objects.filter(ref=about).values_list("purse", flat=True).first()
    row = PaymentRefund(
        ref=world().ids.new("prf"),
        payment=payment,
        kind=RefundKind(kind),
        way=RefundWay.CASH if cash else RefundWay.GATEWAY,
        about=about,
        card=card or "",
        amount_fen=amount_fen,
        wanted_at=at,
        try_at=None if cash else at,
    )
    PaymentRefund.objects.bulk_create([row], ignore_conflicts=True)
    new = PaymentRefund.objects.filter(ref=row.ref).exists()
    if new and not cash:
        _reserve(payment, amount_fen)


def open_refunds() -> tuple[RefundState, ...]:
    """The states of refunds whose money is still here."""
    return (RefundState.WANTED, RefundState.SENT, RefundState.FAILED)


def _reserve(payment: str, amount_fen: int) -> None:
    """One conditional update: what goes back stays within what came in."""
    row = Payment.objects.filter(ref=payment, paid_back_fen__lte=F("paid_fen") - amount_fen)
    if not row.update(paid_back_fen=F("paid_back_fen") + amount_fen):
        known = Payment.objects.get(ref=payment)
        require(
            may_pay_back(
                amount_fen=amount_fen,
                paid_fen=known.paid_fen,
                paid_back_fen=known.paid_back_fen,
            )
        )


def _unknown(payment: str, about: str, *, at: datetime) -> None:
    """An order paid by something we have no record of: people look, nothing is sent."""
    Discrepancy.objects.create(
        ref=world().ids.new("dis"),
        kind="payment.unknown_payment",
        about=about,
        partner="payment",
        detail={"payment": payment},
        found_at=at,
    )
