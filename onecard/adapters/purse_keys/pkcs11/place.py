"""Where a token is, and how it is opened."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class TacWay(Enum):
    """How the key of a TAC (DTK left XOR DTK right) comes about: no token makes it inside."""

    IMPORTED = "imported"
    """The card's issuer XORed it and put it into the token, card by card."""

    ON_HOST = "on_host"
    """One card's DTK comes out of the token and is XORed in our memory. Tests only: whoever reads
    that memory can forge the proofs of this one card. Master and issuer keys stay inside."""


@dataclass(frozen=True)
class TokenPlace:
    """A token by its label, behind a vendor's library. The PIN lies in a file of its own (0400)."""

    library: Path
    label: str
    pin_file: Path
    tac: TacWay = TacWay.IMPORTED
    sessions: int = 8
    """How many verbs may be at work at once in this process."""
