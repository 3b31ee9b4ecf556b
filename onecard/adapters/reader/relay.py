"""A phone that is only a wire: carries the steps of a server's relay API to a card (reference 12).

It holds no key and takes no decision. A post that got no answer is posted again, unchanged: the
step's number makes that safe.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from onecard.adapters.reader.carrier import Carrier
from onecard.adapters.reader.steps import RelayStep

TRIES = 3
BETWEEN_SECONDS = 0.5
PATIENCE_SECONDS = 15

Told = Mapping[str, Any]


class ServerSaysNo(Exception):
    """The platform refused; the text is its own."""

    def __init__(self, status: int, told: Told) -> None:
        said = told.get("detail") or told.get("title") or told.get("code") or ""
        super().__init__(f"{status} {said}".strip())
        self.status, self.told = status, dict(told)


class ServerAway(Exception):
    """No answer came. The same may be asked again later, on any phone or at any counter."""


@dataclass
class PlatformApi:
    """The two calls a phone needs."""

    address: str
    token: str = field(repr=False)
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=PATIENCE_SECONDS))

    def post(self, path: str, body: Told | None = None) -> dict[str, Any]:
        """POST below /api/v1/topup, again when no answer came. Raises both errors above."""
        url = f"{self.address.rstrip('/')}/api/v1/topup{path}"
        headers = {"Authorization": f"Bearer {self.token}"}
        for tried in range(TRIES):
            try:
                answer = self.client.post(url, json=body, headers=headers)
            except httpx.TransportError as error:
                silence = error
                time.sleep(BETWEEN_SECONDS * (tried + 1))
                continue
            return _told(answer)
        raise ServerAway(str(silence)) from silence


def _told(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        told = {"title": answer.reason_phrase}
    if answer.is_error:
        raise ServerSaysNo(answer.status_code, told)
    return dict(told)


def hold_card(
    api: PlatformApi,
    carrier: Carrier,
    *,
    order: str = "",
    tell: Callable[[Told], object] = lambda _: None,
) -> dict[str, Any]:
    """Hold the card for an order, or only to look at it; the last answer of the server.

    Raises `ServerSaysNo`, `ServerAway`. A lost card is no error: the server says what follows.
    """
    step = api.post(f"/orders/{order}/taps" if order else "/taps")
    while not step["over"]:
        tell(step)
        brought = carrier.carry(RelayStep.read(step))
        step = api.post(f"/taps/{step['tap']}/answers", {"seq": step["seq"], **brought.as_plain()})
    return step
