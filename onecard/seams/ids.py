"""The id seam: opaque names such as `app_01J...` (a ULID behind a prefix), never sequential."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from onecard.seams.clock import Clock
from onecard.seams.rng import Rng

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 26


class Ids(Protocol):
    """Makes names that were never used before."""

    def new(self, prefix: str) -> str:
        """A new id, e.g. `new("app") == "app_01JGFJJZ00..."`."""
        ...


class UlidIds:
    """48 bits of time from the clock seam, 80 bits of chance from the rng seam."""

    def __init__(self, clock: Clock, rng: Rng) -> None:
        self._clock, self._rng = clock, rng

    def new(self, prefix: str) -> str:
        """A new id with the given prefix."""
        milliseconds = int(self._clock.now().timestamp() * 1000)
        number = (milliseconds << 80) | int.from_bytes(self._rng.bytes(10), "big")
        return f"{prefix}_{_base32(number, _LENGTH)}"


def made_at(name: str) -> datetime:
    """When an id was made: its first 48 bits. Raises `ValueError` for what is no id of ours."""
    code = name.rpartition("_")[2]
    if len(code) != _LENGTH or not set(code) <= set(_CROCKFORD):
        raise ValueError(name)
    number = 0
    for digit in code:
        number = number * len(_CROCKFORD) + _CROCKFORD.index(digit)
    return datetime.fromtimestamp((number >> 80) / 1000, UTC)


def _base32(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 32)
        digits.append(_CROCKFORD[digit])
    return "".join(reversed(digits))
