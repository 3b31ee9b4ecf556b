"""The question a card cannot have answered before: a terminal number nobody could predict.

A card gives its MAC1 to anybody who sends INITIALIZE FOR LOAD. Whoever knows future terminal
numbers collects the answers first, loads, hides the success and replays the fitting answer: with
a number that counts up, 500 of 500 such orders were paid back and credited (card reference 10.2).
So the terminal number is drawn from random bytes of the system, which the caller hands in, stored
before the step leaves, and used once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

TERMINAL_BYTES = 6

STRONG = 2**48
"""Possibilities from which a negative proof may justify a payment refund."""

_SLACK_BYTES = 8
"""Random bytes beyond the need, so that a remainder favours no digit measurably."""


class Form(Enum):
    """How the random part may look; an open point of the issuer (card reference 20, no. 6)."""

    BINARY = "binary"
    BCD = "bcd"


@dataclass(frozen=True)
class ChallengeRule:
    """Which part of the terminal number may be random: its last `size` bytes."""

    size: int = TERMINAL_BYTES
    form: Form = Form.BINARY
    probe_amounts_fen: int = 1
    """A probe asks for 1 up to this many fen; 1 means that no probe is drawn."""

    def __post_init__(self) -> None:
        if not 1 <= self.size <= TERMINAL_BYTES:
            raise ValueError("a terminal number has six bytes")

    @property
    def possibilities(self) -> int:
        """How many terminal numbers can come out."""
        digits = 10 if self.form is Form.BCD else 16
        return int(digits ** (2 * self.size))

    @property
    def entropy_bytes(self) -> int:
        """How many random bytes `Challenge.draw` wants."""
        return self.size if self.form is Form.BINARY else self.size + _SLACK_BYTES


@dataclass(frozen=True)
class Challenge:
    """A drawn terminal number and how many others it might have been.

    Make one with `draw` only: a number from anywhere else is a counter in disguise.
    """

    terminal: bytes
    possibilities: int

    @classmethod
    def draw(cls, rule: ChallengeRule, entropy: bytes, *, ours: bytes = b"") -> Challenge:
        """Make the terminal number of one INITIALIZE out of exactly `rule.entropy_bytes` bytes.

        `ours` fills the part the rule keeps fixed (our terminal's prefix). Raises `ValueError` for
        another length of either.
        """
        if len(entropy) != rule.entropy_bytes or len(ours) != TERMINAL_BYTES - rule.size:
            raise ValueError("the rule wants other lengths")
        drawn = int.from_bytes(entropy) % rule.possibilities
        if rule.form is Form.BCD:
            return cls(ours + bytes.fromhex(f"{drawn:0{2 * rule.size}d}"), rule.possibilities)
        return cls(ours + drawn.to_bytes(rule.size), rule.possibilities)

    @property
    def is_strong(self) -> bool:
        """Whether an answer to it may justify a payment refund: at least 48 unpredictable bits."""
        return self.possibilities >= STRONG


@dataclass(frozen=True)
class Probe:
    """An INITIALIZE FOR LOAD of a random amount, sent before the real one while an attempt is open.

    MAC1 covers amount and terminal number, so both count.
    """

    challenge: Challenge
    amount_fen: int
    amounts: int

    @classmethod
    def draw(cls, rule: ChallengeRule, challenge: Challenge, entropy: bytes) -> Probe:
        """Make the amount out of `PROBE_ENTROPY_BYTES` random bytes. Raises `ValueError`."""
        if len(entropy) != PROBE_ENTROPY_BYTES:
            raise ValueError("a probe is drawn from another number of bytes")
        amount = 1 + int.from_bytes(entropy) % rule.probe_amounts_fen
        return cls(challenge, amount, rule.probe_amounts_fen)

    @property
    def is_strong(self) -> bool:
        """Whether an answer to it may justify a payment refund."""
        return self.challenge.possibilities * self.amounts >= STRONG


PROBE_ENTROPY_BYTES = 3 + _SLACK_BYTES
