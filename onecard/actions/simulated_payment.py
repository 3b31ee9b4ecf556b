"""模拟收银台: behind the page on which the simulated payment channel takes its money.

The channel is a system of its own: what it did reaches us as its signed notice, or because it is
asked. Nothing is written down here, so these are not acts. With a real channel: `NotFound`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions import payment as acts
from onecard.adapters.partners import partners
from onecard.adapters.payment.notices import Sent
from onecard.adapters.payment.simulated import SimulatedPaymentGateway
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.refusal import NotFound, Refused
from onecard.records.models import Payment

CHANNEL = Actor(Role.PARTNER, "payment", Channel.PARTNER_API)


@dataclass(frozen=True)
class Bill:
    """What the payer sees at the channel: an amount and the order it is for."""

    payment: str
    order: str
    amount_fen: int
    paid: bool


def bill(payment: str) -> Bill:
    """A payment that was prepared. Raises `NotFound`."""
    found = _gateway().find(payment)
    row = Payment.objects.filter(ref=payment).first()
    if found is None or row is None:
        raise NotFound(Payment.__name__)
    return Bill(payment, row.order_id, row.amount_fen, paid=row.paid_at is not None)


def pay(*, payment: str, tells: bool, at: datetime) -> bool:
    """The payer pays. `tells`: the channel's notice comes at once; else it is lost, and we ask.

    False for what was paid before. Raises `NotFound`.
    """
    gateway = _gateway()
    bill(payment)
    done = gateway.pay(payment)
    if tells:
        gateway.tell(lambda sent: _taken(sent, at))
    return done


def _taken(sent: Sent, at: datetime) -> bool:
    """A notice arrives at the act that judges it; whether it was taken."""
    shown = sent.shown
    try:
        acts.take_notice(
            message=shown.message,
            timestamp=shown.timestamp,
            signatures=shown.signatures,
            body=sent.body,
            actor=CHANNEL,
            at=at,
        )
    except Refused:
        return False
    return True


def _gateway() -> SimulatedPaymentGateway:
    played = partners()
    if not isinstance(played, SimulatedPartners):
        raise NotFound("simulated payment channel")
    return played.simulation.payment
