"""One step of a top-up order, with the money, the history and the news that go with it.

The purse is held by the act that calls. What the table does not know leaves the order alone and
is kept as a discrepancy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions import _ledger, hold
from onecard.actions._attempts import Closing, when_resolved
from onecard.actions._keeping import note, tell
from onecard.actions._paying_back import want_refund
from onecard.actions._purses import GROUND, move_transit, note_incident, watch
from onecard.domain import partner
from onecard.domain.authority import Actor, Role
from onecard.domain.refusal import NotFound
from onecard.domain.topup import (
    AttemptKind,
    AttemptState,
    Evidence,
    OrderEvent,
    OrderState,
    after,
    in_yuan,
    must_be_refundable,
)
from onecard.domain.transit_purse import TransitEvent
from onecard.records.models import LoadAttempt, Person, PurseAccount, TopUpOrder

CASH = "cash"
_TEXTED = frozenset(
    {OrderState.LOADED, OrderState.IN_DOUBT, OrderState.REFUNDING, OrderState.REFUNDED}
)


@dataclass(frozen=True)
class OrderReceipt:
    """An order after an act. `refused` is the no that was written down with it; codes only."""

    order: str
    purse: str
    state: str
    amount_fen: int
    pay_by: datetime | None = None
    notice: str = ""
    refused: str = ""


def receipt(order: TopUpOrder, *, notice: str = "", refused: str = "") -> OrderReceipt:
    """As a door gets it."""
    return OrderReceipt(
        order.ref,
        order.purse_id,
        order.state.value,
        order.amount_fen,
        order.pay_by,
        notice,
        refused,
    )


def known_order(order: str, actor: Actor) -> TopUpOrder:
    """An order of one's own, or any for whoever serves people. Raises `NotFound`."""
    row = TopUpOrder.objects.filter(ref=order).first()
    if row is None or (actor.role is Role.CITIZEN and row.person != actor.ref):
        raise NotFound(TopUpOrder.__name__)
    return row


@when_resolved(AttemptKind.LOAD)
def load_resolved(purse: PurseAccount, attempt: LoadAttempt, closing: Closing) -> None:
    """What an attempt's outcome means for its order."""
    order = hold.one(TopUpOrder, ref=attempt.order_id)
    if closing.again:
        watch(purse, "negative_proof_forged", about=order.ref, at=closing.at)
    event = _event(closing)
    moved = step(purse, order, event, by=closing.by, at=closing.at, evidence=closing.evidence)
    if moved and order.state is OrderState.PAID:
        pay_back_if_wanted(purse, order, by=closing.by, at=closing.at)


def _event(closing: Closing) -> OrderEvent:
    if closing.evidence is None:
        return OrderEvent.SILENCE
    if closing.evidence is Evidence.U:
        return OrderEvent.COUNTER_MOVED
    decided = closing.evidence is Evidence.C
    if closing.written:
        return OrderEvent.DECIDED_WRITTEN if decided else OrderEvent.PROVEN_WRITTEN
    return OrderEvent.DECIDED_NOT_WRITTEN if decided else OrderEvent.PROVEN_NOT_WRITTEN


def pay_back_if_wanted(purse: PurseAccount, order: TopUpOrder, *, by: Actor, at: datetime) -> bool:
    """The money goes back at once if somebody asked for it and every proof is strong enough."""
    if not order.refund_wanted or must_be_refundable(attempts=attempts_of(order)) is not None:
        return False
    return step(purse, order, OrderEvent.ASK_PAYMENT_REFUND, by=by, at=at)


def attempts_of(order: TopUpOrder) -> tuple[tuple[AttemptState, Evidence | None], ...]:
    """How every attempt of an order stands, as the rule takes it."""
    return tuple((row.state, row.evidence) for row in order.attempts.all())


def step(
    purse: PurseAccount,
    order: TopUpOrder,
    event: OrderEvent,
    *,
    by: Actor,
    at: datetime,
    evidence: Evidence | None = None,
) -> bool:
    """Move an order by one event; False where the table has no such step."""
    now = after(order.state, event)
    if now is None:
        _cannot_be(purse, order, event, at=at)
        return False
    was, order.state = order.state, now
    order.evidence = evidence or order.evidence
    if now is not was:
        order.state_since = at
        _entered(purse, order, was, by=by, at=at)
    order.save()
    facts = {"event": event.value, "state": now.value}
    if evidence is not None:
        facts["evidence"] = evidence.value
    note(about=order.ref, by=by, at=at, ground=GROUND, **facts)
    return True


def _entered(
    purse: PurseAccount, order: TopUpOrder, was: OrderState, *, by: Actor, at: datetime
) -> None:
    """Money and news of a new state, in the same transaction."""
    state = order.state
    if state is OrderState.LOADED:
        order.loaded_at = order.ended_at = at
        _ledger.post(
            "topup.loaded",
            debit="awaiting_load",
            credit="on_cards",
            amount_fen=order.amount_fen,
            about=order.ref,
            card=purse.ref,
            at=at,
        )
        move_transit(purse, TransitEvent.LOAD, reason="topup", by=by, at=at)
    elif state is OrderState.REFUNDING:
        _send_back(purse, order, at=at)
    elif state is OrderState.IN_DOUBT:
        order.doubt_since = order.doubt_since or at
        order.owner = order.owner or order.outlet or Role.PLATFORM_OPERATOR.value
    elif state is OrderState.PAID and was is not OrderState.OPENED:
        order.doubt_since, order.proposed, order.proposed_by = None, "", ""
    elif state in {OrderState.VOID, OrderState.REFUNDED}:
        order.ended_at = at
    if state not in {OrderState.WRITING, OrderState.OPENED}:
        _tell(purse, order, at=at)


def _send_back(purse: PurseAccount, order: TopUpOrder, *, at: datetime) -> None:
    """Its money is owed, and a walk of its own sends it the way it came."""
    _ledger.post(
        "topup.refunding",
        debit="awaiting_load",
        credit="refunds_payable",
        amount_fen=order.amount_fen,
        about=order.ref,
        card=purse.ref,
        at=at,
    )
    want_refund(
        payment=order.payment,
        amount_fen=order.amount_fen,
        kind="topup",
        about=order.ref,
        at=at,
    )


def _tell(purse: PurseAccount, order: TopUpOrder, *, at: datetime) -> None:
    """Say where the order stands; its holder gets a text when money arrived, hangs or goes back."""
    told = order.state in _TEXTED and Person.objects.filter(ref=order.person).exists()
    tell(
        f"topup.{order.state.value}",
        about=order.ref,
        at=at,
        parties=(partner.SMS,) if told else (),
        purse=purse.ref,
        payment=order.payment,
        amount=in_yuan(order.amount_fen),
    )


def _cannot_be(purse: PurseAccount, order: TopUpOrder, event: OrderEvent, *, at: datetime) -> None:
    """A card that was paid back and is credited all the same: a loss is booked, people look."""
    note_incident(purse, f"topup_{event.value}_when_{order.state.value}", about=order.ref, at=at)
    gone = order.state in {OrderState.REFUNDING, OrderState.REFUNDED}
    if event is OrderEvent.PROVEN_WRITTEN and gone:
        _ledger.post(
            "topup.loss",
            debit="suspense",
            credit="on_cards",
            amount_fen=order.amount_fen,
            about=order.ref,
            card=purse.ref,
            at=at,
        )
