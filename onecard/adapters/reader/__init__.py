"""读卡器: where a card lies, and how its bytes are carried (card reference 12 and 13).

A reader gives out an open card; an open card turns a command's bytes into the answer's and says
that it is gone by raising `WireBroke`. Nothing here reads a byte of a dialogue or takes a decision.

    in_process      simulated cards in the slots of a reader made of nothing
    pcsc            the reader on the desk, over PC/SC; the only importer of pyscard
    transport       61xx and 6Cxx, which never leave it; the trail of an exchange
    steps, carrier  numbered steps, as a server gives them to whoever holds the wire
    once            commands that move money, each given to a card at most once
    bridge          the reader on the desk for a page in the browser: loopback, one origin
    relay           a phone that carries the steps of a server's API
    vpcd, virtual   the simulated card as a real PC/SC card
    traces          exchanges, written down and played again
"""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from onecard.chip.fault import Loss
from onecard.chip.wire import WireBroke

__all__ = ["Loss", "NoCard", "NoReader", "OpenCard", "ReaderError", "Readers", "WireBroke"]


class ReaderError(Exception):
    """The reader gave no card to speak to: nothing was sent. The text is for people."""


class NoReader(ReaderError):
    """There is no such reader, or nothing that knows of readers."""


class NoCard(ReaderError):
    """No card lies on it."""


class OpenCard(Protocol):
    """A card with power, for one dialogue. Used as a context, it is let go at the end."""

    @property
    def answer_to_reset(self) -> bytes:
        """What it said when it got its power."""
        ...

    def transmit(self, raw: bytes) -> bytes:
        """One command, one answer. Raises `WireBroke` if none came; the card is lost then."""
        ...

    def close(self) -> None:
        """Let it go; harmless when it is gone."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Readers(Protocol):
    """Every reader of one kind on this machine."""

    def names(self) -> tuple[str, ...]:
        """All of them, in the order of their slots. Raises `NoReader` without a reader service."""
        ...

    def has_card(self, reader: str) -> bool:
        """Whether a card lies on it now. Raises `NoReader`."""
        ...

    def open(self, reader: str) -> OpenCard:
        """Give the card power and a fresh session. Raises `NoReader`, `NoCard`, `ReaderError`."""
        ...
