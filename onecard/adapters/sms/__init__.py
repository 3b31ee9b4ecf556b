"""短信: sends a text to a phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class SmsRejected:
    """The operator's own no: the number does not exist, or refuses texts."""

    reason: str


class Sms(Protocol):
    """Raises `PartnerDown` or `PartnerUnsure` when there is no answer."""

    def send(self, *, message_id: str, phone: str, text: str) -> SmsRejected | None:
        """Send one text. Idempotent by message id."""
        ...
