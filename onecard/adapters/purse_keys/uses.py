"""Every use of a purse key, told to whoever listens: card, verb, verdict, generation; never a MAC.

A walk gathers the uses it caused and keeps them in the audit when nothing is held. Where nobody
gathers, a use goes to the log, so that none is unheard.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum

_log = logging.getLogger("onecard.purse_keys")


class Verdict(Enum):
    """What a verb answered."""

    SIGNED = "signed"
    PROVEN = "proven"
    FITS = "fits"
    FITS_NOT = "fits_not"
    BAD_MAC1 = "bad_mac1"
    UNKNOWN_KEY = "unknown_key"
    NOT_ALLOWED = "not_allowed"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class KeyUse:
    """One call. `card` is the blind index of its number, as purse accounts carry it."""

    card: str
    verb: str
    verdict: Verdict
    key_version: int
    profile: str

    def __str__(self) -> str:
        return f"{self.verb} {self.verdict.value} v{self.key_version}"


_gathered: ContextVar[list[KeyUse] | None] = ContextVar("key_uses", default=None)


@contextmanager
def gathering() -> Iterator[list[KeyUse]]:
    """The uses of this block, in their order."""
    heard: list[KeyUse] = []
    token = _gathered.set(heard)
    try:
        yield heard
    finally:
        _gathered.reset(token)


def tell(use: KeyUse) -> None:
    """Hand a use to whoever gathers, or to the log."""
    heard = _gathered.get()
    if heard is None:
        _log.info("%s %s %s", use, use.profile, use.card)
    else:
        heard.append(use)
