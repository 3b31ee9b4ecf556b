"""A desk for tests of payments: a channel made of software, its notices carried by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from onecard.actions import payment
from onecard.adapters.partners import in_partners
from onecard.adapters.payment.notices import Sent
from onecard.adapters.payment.simulated import SimulatedPaymentGateway
from onecard.adapters.simulation import SimulatedPartners, simulated_partners
from onecard.api.payments import CHANNEL
from onecard.domain.authority import THE_CLOCK
from onecard.domain.refusal import Refused
from onecard.records.models import LedgerTransfer, Payment, PaymentRefund
from onecard.seams.world import world
from tests.topping_up import HOLDER, now


@contextmanager
def a_channel() -> Iterator[SimulatedPartners]:
    """Partners made of software in force, in memory."""
    made = simulated_partners(state_folder=None, now=world().clock.now, seed=7)
    with in_partners(made):
        yield made


def gateway(made: SimulatedPartners) -> SimulatedPaymentGateway:
    """The channel from the inside."""
    return made.simulation.payment


def started(order: str) -> str:
    """A payment that waits for its payer."""
    return payment.start(order=order, actor=HOLDER, at=now()).payment


def carried(sent: Sent) -> str:
    """A notice arrives; what it did, or by which code it was turned away."""
    try:
        return tell(sent).result
    except Refused as refused:
        return refused.refusal.code


def tell(sent: Sent) -> payment.NoticeReceipt:
    """A notice arrives."""
    return payment.take_notice(
        message=sent.shown.message,
        timestamp=sent.shown.timestamp,
        signatures=sent.shown.signatures,
        body=sent.body,
        actor=CHANNEL,
        at=now(),
    )


def carry_all(made: SimulatedPartners) -> list[str]:
    """Every notice that waits arrives and is acknowledged; what each did."""
    told = []
    for sent in gateway(made).waiting():
        told.append(carried(sent))
        gateway(made).taken(sent.shown.message)
    return told


def look() -> None:
    """What the timers do about payments."""
    payment.apply_due(actor=THE_CLOCK, at=now())
    payment.ask_due(actor=THE_CLOCK, at=now())
    payment.refund_due(actor=THE_CLOCK, at=now())


def payment_of(ref: str) -> Payment:
    """As it stands in the archive."""
    return Payment.objects.get(ref=ref)


def refunds() -> list[tuple[str, str]]:
    """Every refund: why, and how it stands."""
    rows = PaymentRefund.objects.order_by("wanted_at", "ref")
    return [(row.kind.value, row.state.value) for row in rows]


def ledger_sum() -> int:
    """Credits less debits of every account together: never anything but zero."""
    total: dict[Any, int] = {}
    for out, into, fen in LedgerTransfer.objects.values_list("debit", "credit", "amount_fen"):
        total[out] = total.get(out, 0) - fen
        total[into] = total.get(into, 0) + fen
    return sum(total.values())
