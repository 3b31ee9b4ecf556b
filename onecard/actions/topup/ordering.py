"""开单与付款: an order is checked before anything is paid, and paid once (rule book 22.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from onecard import policy
from onecard.actions import _cash, _ledger, hold
from onecard.actions._keeping import act, note, policy_version, walk
from onecard.actions._purses import GROUND, figures_on, hold_purse, pending_fen, unfinished_orders
from onecard.actions.topup._orders import CASH, OrderReceipt, known_order, receipt, step
from onecard.domain.authority import Actor, Role
from onecard.domain.channels import ChannelPolicy, Matter, may_use_channel
from onecard.domain.refusal import Notice, require
from onecard.domain.topup import TOPUP, Opening, OrderEvent, OrderState, may_open
from onecard.records.models import PurseAccount, TopUpOrder
from onecard.seams.clock import local_day
from onecard.seams.world import world

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class PaidReceipt:
    """What a payment did. `pays_back`: it paid for nothing and goes back the way it came."""

    order: str
    state: str
    notice: str = ""
    pays_back: bool = False


@act("topup.open")
def open_order(
    *,
    purse: str,
    amount_fen: int,
    shown_balance_fen: int | None = None,
    platform: str = "",
    actor: Actor,
    at: datetime,
) -> OrderReceipt:
    """Choose an amount for a card. `shown_balance_fen` is what it just showed; nobody vouches yet.

    Raises `Refused`: `application.channel_not_open`, `topup.*`, `transit_purse.closing`.
    """
    row, day = hold_purse(purse), local_day(at)
    figures = figures_on(day)
    channels = policy.in_force("channels", ChannelPolicy, on=day)
    under_way = unfinished_orders(row.ref)
    shadow = row.shadow_balance_fen or 0
    asked = Opening(
        channel=actor.channel,
        platform=platform,
        is_ours=True,
        transit=row.state,
        valid_to=row.valid_to,
        on=day,
        watched=row.watched_at is not None,
        unfinished=len(under_way),
        amount_fen=amount_fen,
        balance_fen=shadow if shown_balance_fen is None else shown_balance_fen,
        pending_fen=pending_fen(under_way),
    )
    require(
        may_use_channel(act=Matter.TOP_UP, channel=actor.channel, figures=channels),
        may_open(asked=asked, figures=figures),
    )
    order = _open(row, amount_fen, figures.unpaid_void_minutes, by=actor, at=at)
    note(about=order.ref, by=actor, at=at, ground=GROUND, amount_fen=amount_fen)
    return receipt(order)


@act("topup.pay")
def pay(
    *, order: str, payment: str, amount_fen: int, paid_by: str, actor: Actor, at: datetime
) -> PaidReceipt:
    """A verified payment arrived; called once for each, in any order, and repeated freely.

    What pays for nothing (a void order, a second payment, another amount) is to go back.
    """
    row = known_order(order, actor)
    purse = hold_purse(row.purse_id)
    row = hold.one(TopUpOrder, ref=order)
    if row.payment == payment:
        return PaidReceipt(row.ref, row.state.value, "topup.already_paid")
    if amount_fen != row.amount_fen:
        note(about=row.ref, by=actor, at=at, ground=GROUND, payment=payment, amount_fen=amount_fen)
        return PaidReceipt(row.ref, row.state.value, "topup.amount_differs", pays_back=True)
    if row.state is not OrderState.OPENED:
        note(about=row.ref, by=actor, at=at, ground=GROUND, payment=payment, again=True)
        answer = TOPUP.ask(row.state, OrderEvent.PAYMENT_CONFIRMED)
        code = answer.code if isinstance(answer, Notice) else "topup.void_paid_back"
        return PaidReceipt(row.ref, row.state.value, code, pays_back=True)
    _paid(purse, row, payment, paid_by, by=actor, at=at)
    return PaidReceipt(row.ref, row.state.value)


@act("topup.expire")
def expire(*, order: str, actor: Actor, at: datetime) -> OrderReceipt:
    """An order that nobody paid in time is void."""
    row = known_order(order, actor)
    purse = hold_purse(row.purse_id)
    row = hold.one(TopUpOrder, ref=order)
    if row.state is OrderState.OPENED and at >= row.pay_by:
        step(purse, row, OrderEvent.EXPIRE, by=actor, at=at)
    return receipt(row)


@walk("topup.void_due")
def void_due(*, actor: Actor, at: datetime) -> int:
    """Void every order that was not paid in time; returns how many."""
    due = TopUpOrder.objects.filter(state=OrderState.OPENED, pay_by__lte=at).order_by("pay_by")
    refs = list(due.values_list("ref", flat=True)[:MOST_AT_ONCE])
    for ref in refs:
        expire(order=ref, actor=actor, at=at)
    return len(refs)


def _open(
    purse: PurseAccount, amount_fen: int, minutes: int, *, by: Actor, at: datetime
) -> TopUpOrder:
    return TopUpOrder.objects.create(
        ref=world().ids.new("top"),
        purse=purse,
        person=by.ref if by.role is Role.CITIZEN else "",
        amount_fen=amount_fen,
        state_since=at,
        channel=by.channel,
        opened_role=by.role,
        opened_by=by.ref,
        outlet=by.outlet,
        opened_at=at,
        pay_by=at + timedelta(minutes=minutes),
        policy_version=policy_version(),
    )


def _paid(
    purse: PurseAccount,
    order: TopUpOrder,
    payment: str,
    paid_by: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    order.payment, order.paid_by, order.paid_at = payment, paid_by, at
    if paid_by == CASH:
        _cash.take(about=order.ref, amount_fen=order.amount_fen, card=purse.ref, by=by, at=at)
    else:
        _ledger.post(
            "topup.paid",
            debit="payment_clearing",
            credit="awaiting_load",
            amount_fen=order.amount_fen,
            about=order.ref,
            card=purse.ref,
            at=at,
        )
    step(purse, order, OrderEvent.PAYMENT_CONFIRMED, by=by, at=at)
