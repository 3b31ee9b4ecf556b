"""支付渠道: prepares payments, tells us when they are paid, pays back, and settles day by day.

What the channel tells by itself is signed; what it is asked is answered over our own line.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from onecard.domain.payment import NoticeKind


class FoundState(Enum):
    """How a payment or a refund stands with the channel."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Bill:
    """What somebody is to pay: `payment` is our reference and the message id."""

    payment: str
    order: str
    amount_fen: int
    subject: str
    pay_by: datetime


@dataclass(frozen=True)
class Prepared:
    """A payment that waits for its payer, who is sent to `pay_url`."""

    provider_no: str
    pay_url: str


@dataclass(frozen=True)
class PaymentFound:
    """A payment as the channel has it. `paid_at` is empty until then."""

    payment: str
    order: str
    state: FoundState
    provider_no: str
    amount_fen: int
    currency: str
    paid_at: datetime | None


@dataclass(frozen=True)
class Repay:
    """Send money back: `refund` is our reference and the message id."""

    refund: str
    payment: str
    amount_fen: int
    paid_fen: int


@dataclass(frozen=True)
class RefundFound:
    """A refund as the channel has it; `reason` says why it failed."""

    refund: str
    state: FoundState
    provider_no: str
    amount_fen: int
    reason: str


@dataclass(frozen=True)
class SettlementLine:
    """One movement of a day, by our own reference."""

    ref: str
    refund: bool
    provider_no: str
    amount_fen: int
    at: datetime


@dataclass(frozen=True)
class Settlement:
    """A day's file: every movement, and the net sum that the channel pays us (or is owed)."""

    day: date
    lines: tuple[SettlementLine, ...]
    net_fen: int
    digest: str


@dataclass(frozen=True)
class Shown:
    """What stood in the headers of a notice."""

    message: str
    timestamp: str
    signatures: str


@dataclass(frozen=True)
class Notice:
    """What the channel tells: about a payment, or about a refund of it (`refund` is not empty)."""

    message: str
    kind: NoticeKind
    payment: str
    refund: str
    order: str
    provider_no: str
    amount_fen: int
    currency: str
    happened_at: datetime
    reason: str = ""


class NoticeForged(Exception):
    """The signature is not the channel's, or its time is too far away."""


class NoticeUnreadable(Exception):
    """Signed by the channel, and yet not what was agreed."""


class PaymentGateway(Protocol):
    """Raises `PartnerDown` or `PartnerUnsure` when there is no answer."""

    def create(self, bill: Bill) -> Prepared:
        """Prepare a payment. Idempotent by our reference."""
        ...

    def find(self, payment: str) -> PaymentFound | None:
        """How a payment stands; None for one that was never prepared there."""
        ...

    def refund(self, repay: Repay) -> RefundFound:
        """Send money back. Idempotent by our reference: it is sent once."""
        ...

    def find_refund(self, refund: str) -> RefundFound | None:
        """How a refund stands; None for one that was never asked for."""
        ...

    def settlement(self, day: date) -> Settlement | None:
        """The file of a day; None while there is none."""
        ...

    def read_notice(self, *, shown: Shown, body: bytes, at: datetime) -> Notice:
        """What a notice says, its signature proven first. Raises `NoticeForged`, `…Unreadable`."""
        ...
