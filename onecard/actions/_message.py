"""One message on its way to another party, as the relay hands it to whoever sends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Message:
    """A claimed row of the outbox. `ref` is also the message id by which the receiver dedupes."""

    ref: str
    event: str
    party: str
    subject: str
    payload: Mapping[str, Any]
    attempts: int
    at: datetime


@dataclass(frozen=True)
class Undeliverable:
    """The party's own no, or nothing that could be sent: trying again would not help."""

    reason: str


Sender = Callable[[Message], Undeliverable | None]
"""Sends one message while no row is held. Raises `PartnerSilent` when the party gives no answer."""
