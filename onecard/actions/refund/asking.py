"""退值的申请: at a direct outlet, card in hand; a card that cannot be read waits (22.5)."""

from __future__ import annotations

from datetime import datetime

from onecard import policy
from onecard.actions._keeping import act, note, policy_version
from onecard.actions._purses import has_open_topup, hold_purse, move_transit, unfinished_orders
from onecard.actions.refund._refunds import GROUND, RefundReceipt, enter, held, receipt
from onecard.domain.authority import Actor
from onecard.domain.contacts import Contacts
from onecard.domain.hr_function import LOST_STATES
from onecard.domain.refund import (
    REFUND,
    RefundEvent,
    Refunding,
    RefundPolicy,
    RefundReason,
    RefundState,
    Way,
    may_refund,
    outlet_kind_of,
)
from onecard.domain.refusal import Notice, Refused
from onecard.domain.transit_purse import TransitEvent
from onecard.domain.workdays import WorkdayPolicy, add_working_days, calendar_of
from onecard.records.models import PurseAccount, PurseRefund
from onecard.seams.clock import local_day
from onecard.seams.world import world


@act("refund.ask")
def ask(
    *, purse: str, reason: RefundReason, readable: bool = True, actor: Actor, at: datetime
) -> RefundReceipt:
    """Open a refund for the card in the clerk's hand; the one that is open is given again.

    Where nothing is left to refund, a receipt without a refund and with the notice that says so.

    Raises `Refused`: every code of rule book 22.5.
    """
    row, day = hold_purse(purse), local_day(at)
    known = PurseRefund.objects.filter(purse=row).exclude(state=RefundState.WITHDRAWN).first()
    if known is not None and known.state is not RefundState.PAID_OUT:
        return receipt(known, notice="refund.already_requested")
    figures = policy.in_force("refund", RefundPolicy, on=day)
    answer = may_refund(
        asked=_asked(row, reason, readable=readable, by=actor, at=at),
        figures=figures,
        contacts=policy.in_force("contacts", Contacts, on=day),
    )
    if isinstance(answer, Notice):
        return RefundReceipt("", row.ref, "", None, notice=answer.code)
    if answer is not None:
        raise Refused(answer)
    opened = _open(row, reason, figures, by=actor, at=at)
    note(about=opened.ref, by=actor, at=at, ground=GROUND, reason=reason.value)
    return receipt(opened)


@act("refund.register_unreadable")
def register_unreadable(*, refund: str, actor: Actor, at: datetime) -> RefundReceipt:
    """The chip answers no reader: the card is kept, and payment waits for fares on their way.

    Raises `Refused`: `refund.in_doubt_needs_card`, `refund.already_drained`,
    `refund.already_paid_out`.
    """
    purse, row = held(refund)
    after = REFUND.after(row.state, RefundEvent.REGISTER_UNREADABLE)
    if isinstance(after, Notice):
        return receipt(row, notice=after.code)
    day = local_day(at)
    figures = policy.in_force("refund", RefundPolicy, on=day)
    calendar = calendar_of(policy.in_force("workdays", WorkdayPolicy, on=day))
    row.way = Way.UNREADABLE
    row.payable_on = add_working_days(day, figures.unreadable_wait_working_days, calendar)
    enter(row, after, at=at)
    move_transit(
        purse, TransitEvent.REGISTER_UNREADABLE, reason="refund_unreadable", by=actor, at=at
    )
    note(about=row.ref, by=actor, at=at, ground=GROUND, payable_on=row.payable_on.isoformat())
    return receipt(row)


@act("refund.withdraw")
def withdraw(*, refund: str, actor: Actor, at: datetime) -> RefundReceipt:
    """The holder keeps the card as it is. Raises `Refused` once money may have left the chip."""
    _, row = held(refund)
    after = REFUND.after(row.state, RefundEvent.WITHDRAW)
    if isinstance(after, RefundState):
        enter(row, after, at=at)
        note(about=row.ref, by=actor, at=at, ground=GROUND, state=after.value)
    return receipt(row)


def _asked(
    row: PurseAccount, reason: RefundReason, *, readable: bool, by: Actor, at: datetime
) -> Refunding:
    card = row.card
    open_topup = bool(unfinished_orders(row.ref)) or bool(card and has_open_topup(card.ref))
    return Refunding(
        at=outlet_kind_of(by.channel),
        transit=row.state,
        readable=readable,
        lost=card is not None and card.state_at(at) in LOST_STATES,
        open_topup=open_topup,
        reason=reason,
    )


def _open(
    row: PurseAccount,
    reason: RefundReason,
    figures: RefundPolicy,
    *,
    by: Actor,
    at: datetime,
) -> PurseRefund:
    return PurseRefund.objects.create(
        ref=world().ids.new("rfd"),
        purse=row,
        person=row.card.person_id if row.card else "",
        reason=reason,
        way=figures.drain_way,
        state_since=at,
        channel=by.channel,
        outlet=by.outlet,
        asked_by=by.ref,
        asked_at=at,
        policy_version=policy_version(),
    )
