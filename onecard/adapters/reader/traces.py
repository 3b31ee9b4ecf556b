"""Exchanges with a real card, written down and played again: a new card family begins here.

The shape is that of tests/chip/recorded: title, source, confidence, exchanges as pairs of hex. What
a person would be known by is not written: answers of the social security side are left out, and so
is a PIN.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from onecard.chip.purse_commands import INS_VERIFY
from onecard.chip.wire import Transmit, WireBroke

_HEAD = 5


class OtherCommand(AssertionError):
    """A dialogue asked something else than what was recorded."""


@dataclass
class Trace:
    """What was said between a reader and a card, in order; None where no answer came."""

    title: str = ""
    source: str = ""
    confidence: str = "H"
    exchanges: list[tuple[bytes, bytes | None]] = field(default_factory=list)

    def hear(self, raw: bytes, answer: bytes | None) -> None:
        """One exchange; a PIN becomes zeros."""
        is_pin = len(raw) > _HEAD and raw[:2] == bytes((0x00, INS_VERIFY))
        self.exchanges.append((raw[:_HEAD] + bytes(len(raw) - _HEAD) if is_pin else raw, answer))

    def without(self, secret: bytes) -> Trace:
        """The same with zeros where these bytes stand in an answer: a serial, say."""
        told = [
            (raw, answer and answer.replace(secret, bytes(len(secret))))
            for raw, answer in self.exchanges
        ]
        return Trace(self.title, self.source, self.confidence, told)

    def as_json(self) -> str:
        """As the file is written."""
        pairs: list[list[str | None]] = [
            [raw.hex().upper(), None if answer is None else answer.hex().upper()]
            for raw, answer in self.exchanges
        ]
        lines = ",\n    ".join(json.dumps(pair) for pair in pairs)
        head = {"title": self.title, "source": self.source, "confidence": self.confidence}
        said = ",\n  ".join(
            f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
            for key, value in head.items()
        )
        return f'{{\n  {said},\n  "exchanges": [\n    {lines}\n  ]\n}}\n'

    @classmethod
    def of_json(cls, text: str) -> Trace:
        """From a file. Raises `ValueError` for one that is no trace."""
        told: Mapping[str, Any] = json.loads(text)
        try:
            pairs = list(_pairs(told["exchanges"]))
            return cls(told["title"], told["source"], told["confidence"], pairs)
        except (KeyError, TypeError) as error:
            raise ValueError("a trace has title, source, confidence, exchanges") from error

    def player(self) -> Transmit:
        """A wire that plays it again. Raises `OtherCommand` for another command."""
        left = iter(self.exchanges)

        def play(raw: bytes) -> bytes:
            expected, answer = next(left, (b"", b""))
            if raw != expected:
                raise OtherCommand(
                    f"asked {raw.hex()}, recorded {expected.hex() or 'nothing more'}"
                )
            if answer is None:
                raise WireBroke
            return answer

        return play


def _pairs(told: Iterable[Iterable[str | None]]) -> Iterable[tuple[bytes, bytes | None]]:
    for asked, answered in told:
        yield bytes.fromhex(asked or ""), None if answered is None else bytes.fromhex(answered)
