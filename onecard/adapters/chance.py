"""Chance of the simulated partners: from a seed and a name, the same in every process and run."""

from __future__ import annotations

import hashlib


def digest(seed: int, *names: str) -> bytes:
    """32 bytes that depend on the seed and the names only."""
    return hashlib.sha256("|".join((str(seed), *names)).encode()).digest()


def digits(count: int, seed: int, *names: str) -> str:
    """`count` decimal digits (at most 38)."""
    return str(int.from_bytes(digest(seed, *names)[:16], "big") % 10**count).zfill(count)


def hexadecimal(count: int, seed: int, *names: str) -> str:
    """`count` upper-case hexadecimal characters (at most 64)."""
    return digest(seed, *names).hex().upper()[:count]
