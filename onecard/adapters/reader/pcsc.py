"""The reader on the desk, over PC/SC. The only importer of pyscard.

What goes wrong is told by the exception, never by a result code: a torn card makes SCardTransmit
report success with no bytes (card reference 13.2). Any error after the first byte left is the loss
of the card, and its handle is dropped: the next dialogue connects anew, so no stale handle lives.
A card is held alone: another program on this machine cannot put a command into a dialogue.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self

from smartcard import scard
from smartcard.Exceptions import (
    CardConnectionException,
    NoCardException,
    SmartcardException,
)
from smartcard.pcsc.PCSCExceptions import BaseSCardException
from smartcard.pcsc.PCSCReader import PCSCReader

from onecard.adapters.reader import Loss, NoCard, NoReader, ReaderError, WireBroke
from onecard.adapters.reader.transport import following

AT_ONCE = 0
"""Milliseconds to wait for a change: none, the state of this moment is wanted."""


AFTERWARDS = scard.SCARD_RESET_CARD
"""What becomes of a card that is let go: nobody finds an application selected or a PIN given."""


def _let_go(connection: Any) -> None:
    """Handle first, context then: of a card that is gone the first fails and the second works."""
    for _ in ("handle", "context"):
        with suppress(SmartcardException, BaseSCardException):
            connection.release()


class PcscCard:
    """A card with power, held alone until it is let go."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.answer_to_reset = bytes(connection.getATR())
        self._transmit = following(self._exchange)

    def transmit(self, raw: bytes) -> bytes:
        """One command, one answer. Raises `WireBroke`."""
        return self._transmit(raw)

    def _exchange(self, raw: bytes) -> bytes:
        if self._connection is None:
            raise WireBroke(Loss.READER_GONE)
        try:
            data, *status = self._connection.transmit(list(raw))
        except (SmartcardException, BaseSCardException) as error:
            self.close()
            raise WireBroke from error
        return bytes((*data, *status))

    def close(self) -> None:
        """Let it go."""
        connection, self._connection = self._connection, None
        if connection is not None:
            _let_go(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class PcscReaders:
    """What pcscd knows of."""

    def names(self) -> tuple[str, ...]:
        """Every reader, in its order. Raises `NoReader` without pcscd."""
        with _told_apart():
            return tuple(reader.name for reader in PCSCReader.readers())

    def has_card(self, reader: str) -> bool:
        """Whether a card lies on it now. Raises `NoReader`."""
        return bool(self._state(reader) & scard.SCARD_STATE_PRESENT)

    def open(self, reader: str) -> PcscCard:
        """Connect. Raises `NoReader`, `NoCard`, `ReaderError` when another program holds it."""
        self._state(reader)
        with _told_apart():
            connection = PCSCReader(reader).createConnection()
            try:
                connection.connect(mode=scard.SCARD_SHARE_EXCLUSIVE, disposition=AFTERWARDS)
                return PcscCard(connection)
            except Exception:
                _let_go(connection)
                raise

    def _state(self, reader: str) -> int:
        """The state bits of this moment. Raises `NoReader`."""
        code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        if code != scard.SCARD_S_SUCCESS:
            raise NoReader(scard.SCardGetErrorMessage(code))
        try:
            asked = [(reader, scard.SCARD_STATE_UNAWARE)]
            code, states = scard.SCardGetStatusChange(context, AT_ONCE, asked)
        finally:
            scard.SCardReleaseContext(context)
        if code != scard.SCARD_S_SUCCESS:
            raise NoReader(f"{reader}: {scard.SCardGetErrorMessage(code)}")
        return int(states[0][1])


@contextmanager
def _told_apart() -> Iterator[None]:
    """What pyscard raises, as ours. Raises `NoCard`, `ReaderError`, `NoReader`."""
    try:
        yield
    except NoCardException as error:
        raise NoCard(str(error)) from error
    except CardConnectionException as error:
        raise ReaderError(str(error)) from error
    except (SmartcardException, BaseSCardException) as error:
        raise NoReader(str(error)) from error
