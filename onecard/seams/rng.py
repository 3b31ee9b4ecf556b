"""The chance seam: one-time codes, nonces, jitter."""

from __future__ import annotations

import random
import secrets
from typing import Protocol


class Rng(Protocol):
    """A source of chance."""

    def bytes(self, count: int) -> bytes:
        """`count` random bytes."""
        ...

    def below(self, limit: int) -> int:
        """A whole number in `0 <= n < limit`."""
        ...


class SystemRng:
    """The operating system's randomness."""

    def bytes(self, count: int) -> bytes:
        """`count` random bytes."""
        return secrets.token_bytes(count)

    def below(self, limit: int) -> int:
        """A whole number in `0 <= n < limit`."""
        return secrets.randbelow(limit)


class SeededRng:
    """Repeatable chance for tests, the demo city and the simulator; never in production."""

    def __init__(self, seed: int | str) -> None:
        self._random = random.Random(seed)

    def bytes(self, count: int) -> bytes:
        """`count` repeatable bytes."""
        return self._random.randbytes(count)

    def below(self, limit: int) -> int:
        """A repeatable whole number in `0 <= n < limit`."""
        return self._random.randrange(limit)


def digits(rng: Rng, count: int) -> str:
    """A string of `count` decimal digits, for case codes and receipt numbers."""
    return str(rng.below(10**count)).zfill(count)
