"""状态摘要: one number for the states of many cards, by which two books are compared at a glance.

It is the sum of the SHA-256 of every line, modulo 2^256: order does not matter, so each side may
walk its book as it likes, and a line may be taken out again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum

_MODULUS = 1 << 256


@dataclass(frozen=True)
class Digest:
    """How many cards were counted in, and their digest. Adding gives a new one."""

    count: int = 0
    total: int = 0

    def plus(self, number: str, state: Enum) -> Digest:
        """With one card more. `number` is the one by which both sides know it."""
        return Digest(self.count + 1, (self.total + _of(number, state)) % _MODULUS)

    @property
    def hex(self) -> str:
        """64 lower-case characters."""
        return f"{self.total:064x}"


def _of(number: str, state: Enum) -> int:
    line = f"{number}|{state.value}"
    return int.from_bytes(hashlib.sha256(line.encode()).digest(), "big")
