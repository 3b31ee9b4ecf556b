"""A first password that can be read out and typed: letters and digits that look like no other."""

from __future__ import annotations

from onecard.seams.rng import Rng

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS = 4
_GROUP = 5


def first_password(rng: Rng) -> str:
    """Twenty characters in four groups, about 99 bits; must be changed at the first sign-in."""
    return "-".join(
        "".join(_ALPHABET[rng.below(len(_ALPHABET))] for _ in range(_GROUP)) for _ in range(_GROUPS)
    )
