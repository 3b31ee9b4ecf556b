"""Simulated cards in a reader made of nothing: for tests, the simulator and the demo."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Self

from onecard.adapters.reader import NoCard, NoReader
from onecard.adapters.reader.transport import following
from onecard.chip.simulated_card import SimulatedCard


class InProcessCard:
    """A simulated card with power."""

    def __init__(self, card: SimulatedCard) -> None:
        self._card = card
        self.answer_to_reset = card.enter_field()
        self._transmit = following(card.transmit)

    def transmit(self, raw: bytes) -> bytes:
        """One command, one answer. Raises `WireBroke`."""
        return self._transmit(raw)

    def close(self) -> None:
        """Take its power."""
        self._card.leave_field()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class InProcessReaders:
    """A slot for every name; None is an empty one. Slots may be changed at any time."""

    def __init__(self, slots: Mapping[str, SimulatedCard | None]) -> None:
        self.slots = dict(slots)

    def names(self) -> tuple[str, ...]:
        """Every slot."""
        return tuple(self.slots)

    def has_card(self, reader: str) -> bool:
        """Whether a card lies in it. Raises `NoReader`."""
        return self._slot(reader) is not None

    def open(self, reader: str) -> InProcessCard:
        """Give the card power. Raises `NoReader`, `NoCard`."""
        card = self._slot(reader)
        if card is None:
            raise NoCard(reader)
        return InProcessCard(card)

    def _slot(self, reader: str) -> SimulatedCard | None:
        if reader not in self.slots:
            raise NoReader(reader)
        return self.slots[reader]
