"""收到款: money that arrived is written down, then goes to its order, or back (fault point 1).

Two short acts: between them a crash loses nothing, for `apply_due` finds what was not applied.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions import _ledger, hold, topup
from onecard.actions._keeping import act, note, tell, walk
from onecard.actions._paying_back import want_refund
from onecard.actions.payment._incidents import incident
from onecard.actions.payment.starting import GROUND
from onecard.domain.authority import Actor
from onecard.domain.payment import (
    PAYMENT,
    PaymentEvent,
    PaymentState,
    RefundKind,
    must_be_notice_of,
)
from onecard.records.models import Payment, TopUpOrder

MOST_AT_ONCE = 200
CREDITED, PAYS_BACK = "credited", "pays_back"
MISMATCH, REUSED = "notice_mismatch", "provider_no_reused"


@dataclass(frozen=True)
class Heard:
    """What the channel said about a payment, proven before; `how` it came: notice, asked, file."""

    payment: str
    order: str
    provider_no: str
    amount_fen: int
    currency: str
    paid_at: datetime
    how: str


@dataclass(frozen=True)
class PaidReceipt:
    """What became of money that arrived: `credited`, `pays_back`, or why it was not believed."""

    payment: str
    result: str


@walk("payment.confirm")
def confirm(*, heard: Heard, actor: Actor, at: datetime) -> PaidReceipt:
    """Take what the channel said about a payment; in any order, as often as it likes."""
    taken = mark_paid(heard=heard, actor=actor, at=at)
    if taken.result in {MISMATCH, REUSED, "unknown_payment", CREDITED, PAYS_BACK}:
        return taken
    return _apply(heard.payment, actor=actor, at=at)


@walk("payment.apply_due")
def apply_due(*, actor: Actor, at: datetime) -> int:
    """Bring money to its order that a crash left on the way; returns how many payments."""
    waiting = Payment.objects.filter(state=PaymentState.PAID, applied="").order_by("paid_at")
    refs = list(waiting.values_list("ref", flat=True)[:MOST_AT_ONCE])
    for ref in refs:
        _apply(ref, actor=actor, at=at)
    return len(refs)


@act("payment.mark_paid")
def mark_paid(*, heard: Heard, actor: Actor, at: datetime) -> PaidReceipt:
    """The money is with the channel. What does not fit our payment is an incident, and no money."""
    row = hold.maybe(Payment, ref=heard.payment)
    if row is None:
        return _disbelieve("unknown_payment", heard, by=actor, at=at)
    if row.state is PaymentState.PAID:
        return PaidReceipt(row.ref, row.applied or PaymentState.PAID.value)
    mismatch = must_be_notice_of(
        order=heard.order,
        known_order=row.order_id,
        currency=heard.currency,
        amount_fen=heard.amount_fen,
    )
    if mismatch is not None:
        return _disbelieve(MISMATCH, heard, by=actor, at=at)
    others = Payment.objects.filter(channel=row.channel, provider_no=heard.provider_no)
    if others.exclude(ref=row.ref).exists():
        return _disbelieve(REUSED, heard, by=actor, at=at)
    _write_paid(row, heard, by=actor, at=at)
    return PaidReceipt(row.ref, PaymentState.PAID.value)


@act("payment.mark_applied")
def mark_applied(*, payment: str, pays_back: bool, actor: Actor, at: datetime) -> PaidReceipt:
    """What became of the money. What paid for nothing is owed, and goes back once."""
    known = Payment.objects.filter(ref=payment).values_list("order", flat=True)[0]
    order = hold.one(TopUpOrder, ref=known)
    row = hold.one(Payment, ref=payment)
    if row.applied:
        return PaidReceipt(row.ref, row.applied)
    row.applied = PAYS_BACK if pays_back else CREDITED
    row.save(update_fields=["applied"])
    if pays_back:
        _owe(row, order, by=actor, at=at)
    return PaidReceipt(row.ref, row.applied)


def _apply(payment: str, *, actor: Actor, at: datetime) -> PaidReceipt:
    row = Payment.objects.get(ref=payment)
    paid = topup.pay(
        order=row.order_id,
        payment=row.ref,
        amount_fen=row.paid_fen,
        paid_by=row.channel,
        actor=actor,
        at=at,
    )
    return mark_applied(payment=row.ref, pays_back=paid.pays_back, actor=actor, at=at)


def _write_paid(row: Payment, heard: Heard, *, by: Actor, at: datetime) -> None:
    now = PAYMENT.after(row.state, PaymentEvent.CONFIRM)
    row.state = now if isinstance(now, PaymentState) else row.state
    row.paid_fen, row.paid_at = heard.amount_fen, heard.paid_at
    row.provider_no, row.heard, row.ask_at = heard.provider_no[:64], heard.how, None
    row.save()
    note(about=row.order_id, by=by, at=at, ground=GROUND, payment=row.ref, heard=heard.how)
    if heard.amount_fen != row.amount_fen:
        incident("amount_differs", about=row.ref, at=at, said_fen=heard.amount_fen)


def _owe(row: Payment, order: TopUpOrder, *, by: Actor, at: datetime) -> None:
    _ledger.post(
        "payment.surplus",
        debit="payment_clearing",
        credit="refunds_payable",
        amount_fen=row.paid_fen,
        about=row.ref,
        card=order.purse_id,
        at=at,
    )
    want_refund(
        payment=row.ref,
        amount_fen=row.paid_fen,
        kind=RefundKind.SURPLUS.value,
        about=order.ref,
        at=at,
    )
    note(about=order.ref, by=by, at=at, ground=GROUND, payment=row.ref, pays_back=True)
    tell("payment.surplus", about=order.ref, at=at, parties=(), payment=row.ref)


def _disbelieve(why: str, heard: Heard, *, by: Actor, at: datetime) -> PaidReceipt:
    incident(why, about=heard.payment, at=at, said_fen=heard.amount_fen, how=heard.how)
    note(about=heard.payment[:40], by=by, at=at, ground=GROUND, alarm=why)
    return PaidReceipt(heard.payment, why)
