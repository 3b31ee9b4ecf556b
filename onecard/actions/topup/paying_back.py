"""充值退款: money goes back the way it came, never while the card may still be credited (22.4)."""

from __future__ import annotations

from datetime import datetime, timedelta

from onecard.actions import hold
from onecard.actions._keeping import act, note, walk
from onecard.actions._purses import GROUND, figures_on, hold_purse
from onecard.actions.topup._orders import (
    OrderReceipt,
    attempts_of,
    known_order,
    pay_back_if_wanted,
    receipt,
    step,
)
from onecard.domain.authority import Actor
from onecard.domain.refusal import Fix, FixKind, Notice, Refusal, Refused
from onecard.domain.topup import (
    OrderEvent,
    OrderState,
    may_ask_payment_refund,
    must_be_refundable,
)
from onecard.records.models import PurseAccount, TopUpOrder
from onecard.seams.clock import local_day

MOST_AT_ONCE = 200
_NEEDS_CARD = "topup.in_doubt_needs_card"


@walk("topup.ask_payment_refund")
def ask_refund(*, order: str, reason: str, actor: Actor, at: datetime) -> OrderReceipt:
    """Have a paid order's money go back; what is in doubt goes back after the next strong proof.

    Raises `Refused`: `topup.not_paid`, `topup.already_loaded`, and `topup.in_doubt_needs_card`
    after the wish was written down.
    """
    return _or_refused(want_refund(order=order, reason=reason, actor=actor, at=at))


@walk("topup.cancel_order")
def cancel(*, order: str, actor: Actor, at: datetime) -> OrderReceipt:
    """Give an order up: unpaid it is void, paid its money goes back. Raises as `ask_refund`."""
    return _or_refused(give_up(order=order, actor=actor, at=at))


@act("topup.ask_refund")
def want_refund(*, order: str, reason: str, actor: Actor, at: datetime) -> OrderReceipt:
    """What of it happens here; a wish that must wait for the card is kept, and named `refused`."""
    purse, row = _held(order, actor)
    return _want(purse, row, reason, by=actor, at=at)


@act("topup.cancel")
def give_up(*, order: str, actor: Actor, at: datetime) -> OrderReceipt:
    """As `cancel`, and as an act."""
    purse, row = _held(order, actor)
    if row.state in {OrderState.OPENED, OrderState.VOID}:
        step(purse, row, OrderEvent.CANCEL, by=actor, at=at)
        return receipt(row)
    return _want(purse, row, "cancelled", by=actor, at=at)


@act("topup.refund_due")
def refund_late(*, order: str, actor: Actor, at: datetime) -> OrderReceipt:
    """A proven-unwritten order that nobody fetched for so many days is paid back."""
    purse, row = _held(order, actor)
    may = must_be_refundable(attempts=attempts_of(row)) is None
    if row.state is OrderState.PAID and may and _is_late(row, at):
        row.refund_reason = "unfetched"
        step(purse, row, OrderEvent.AUTO_REFUND_DUE, by=actor, at=at)
    return receipt(row)


@walk("topup.refund_late")
def refund_due(*, actor: Actor, at: datetime) -> int:
    """Pay back what nobody fetched; returns how many orders were looked at."""
    days = figures_on(local_day(at)).auto_refund_days
    late = TopUpOrder.objects.filter(
        state=OrderState.PAID, state_since__lte=at - timedelta(days=days)
    )
    refs = list(late.order_by("state_since").values_list("ref", flat=True)[:MOST_AT_ONCE])
    for ref in refs:
        refund_late(order=ref, actor=actor, at=at)
    return len(refs)


@act("topup.confirm_refund")
def confirm_refund(*, order: str, payment: str, actor: Actor, at: datetime) -> OrderReceipt:
    """The provider confirms that the money of this payment went back. Repeated freely."""
    purse, row = _held(order, actor)
    if row.payment == payment and row.state is OrderState.REFUNDING:
        step(purse, row, OrderEvent.REFUND_DONE, by=actor, at=at)
    return receipt(row)


def _want(
    purse: PurseAccount, row: TopUpOrder, reason: str, *, by: Actor, at: datetime
) -> OrderReceipt:
    answer = may_ask_payment_refund(state=row.state, attempts=attempts_of(row))
    if isinstance(answer, Notice):
        return receipt(row, notice=answer.code)
    if isinstance(answer, Refusal) and answer.code != _NEEDS_CARD:
        raise Refused(answer)
    row.refund_wanted, row.refund_reason = True, reason.strip()[:40]
    row.save(update_fields=["refund_wanted", "refund_reason"])
    note(about=row.ref, by=by, at=at, ground=GROUND, refund_wanted=True, state=row.state.value)
    if answer is None:
        pay_back_if_wanted(purse, row, by=by, at=at)
    return receipt(row, refused=answer.code if isinstance(answer, Refusal) else "")


def _or_refused(done: OrderReceipt) -> OrderReceipt:
    """The wish is kept; whoever asked is told that the card has to be held first."""
    if done.refused:
        raise Refused(Refusal(done.refused, fix=Fix(FixKind.BRING, {"what": "card"})))
    return done


def _held(order: str, actor: Actor) -> tuple[PurseAccount, TopUpOrder]:
    row = known_order(order, actor)
    purse = hold_purse(row.purse_id)
    return purse, hold.one(TopUpOrder, ref=order)


def _is_late(row: TopUpOrder, at: datetime) -> bool:
    days = figures_on(local_day(at)).auto_refund_days
    return bool(at >= row.state_since + timedelta(days=days))
