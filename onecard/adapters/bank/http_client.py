"""A bank over HTTPS."""

from __future__ import annotations

from onecard.adapters.bank import AccountOpened, AccountRefused, OpenAccount, ReceivedFile
from onecard.adapters.bank import messages as say
from onecard.adapters.caller import Caller, Line


class HttpBank:
    """Answers as `Bank` says. Files have more time than a call at a counter."""

    def __init__(self, line: Line, files: Line) -> None:
        self._counter = Caller(line, say.CODEC)
        self._files = Caller(files, say.CODEC)

    def open_account(self, order: OpenAccount) -> AccountOpened | AccountRefused:
        """Open one account now (instant issue). Idempotent by message id."""
        return self._counter.call(say.OPEN_ACCOUNT, order).account

    def send_file(self, name: str, content: bytes) -> None:
        """Hand a batch file over. The same name and content again changes nothing."""
        self._files.call(say.SEND_FILE, say.FileSent(name, content))

    def fetch_files(self) -> tuple[ReceivedFile, ...]:
        """Return files that were not acknowledged yet, oldest first."""
        return self._files.call(say.FETCH_FILES, say.Nothing()).files

    def acknowledge_file(self, name: str) -> None:
        """We have this file durably; it need not be offered again."""
        self._files.call(say.ACKNOWLEDGE_FILE, say.FileKept(name))
