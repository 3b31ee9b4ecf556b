"""The payment channel over HTTPS."""

from __future__ import annotations

from datetime import date, datetime

from onecard.adapters.caller import Caller, Line
from onecard.adapters.payment import (
    Bill,
    Notice,
    PaymentFound,
    Prepared,
    RefundFound,
    Repay,
    Settlement,
    Shown,
    notices,
)
from onecard.adapters.payment import messages as say


class HttpPaymentGateway:
    """Answers as `PaymentGateway` says."""

    def __init__(self, line: Line, for_files: Line, keys: notices.Keys) -> None:
        self._caller, self._files = Caller(line, say.CODEC), Caller(for_files, say.CODEC)
        self._keys = keys

    def create(self, bill: Bill) -> Prepared:
        """Prepare a payment. Idempotent by our reference."""
        return self._caller.call(say.CREATE, bill)

    def find(self, payment: str) -> PaymentFound | None:
        """How a payment stands."""
        return self._caller.call(say.FIND, say.Asked(payment)).payment

    def refund(self, repay: Repay) -> RefundFound:
        """Send money back. Idempotent by our reference."""
        return self._caller.call(say.REFUND, repay)

    def find_refund(self, refund: str) -> RefundFound | None:
        """How a refund stands."""
        return self._caller.call(say.FIND_REFUND, say.Asked(refund)).refund

    def settlement(self, day: date) -> Settlement | None:
        """The file of a day."""
        return self._files.call(say.SETTLEMENT, say.OfDay(day)).settlement

    def read_notice(self, *, shown: Shown, body: bytes, at: datetime) -> Notice:
        """What a notice says, its signature proven first."""
        return notices.opened(shown, body, keys=self._keys, at=at)
