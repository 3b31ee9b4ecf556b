"""Carries numbered steps to the card on one reader: the common half of bridge and phone.

One dialogue is one session of one card: a new dialogue connects anew, and after a loss nothing of
the old one is sent any more. The same step again gets the stored answers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from contextlib import suppress

from onecard.adapters.reader import OpenCard, ReaderError, Readers, WireBroke
from onecard.adapters.reader.once import GivenOnce
from onecard.adapters.reader.steps import BadStep, Brought, RelayStep, StepApdu
from onecard.adapters.reader.transport import moves_money
from onecard.chip.fault import Loss

GONE = "the card of this dialogue is gone: begin a new one"
GIVEN = "this command was given to a card before: its outcome is unknown"
SLOW = "the card did not answer in time"

Note = Callable[[str], object]


class Carrier:
    """One reader, one dialogue at a time. `note` is told what happens, never a byte of it."""

    def __init__(
        self, readers: Readers, reader: str, given: GivenOnce, note: Note = lambda _: None
    ) -> None:
        self.reader = reader
        self._readers, self._given, self._note = readers, given, note
        self._dialogue = ""
        self._card: OpenCard | None = None
        self._last: tuple[int, str, Brought] | None = None
        self._lock = threading.Lock()
        self._wire = ThreadPoolExecutor(1, "card")

    def carry(self, step: RelayStep) -> Brought:
        """Send the commands as far as the answers allow.

        Raises `BadStep` for other commands under the number that was carried last.
        """
        with self._lock:
            stored = self._stored(step)
            if stored is not None:
                return stored
            brought = self._carried(step)
            self._last = (step.seq, step.digest, brought)
            self._note(_in_words(step, brought))
            return brought

    def has_card(self) -> bool:
        """Whether a card lies on the reader."""
        with suppress(ReaderError):
            return self._readers.has_card(self.reader)
        return False

    def rest(self) -> None:
        """Let the card go: the browser is gone or has said nothing for long."""
        with self._lock:
            self._let_go()
            self._dialogue = ""
            self._last = None

    def close(self) -> None:
        """Let everything go."""
        self.rest()
        self._wire.shutdown(wait=False)

    def _stored(self, step: RelayStep) -> Brought | None:
        if self._last is None or step.dialogue != self._dialogue or step.seq != self._last[0]:
            return None
        if step.digest != self._last[1]:
            raise BadStep(f"seq: step {step.seq} was carried with other commands")
        return self._last[2]

    def _carried(self, step: RelayStep) -> Brought:
        if step.dialogue != self._dialogue:
            self._let_go()
            self._dialogue = step.dialogue
            try:
                self._card = self._readers.open(self.reader)
            except ReaderError as error:
                self._dialogue = ""
                return Brought(reader_error=str(error) or type(error).__name__)
        if self._card is None:
            return Brought(reader_error=GONE)
        if step.moves_money and not self._given.may_give(step.digest_of_money):
            return Brought(lost_after=0, reader_error=GIVEN)
        return self._exchange(self._card, step)

    def _exchange(self, card: OpenCard, step: RelayStep) -> Brought:
        answers: list[str] = []
        for apdu in step.apdus:
            try:
                answer = self._answer(card, apdu, step.card_timeout_ms)
            except WireBroke as broke:
                self._let_go()
                return _lost(answers, broke, apdu)
            answers.append(answer.hex().upper())
            if not apdu.goes_on_after(answer):
                break
        return Brought(tuple(answers))

    def _answer(self, card: OpenCard, apdu: StepApdu, patience_ms: int) -> bytes:
        """Raises `WireBroke` when the card is gone, or silent for too long."""
        try:
            return self._wire.submit(card.transmit, apdu.raw).result(patience_ms / 1000)
        except TooLate:
            self._leave_to_itself(card)
            raise WireBroke from None

    def _leave_to_itself(self, card: OpenCard) -> None:
        """A card that is still thinking is let go when it has done so; nobody waits for it."""
        self._note(SLOW)
        self._card = None
        self._wire.submit(card.close)
        self._wire.shutdown(wait=False)
        self._wire = ThreadPoolExecutor(1, "card")

    def _let_go(self) -> None:
        card, self._card = self._card, None
        if card is not None:
            card.close()


def _lost(answers: list[str], broke: WireBroke, apdu: StepApdu) -> Brought:
    """A reader that broke before anything was sent has lost no card; money is never so sure."""
    unsent = broke.how is Loss.READER_GONE and not answers and not moves_money(apdu.raw)
    if unsent:
        return Brought(reader_error=broke.how.value)
    return Brought(tuple(answers), len(answers))


def _in_words(step: RelayStep, brought: Brought) -> str:
    """A line for a log: how many, never which."""
    lost = "" if brought.lost_after is None else f", lost after {brought.lost_after}"
    error = f", {brought.reader_error}" if brought.reader_error else ""
    sent, answered = len(step.apdus), len(brought.answers)
    return f"{step.dialogue} step {step.seq}: {answered} of {sent} answered{lost}{error}"
