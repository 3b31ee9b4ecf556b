"""现金充值与现金退款: cash for an order, and back, each once, under a receipt number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions import _cash, hold, topup
from onecard.actions._keeping import act, walk
from onecard.actions.payment.refunding import finish, tell_order
from onecard.actions.topup._orders import CASH, known_order
from onecard.domain.authority import Actor
from onecard.domain.cash import CashKind
from onecard.domain.payment import CASH_MARK, RefundState, RefundWay
from onecard.domain.refusal import NotFound, Refusal, Refused
from onecard.records.models import CashLine, PaymentRefund


@dataclass(frozen=True)
class CashReceipt:
    """Cash that changed hands. `state` is the order's afterwards."""

    receipt_no: str
    order: str
    amount_fen: int
    state: str


@walk("cash.take_topup")
def take_topup(*, order: str, actor: Actor, at: datetime) -> CashReceipt:
    """Take the order's sum in cash; asked again it is the same receipt.

    Raises `Refused`: `cash.no_open_shift`, `cash.order_not_payable` (give the money back).
    """
    row = known_order(order, actor)
    paid = topup.pay(
        order=order,
        payment=f"{CASH_MARK}{order}",
        amount_fen=row.amount_fen,
        paid_by=CASH,
        actor=actor,
        at=at,
    )
    if paid.pays_back:
        raise Refused(Refusal("cash.order_not_payable", {"state": f"@topup.state.{paid.state}"}))
    line = _line(CashKind.TAKEN, order)
    return CashReceipt(line.receipt_no, order, line.amount_fen, paid.state)


@walk("cash.pay_back")
def pay_back(*, order: str, actor: Actor, at: datetime) -> CashReceipt:
    """Give the cash of an order back that was paid in cash and is to be paid back.

    Raises `Refused`: `cash.no_open_shift`, `cash.drawer_too_low`, `cash.nothing_to_pay_back`.
    """
    done = pay_out_refund(order=order, actor=actor, at=at)
    tell_order(_refund_of(order).ref, actor=actor, at=at)
    return done


@act("cash.pay_out_refund")
def pay_out_refund(*, order: str, actor: Actor, at: datetime) -> CashReceipt:
    """What of it happens at the drawer."""
    row = hold.one(PaymentRefund, ref=_refund_of(order).ref)
    number = _cash.pay_out(
        about=row.ref,
        amount_fen=row.amount_fen,
        card=row.card,
        by=actor,
        at=at,
        movement=_cash.PAYMENT_BACK,
    )
    if row.state is not RefundState.DONE:
        finish(row, by=actor, at=at)
    return CashReceipt(number, order, row.amount_fen, row.state.value)


def _refund_of(order: str) -> PaymentRefund:
    row = PaymentRefund.objects.filter(about=order, way=RefundWay.CASH).first()
    if row is None:
        raise Refused(Refusal("cash.nothing_to_pay_back"))
    return row


def _line(kind: CashKind, about: str) -> CashLine:
    row = CashLine.objects.filter(kind=kind, about=about).first()
    if row is None:
        raise NotFound(CashLine.__name__)
    return row
