"""付款退回: what is to go back is sent through the channel, asked about, and confirmed once.

Sending it again is safe, because the channel knows our reference. The ledger and the order move
only when the channel confirms.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from onecard.actions import _ledger, hold, topup
from onecard.actions._keeping import act, note, tell, walk
from onecard.actions.payment._incidents import incident
from onecard.actions.payment.starting import GROUND, figures_on
from onecard.adapters.outcomes import PartnerSilent
from onecard.adapters.partners import partners
from onecard.adapters.payment import FoundState, RefundFound, Repay
from onecard.domain.authority import Actor
from onecard.domain.payment import (
    REFUND,
    PaymentPolicy,
    RefundEvent,
    RefundKind,
    RefundState,
    RefundWay,
    refund_named,
    sent_as,
)
from onecard.domain.refusal import NotFound, Refusal, Refused
from onecard.records.models import Payment, PaymentRefund

MOST_AT_ONCE = 100
STUCK = "refund_stuck"


@dataclass(frozen=True)
class RefundReceipt:
    """A payment refund after an act."""

    refund: str
    state: str


@walk("payment.refund_due")
def refund_due(*, actor: Actor, at: datetime) -> int:
    """Send or ask about every refund that is due, and tell orders of theirs; how many are done."""
    due = PaymentRefund.objects.filter(try_at__lte=at).order_by("try_at")
    refs = list(due.values_list("ref", flat=True)[:MOST_AT_ONCE])
    done = 0
    for ref in refs:
        try:
            done += _bring(ref, actor=actor, at=at).state == RefundState.DONE.value
        except PartnerSilent:
            put_off_refund(refund=ref, failure="silent", actor=actor, at=at)
            break
    untold = PaymentRefund.objects.filter(state=RefundState.DONE, told=False)
    for ref in list(untold.values_list("ref", flat=True)[:MOST_AT_ONCE]):
        tell_order(ref, actor=actor, at=at)
    return done


@act("payment.put_off_refund")
def put_off_refund(*, refund: str, failure: str, actor: Actor, at: datetime) -> RefundReceipt:
    """It was sent and is not done, or nobody answered: look again later."""
    del actor
    row, figures = hold.one(PaymentRefund, ref=refund), figures_on(at)
    now = REFUND.table.get((row.state, RefundEvent.SEND))
    if isinstance(now, RefundState):
        row.state, row.failure = now, failure
        row.try_at = at + timedelta(seconds=figures.refund_ask_every_seconds)
        row.save(update_fields=["state", "failure", "try_at"])
    return RefundReceipt(row.ref, row.state.value)


@act("payment.confirm_refund")
def confirm_refund(
    *, refund: str, payment: str, amount_fen: int, provider_no: str, actor: Actor, at: datetime
) -> RefundReceipt:
    """The channel confirms that the money went back: booked once, however often it is told."""
    row = hold.maybe(PaymentRefund, ref=refund_named(refund)[0])
    if row is None or (row.payment, row.amount_fen) != (payment, amount_fen):
        incident("refund_mismatch", about=refund, at=at, said_fen=amount_fen)
        return RefundReceipt(refund, "refund_mismatch")
    if row.state is not RefundState.DONE:
        row.provider_no = provider_no[:64]
        _ledger.post(
            "payment.refunded",
            debit="refunds_payable",
            credit="payment_clearing",
            amount_fen=row.amount_fen,
            about=row.ref,
            card=row.card,
            at=at,
        )
        finish(row, by=actor, at=at)
    return RefundReceipt(row.ref, row.state.value)


@act("payment.fail_refund")
def fail_refund(*, refund: str, reason: str, actor: Actor, at: datetime) -> RefundReceipt:
    """The channel could not pay back: tried again later, and after some tries people look."""
    ref, number = refund_named(refund)
    row, figures = hold.maybe(PaymentRefund, ref=ref), figures_on(at)
    if row is None:
        incident("refund_mismatch", about=refund, at=at)
        return RefundReceipt(refund, "refund_mismatch")
    if row.state is RefundState.DONE or number != row.tries:
        return RefundReceipt(row.ref, row.state.value)
    row.state, row.failure, row.tries = RefundState.FAILED, reason[:80], row.tries + 1
    row.try_at = _next_try(row, figures, at)
    row.save(update_fields=["state", "failure", "tries", "try_at"])
    note(about=row.about, by=actor, at=at, ground=GROUND, refund=row.ref, failed=row.tries)
    if row.try_at is None:
        incident(STUCK, about=row.ref, at=at, tries=row.tries)
    return RefundReceipt(row.ref, row.state.value)


@act("payment.try_again")
def try_again(*, refund: str, actor: Actor, at: datetime) -> RefundReceipt:
    """Somebody who looks after it has a failed refund sent once more, under a new reference there.

    Raises `Refused`: `payment.refund_not_failed`.
    """
    row = hold.one(PaymentRefund, ref=refund)
    if row.state is not RefundState.FAILED:
        raise Refused(Refusal("payment.refund_not_failed"))
    row.state, row.try_at = RefundState.WANTED, at
    row.save(update_fields=["state", "try_at"])
    note(about=row.about, by=actor, at=at, ground=GROUND, refund=row.ref, again=True)
    return RefundReceipt(row.ref, row.state.value)


@act("payment.mark_told")
def mark_told(*, refund: str, actor: Actor, at: datetime) -> RefundReceipt:
    """The order knows that its money went back."""
    del actor, at
    row = hold.one(PaymentRefund, ref=refund)
    row.told = True
    row.save(update_fields=["told"])
    return RefundReceipt(row.ref, row.state.value)


def tell_order(refund: str, *, actor: Actor, at: datetime) -> None:
    """Let the order know, once it is done; surplus money belonged to no order."""
    ref = refund_named(refund)[0]
    row = PaymentRefund.objects.filter(ref=ref, state=RefundState.DONE, told=False).first()
    if row is None:
        return
    if row.kind is RefundKind.TOPUP:
        topup.confirm_refund(order=row.about, payment=row.payment, actor=actor, at=at)
    mark_told(refund=ref, actor=actor, at=at)


def finish(row: PaymentRefund, *, by: Actor, at: datetime) -> None:
    """The money is gone, and booked by the act that learned it."""
    row.state, row.ended_at, row.try_at, row.failure = RefundState.DONE, at, None, ""
    row.save(update_fields=["state", "ended_at", "try_at", "failure", "provider_no"])
    note(about=row.about, by=by, at=at, ground=GROUND, refund=row.ref, done=True)
    tell("payment.refunded", about=row.about, at=at, parties=(), amount_fen=row.amount_fen)


def _bring(refund: str, *, actor: Actor, at: datetime) -> RefundReceipt:
    """Send one, or ask about one that was sent; the channel's answer decides."""
    row = PaymentRefund.objects.get(ref=refund)
    if row.state is RefundState.DONE or row.way is not RefundWay.GATEWAY:
        raise NotFound(refund)
    found = _answer(row)
    if found.state is FoundState.DONE:
        done = confirm_refund(
            refund=found.refund,
            payment=row.payment,
            amount_fen=found.amount_fen,
            provider_no=found.provider_no,
            actor=actor,
            at=at,
        )
        tell_order(refund, actor=actor, at=at)
        return done
    if found.state is FoundState.FAILED:
        return fail_refund(refund=found.refund, reason=found.reason, actor=actor, at=at)
    return put_off_refund(refund=refund, failure="", actor=actor, at=at)


def _answer(row: PaymentRefund) -> RefundFound:
    """Asking twice sends once: the channel knows the reference, which counts the failed tries."""
    paid_fen = Payment.objects.values_list("paid_fen", flat=True).get(ref=row.payment)
    name = sent_as(refund=row.ref, tries=row.tries)
    return partners().payment.refund(Repay(name, row.payment, row.amount_fen, paid_fen))


def _next_try(row: PaymentRefund, figures: PaymentPolicy, at: datetime) -> datetime | None:
    if row.tries >= figures.refund_tries:
        return None
    return at + timedelta(hours=figures.refund_retry_hours * row.tries)
