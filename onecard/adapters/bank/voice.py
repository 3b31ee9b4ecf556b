"""How a simulated bank tells us its news over a wire: as any bank does, by our partner API.

Every request is signed (five lines, HMAC-SHA256); a card is found by the pair of its number and its
holder's, never by a number in an address. Whatever is not taken stays in the newsroom.
"""

from __future__ import annotations

import json
import time
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

from onecard.adapters import chance
from onecard.adapters.bank.newsroom import Newsroom, Tidings
from onecard.domain import signature
from onecard.domain.signature import HEADERS, Profile
from onecard.seams.transport import Answered, Request
from onecard.seams.world import world

_OK = (200, 201)
_SECONDS, _PAUSE_SECONDS = 10.0, 1.0


@dataclass(frozen=True)
class Credentials:
    """Who the bank is to us: the serial of its key and the key itself."""

    serial: str
    key: bytes


def credentials_in(home: Path, bank: str) -> Credentials | None:
    """A simulated bank's key to our partner API: the file `bank-<key>.voice`, `serial:base64`."""
    file = home / f"bank-{bank}.voice"
    if not file.exists():
        return None
    serial, _, key = file.read_text(encoding="ascii").strip().partition(":")
    return Credentials(serial, b64decode(key))


class Voice:
    """Tells one bank's news to the platform at `root`, e.g. `http://127.0.0.1:8000`."""

    def __init__(
        self, root: str, credentials: Credentials, *, now: Callable[[], datetime], seed: int
    ) -> None:
        self._root, self._credentials = root.rstrip("/"), credentials
        self._now, self._seed, self._asked = now, seed, 0

    def tell(self, told: Tidings) -> bool:
        """Whether the news was taken: answered with any of the results, however late it came."""
        pair = {"card_number": told.card_number, "identity_number": told.identity_number}
        found = self._post("/v1/cards/search", pair)
        if not found or not found["data"]:
            return False
        news = {
            "event": told.event.value,
            "sequence": told.sequence,
            "happened_at": told.happened_at.isoformat(),
            "biz_serial_no": told.serial,
            "names": told.names,
        }
        card = found["data"][0]["id"]
        return self._post(f"/v1/cards/{card}/functions/fin/news", news) is not None

    def keep_telling(self, newsroom: Newsroom, stopped: Event) -> None:
        """Tell what there is, look again, until stopped."""
        while not stopped.is_set():
            newsroom.tell(self.tell)
            stopped.wait(_PAUSE_SECONDS)

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """The answer to a signed request, or None where it was not given."""
        raw = json.dumps(body).encode()
        request = Request("POST", f"{self._root}{path}", self._headers(path, raw), raw)
        outcome = world().transport.send(request, timeout_seconds=_SECONDS)
        if not isinstance(outcome, Answered) or outcome.status not in _OK:
            return None
        answer: dict[str, Any] = json.loads(outcome.body)
        return answer

    def _headers(self, path: str, raw: bytes) -> dict[str, str]:
        self._asked += 1
        timestamp = str(int(self._now().timestamp()))
        count = f"{self._asked} {time.monotonic_ns()}"
        nonce = chance.hexadecimal(32, self._seed, self._credentials.serial, count)
        message = signature.request_string(
            method="POST", url=path, timestamp=timestamp, nonce=nonce, body=raw
        )
        shown = {
            "serial": self._credentials.serial,
            "timestamp": timestamp,
            "nonce": nonce,
            "profile": Profile.HMAC.value,
            "signature": signature.hmac_signature(message, key=self._credentials.key),
        }
        own = {HEADERS[name]: value for name, value in shown.items()}
        return {"Content-Type": "application/json", **own}
