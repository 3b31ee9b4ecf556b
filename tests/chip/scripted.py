"""A wire that answers from a script, for answers no sane card gives, and for recorded ones."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from onecard.chip.fault import Loss
from onecard.chip.wire import WireBroke

RECORDED = Path(__file__).parent / "recorded"


class Script:
    """Answers in the order written; `None` is a card that goes away. Remembers what was sent."""

    def __init__(self, answers: Iterable[str | None], how: Loss = Loss.CARD_GONE) -> None:
        self._answers = iter(answers)
        self._how = how
        self.sent: list[str] = []

    def transmit(self, raw: bytes) -> bytes:
        """The next answer, whatever was sent."""
        self.sent.append(raw.hex().upper())
        answer = next(self._answers)
        if answer is None:
            raise WireBroke(self._how)
        return bytes.fromhex(answer)


class Recording:
    """A recorded talk: gives its answers only to the commands it was recorded with."""

    def __init__(self, name: str) -> None:
        told = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
        self._exchanges = [tuple(pair) for pair in told["exchanges"]]
        self._next = 0

    def transmit(self, raw: bytes) -> bytes:
        """The recorded answer. Fails for any other command than the recorded one."""
        command, answer = self._exchanges[self._next]
        assert raw.hex().upper() == command
        self._next += 1
        return bytes.fromhex(answer)

    @property
    def is_over(self) -> bool:
        """Whether all of it was played."""
        return self._next == len(self._exchanges)
