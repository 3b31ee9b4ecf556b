"""A text message gateway made of software: keeps what it sent, in the words that were sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from onecard.adapters.outcomes import PartnerDown
from onecard.adapters.sms import SmsRejected
from onecard.adapters.store import Store
from onecard.domain.partner import SMS

BUSY_PHONE = "13800000003"
DEAD_PHONE = "13800000002"


@dataclass(frozen=True)
class SentText:
    """A text as it left."""

    message_id: str
    phone: str
    text: str
    at: datetime


class SimulatedSms:
    """Answers as `Sms` says. Two magic phones fail: one for now, one for good (platform D8)."""

    def __init__(self, *, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    def send(self, *, message_id: str, phone: str, text: str) -> SmsRejected | None:
        """Keep the text as sent. Raises `PartnerDown` for the busy phone."""
        if phone == BUSY_PHONE:
            raise PartnerDown(SMS, "the network is busy")
        if phone == DEAD_PHONE:
            return SmsRejected("空号")
        body = {"phone": phone, "text": text, "at": self._now().isoformat()}
        with self._store.turn() as shelf:
            shelf.add("text", message_id, body)
        return None

    def sent(self) -> tuple[SentText, ...]:
        """Every text sent so far, the oldest first."""
        with self._store.turn() as shelf:
            entries = shelf.every("text")
        return tuple(
            SentText(
                entry.key,
                entry.body["phone"],
                entry.body["text"],
                datetime.fromisoformat(entry.body["at"]),
            )
            for entry in entries
        )
