"""Numbered steps, as a server gives them and a carrier brings them back (card reference 12).

    {dialogue, seq, apdus: [{hex, go_on: [...]}], card_timeout_ms}
    {dialogue, seq, answers: [hex...], lost_after: n | null, reader_error: text}

Whoever carries knows nothing of a purse but one thing: `80 52` and `80 54` travel alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from onecard.adapters.reader.transport import moves_money
from onecard.chip.apdu import MAX_DATA, MIN_ANSWER

MOST_APDUS = 64
MOST_MILLISECONDS = 30_000
USUAL_MILLISECONDS = 3_000
LONGEST_NAME = 100
_SHORTEST, _LONGEST = 4, MAX_DATA + 6
_WORD_DIGITS = 4


class BadStep(ValueError):
    """No step: the text names the field and what it must be."""


@dataclass(frozen=True)
class StepApdu:
    """One command, and after which status words the next one is sent."""

    raw: bytes = field(repr=False)
    go_on: frozenset[str] = frozenset()

    def goes_on_after(self, answer: bytes) -> bool:
        """Whether the next command of the step is sent after this answer."""
        return answer[-MIN_ANSWER:].hex().upper() in self.go_on


@dataclass(frozen=True)
class RelayStep:
    """A step as it is carried."""

    dialogue: str
    seq: int
    apdus: tuple[StepApdu, ...]
    card_timeout_ms: int = USUAL_MILLISECONDS

    @property
    def moves_money(self) -> bool:
        """Whether it holds a command that a card must see at most once."""
        return any(moves_money(apdu.raw) for apdu in self.apdus)

    @property
    def digest(self) -> str:
        """What tells this step from every other one."""
        said = [self.dialogue, self.seq, [apdu.raw.hex() for apdu in self.apdus]]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()

    @property
    def digest_of_money(self) -> str:
        """What tells a command that moves money from every other one, in whatever step it comes."""
        return hashlib.sha256(b"".join(apdu.raw for apdu in self.apdus)).hexdigest()

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> RelayStep:
        """From JSON; the dialogue may be called `tap`. Raises `BadStep`."""
        dialogue, seq = told.get("dialogue") or told.get("tap"), told.get("seq")
        if not isinstance(dialogue, str) or not 0 < len(dialogue) <= LONGEST_NAME:
            raise BadStep(f"dialogue: a name of 1 to {LONGEST_NAME} characters")
        if type(seq) is not int or seq < 0:
            raise BadStep("seq: a whole number, 0 or more")
        step = cls(dialogue, seq, _apdus(told.get("apdus")), _timeout(told.get("card_timeout_ms")))
        if step.moves_money and len(step.apdus) > 1:
            raise BadStep("apdus: 80 52 and 80 54 travel alone in their step")
        return step


def _apdus(told: Any) -> tuple[StepApdu, ...]:
    if not isinstance(told, list) or not 0 < len(told) <= MOST_APDUS:
        raise BadStep(f"apdus: a list of 1 to {MOST_APDUS} commands")
    return tuple(_apdu(one) for one in told)


def _apdu(told: Any) -> StepApdu:
    try:
        raw = bytes.fromhex(told["hex"])
        go_on = frozenset(word.upper() for word in told["go_on"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadStep("apdus: each {hex: digits, go_on: [status words]}") from error
    if not _SHORTEST <= len(raw) <= _LONGEST:
        raise BadStep(f"apdus: a command has {_SHORTEST} to {_LONGEST} bytes, got {len(raw)}")
    if any(len(word) != _WORD_DIGITS for word in go_on):
        raise BadStep("apdus: a status word has four hex digits")
    return StepApdu(raw, go_on)


def _timeout(told: Any) -> int:
    wanted = USUAL_MILLISECONDS if told is None else told
    if type(wanted) is not int or not 0 < wanted <= MOST_MILLISECONDS:
        raise BadStep(f"card_timeout_ms: a whole number from 1 to {MOST_MILLISECONDS}")
    return wanted


@dataclass(frozen=True)
class Brought:
    """What came back. `lost_after` n: what became of the command after n answers is unknown.

    `reader_error` without `lost_after`: nothing was sent.
    """

    answers: tuple[str, ...] = field(default=(), repr=False)
    lost_after: int | None = None
    reader_error: str = ""

    def as_plain(self) -> dict[str, Any]:
        """As it is posted."""
        return {
            "answers": list(self.answers),
            "lost_after": self.lost_after,
            "reader_error": self.reader_error,
        }
