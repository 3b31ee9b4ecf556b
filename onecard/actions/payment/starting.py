"""发起付款: an order that was checked is handed to the channel, where its payer pays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from onecard import policy, words
from onecard.actions import hold
from onecard.actions._keeping import act, note, walk
from onecard.actions.topup._orders import known_order
from onecard.adapters.outcomes import PartnerSilent
from onecard.adapters.partners import partners
from onecard.adapters.payment import Bill, Prepared
from onecard.domain.authority import Actor
from onecard.domain.payment import PaymentPolicy, PaymentState, may_start
from onecard.domain.refusal import Fix, FixKind, Refusal, Refused, require
from onecard.records.models import Payment, TopUpOrder
from onecard.seams.clock import local_day
from onecard.seams.world import world

GROUND = "rule book 22.3; card reference 10.3"


@dataclass(frozen=True)
class PaymentReceipt:
    """A payment that waits for its payer, who goes to `pay_url` before `pay_by`."""

    payment: str
    order: str
    amount_fen: int
    state: str
    pay_url: str
    pay_by: datetime


def figures_on(at: datetime) -> PaymentPolicy:
    """The figures of `payment.toml`."""
    return policy.in_force("payment", PaymentPolicy, on=local_day(at))


@walk("payment.start")
def start(*, order: str, actor: Actor, at: datetime) -> PaymentReceipt:
    """Send somebody to pay for an order; asked again it is the same payment.

    Raises `Refused`: `payment.order_not_payable`, `payment.too_late`, `payment.channel_silent`
    (nothing was taken; ask again), and `NotFound` for somebody else's order.
    """
    begun = begin(order=order, actor=actor, at=at)
    if begun.pay_url:
        return begun
    bill = Bill(begun.payment, order, begun.amount_fen, _subject(), begun.pay_by)
    try:
        prepared = partners().payment.create(bill)
    except PartnerSilent as silence:
        fix = Fix(FixKind.WAIT_UNTIL, {"day": "@payment.channel_answers"})
        raise Refused(Refusal("payment.channel_silent", fix=fix)) from silence
    return keep_prepared(payment=begun.payment, prepared=prepared, actor=actor, at=at)


@act("payment.begin")
def begin(*, order: str, actor: Actor, at: datetime) -> PaymentReceipt:
    """What of it happens here before the channel is asked."""
    known_order(order, actor)
    row = hold.one(TopUpOrder, ref=order)
    require(may_start(order=row.state, pay_by=row.pay_by, at=at))
    payment = hold.maybe(Payment, order=order, state=PaymentState.STARTED)
    if payment is not None:
        return receipt(payment)
    figures = figures_on(at)
    payment = Payment.objects.create(
        ref=world().ids.new("pay"),
        order=row,
        amount_fen=row.amount_fen,
        channel=figures.channel,
        pay_by=row.pay_by,
        started_by=actor.ref,
        started_at=at,
        ask_at=at + timedelta(seconds=figures.ask_after_seconds),
    )
    note(about=order, by=actor, at=at, ground=GROUND, payment=payment.ref)
    return receipt(payment)


@act("payment.keep_prepared")
def keep_prepared(
    *, payment: str, prepared: Prepared, actor: Actor, at: datetime
) -> PaymentReceipt:
    """Where the payer is sent, as the channel said it."""
    del actor, at
    row = hold.one(Payment, ref=payment)
    row.provider_no, row.pay_url = prepared.provider_no[:64], prepared.pay_url[:500]
    row.save(update_fields=["provider_no", "pay_url"])
    return receipt(row)


def receipt(row: Payment) -> PaymentReceipt:
    """As a door gets it."""
    return PaymentReceipt(
        row.ref, row.order_id, row.amount_fen, row.state.value, row.pay_url, row.pay_by
    )


def _subject() -> str:
    """What the payer reads on the channel's page: no name, no number."""
    return words.text("payment.subject")
