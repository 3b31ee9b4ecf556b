"""How a notice of the channel is signed and read: Standard Webhooks 1.0.0, over the raw bytes.

The signature is verified before anything is parsed, in constant time, under any of the keys in
force; a notice counts for minutes, on both sides of our clock.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from onecard.adapters.payment import Notice, NoticeForged, NoticeUnreadable, Shown
from onecard.adapters.payment.messages import CODEC
from onecard.adapters.wire import Malformed, read, write
from onecard.domain import signature, webhook

MESSAGE = re.compile(r"[A-Za-z0-9_-]{1,80}")
WINDOW_SECONDS = 300
"""Standard Webhooks and every channel we know: five minutes."""
Keys = Mapping[str, bytes]


@dataclass(frozen=True)
class Sent:
    """A notice on its way: its headers and its bytes."""

    shown: Shown
    body: bytes

    def headers(self) -> dict[str, str]:
        """As they travel."""
        return {
            "Content-Type": "application/json",
            webhook.ID: self.shown.message,
            webhook.TIMESTAMP: self.shown.timestamp,
            webhook.SIGNATURE: self.shown.signatures,
        }


def signed(notice: Notice, *, key: bytes, at: datetime) -> Sent:
    """A notice as the channel sends it."""
    body, timestamp = write(CODEC, notice), str(int(at.timestamp()))
    string = webhook.signed_string(message=notice.message, timestamp=timestamp, body=body)
    return Sent(Shown(notice.message, timestamp, webhook.v1(string, key=key)), body)


def opened(shown: Shown, body: bytes, *, keys: Keys, at: datetime) -> Notice:
    """What a notice says. Raises `NoticeForged`, `NoticeUnreadable`."""
    late = signature.must_be_timely(timestamp=shown.timestamp, at=at, window_seconds=WINDOW_SECONDS)
    if late is not None or not MESSAGE.fullmatch(shown.message):
        raise NoticeForged("time or id")
    string = webhook.signed_string(message=shown.message, timestamp=shown.timestamp, body=body)
    if not webhook.is_signed(shown.signatures, string, keys=tuple(keys.values())):
        raise NoticeForged("signature")
    try:
        notice = read(CODEC, body, Notice)
    except Malformed as broken:
        raise NoticeUnreadable(f"{broken}") from broken
    if notice.message != shown.message:
        raise NoticeForged("id")
    return notice


def simulated_keys() -> Keys:
    """The key of the channel made of software: known to everybody, refused in production."""
    return {"simulated": hashlib.sha256(b"onecard simulated payment channel").digest()}


def keys_in(home: Path) -> Keys:
    """The channel's keys: lines `serial:hex` of the file `payment.keys`.

    Without that file it is the simulation's own.
    """
    file = home / "payment.keys"
    if not file.exists():
        return simulated_keys()
    rows = [line.split(":", 1) for line in file.read_text(encoding="ascii").split()]
    return {serial: bytes.fromhex(key) for serial, key in rows}
