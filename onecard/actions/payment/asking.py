"""查询未到通知: a silent payment is asked about, each time later, until nobody will pay it."""

from __future__ import annotations

from datetime import datetime

from onecard.actions import hold
from onecard.actions._keeping import act, note, walk
from onecard.actions.payment.confirming import Heard, PaidReceipt, confirm
from onecard.actions.payment.starting import GROUND, figures_on
from onecard.adapters.outcomes import PartnerSilent
from onecard.adapters.partners import partners
from onecard.adapters.payment import FoundState, PaymentFound
from onecard.domain.authority import Actor
from onecard.domain.payment import PaymentState, is_over, next_ask
from onecard.records.models import Payment

MOST_AT_ONCE = 100


@walk("payment.ask_due")
def ask_due(*, actor: Actor, at: datetime) -> int:
    """Ask about every silent payment that is due; returns how many turned out to be paid.

    A channel that gives no answer is asked later; the others of this round wait with it.
    """
    due = Payment.objects.filter(ask_at__lte=at).order_by("ask_at")
    refs = list(due.values_list("ref", flat=True)[:MOST_AT_ONCE])
    found = 0
    for ref in refs:
        try:
            found += ask(payment=ref, actor=actor, at=at).result in {"credited", "pays_back"}
        except PartnerSilent:
            put_off(payment=ref, closes=False, actor=actor, at=at)
            break
    return found


@walk("payment.ask")
def ask(*, payment: str, actor: Actor, at: datetime) -> PaidReceipt:
    """Ask the channel how a payment stands. Raises `PartnerSilent` where it gives no answer."""
    found = partners().payment.find(payment)
    if found is not None and found.state is FoundState.DONE:
        return confirm(heard=_heard(found, at), actor=actor, at=at)
    return put_off(payment=payment, closes=True, actor=actor, at=at)


@act("payment.put_off")
def put_off(*, payment: str, closes: bool, actor: Actor, at: datetime) -> PaidReceipt:
    """Nothing is paid yet: ask later, or give up what nobody will pay any more (`closes`)."""
    row, figures = hold.one(Payment, ref=payment), figures_on(at)
    if row.state is not PaymentState.STARTED:
        return PaidReceipt(row.ref, row.applied or row.state.value)
    if closes and is_over(pay_by=row.pay_by, figures=figures, at=at):
        row.state, row.closed_at, row.ask_at = PaymentState.CLOSED, at, None
        note(about=row.order_id, by=actor, at=at, ground=GROUND, payment=row.ref, closed=True)
    else:
        row.ask_at = next_ask(asked=row.asked, figures=figures, at=at)
        row.asked += 1
    row.save(update_fields=["state", "closed_at", "ask_at", "asked"])
    return PaidReceipt(row.ref, row.state.value)


def _heard(found: PaymentFound, at: datetime) -> Heard:
    return Heard(
        found.payment,
        found.order,
        found.provider_no,
        found.amount_fen,
        found.currency,
        found.paid_at or at,
        "asked",
    )
