"""付款: an app sends its payer to the channel; the channel tells us, signed over the raw bytes.

Nobody signs in to tell a notice: its signature is the proof, and is looked at before anything is
parsed. A notice that is answered with 200 is not told again.
"""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Status

from onecard.actions import payment as acts
from onecard.api.asked import Ref
from onecard.api.caller import caller_of, done_once
from onecard.api.house import Asked, Told
from onecard.api.partner.door import body_of
from onecard.api.topup import READ, WRITE
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.webhook import ID, SIGNATURE, TIMESTAMP
from onecard.queries import payment as queries
from onecard.seams.world import world

router = Router(tags=["payments"])
CHANNEL = Actor(Role.PARTNER, "payment", Channel.PARTNER_API)
"""The payment channel, as the audit knows it: whoever holds its key."""


class PaymentAsked(Asked):
    """For which order somebody is sent to pay."""

    order: Ref


class PaymentTold(Told):
    """A payment that waits for its payer."""

    payment: str
    order: str
    amount_fen: int
    state: str
    pay_url: str
    pay_by: datetime


class BackTold(Told):
    """Money of a payment that goes back."""

    refund: str
    kind: str
    way: str
    amount_fen: int
    state: str
    ended_at: datetime | None


class PaymentSeenTold(Told):
    """A payment, what it did, and what of it goes back."""

    payment: str
    amount_fen: int
    state: str
    pay_by: datetime
    paid_at: datetime | None
    applied: str
    refunds: list[BackTold]


class NoticeTold(Told):
    """The notice was taken: it is not told again."""

    notice: str
    result: str


@router.post("", response={201: PaymentTold}, operation_id="start_payment")
@done_once
def start_payment(request: HttpRequest, asked: PaymentAsked) -> Status[PaymentTold]:
    """Send somebody to pay for an order; asked again it is the same payment."""
    actor = caller_of(request, WRITE).actor
    done = acts.start(order=asked.order, actor=actor, at=world().clock.now())
    return Status(201, PaymentTold.from_orm(done))


@router.get("/of/{order}", response=list[PaymentSeenTold], operation_id="payments_of_order")
def payments_of_order(request: HttpRequest, order: Ref) -> object:
    """Every payment of an order, and what of them goes back."""
    actor = caller_of(request, READ).actor
    return queries.payments_of(order=order, as_seen_by=actor)


@router.post(
    "/notices",
    response=NoticeTold,
    operation_id="take_payment_notice",
    auth=None,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
            for name in (ID, TIMESTAMP, SIGNATURE)
        ],
    },
)
def take_payment_notice(request: HttpRequest) -> object:
    """The channel tells that something was paid or paid back (Standard Webhooks 1.0.0)."""
    headers = request.headers
    return acts.take_notice(
        message=headers.get(ID, ""),
        timestamp=headers.get(TIMESTAMP, ""),
        signatures=headers.get(SIGNATURE, ""),
        body=body_of(request),
        actor=CHANNEL,
        at=world().clock.now(),
    )
