"""The card vendor over HTTPS."""

from __future__ import annotations

from onecard.adapters.bank import ReceivedFile
from onecard.adapters.bank.messages import FileKept, FileSent, Nothing
from onecard.adapters.caller import Caller, Line
from onecard.adapters.card_vendor import PrintedCard, PrintFailed, PrintOrder
from onecard.adapters.card_vendor import messages as say


class HttpCardVendor:
    """Answers as `CardVendor` says. Files and the printer have more time than a plain call."""

    def __init__(self, files: Line) -> None:
        self._caller = Caller(files, say.CODEC)

    def send_file(self, name: str, content: bytes) -> None:
        """Hand a personalisation file over. The same name and content again changes nothing."""
        self._caller.call(say.SEND_FILE, FileSent(name, content))

    def fetch_files(self) -> tuple[ReceivedFile, ...]:
        """Return files that were not acknowledged yet, oldest first."""
        return self._caller.call(say.FETCH_FILES, Nothing()).files

    def acknowledge_file(self, name: str) -> None:
        """We have this file durably."""
        self._caller.call(say.ACKNOWLEDGE_FILE, FileKept(name))

    def print_card(self, order: PrintOrder) -> PrintedCard | PrintFailed:
        """Make one card at an outlet. Idempotent by message id."""
        return self._caller.call(say.PRINT_CARD, order).outcome
