"""A bank over HTTPS."""

from __future__ import annotations

from dataclasses import replace

from onecard.adapters.bank import (
    AccountOpened,
    AccountRefused,
    AccountsPage,
    AccountState,
    CardNoted,
    LossConfirmed,
    LossOrder,
    LossRefused,
    OpenAccount,
    ReceivedFile,
)
from onecard.adapters.bank import messages as say
from onecard.adapters.bank.acknowledging import Keys, verified
from onecard.adapters.caller import Caller, Line, Patience
from onecard.adapters.wire import Verb, write
from onecard.domain import partner

Loss = Verb[LossOrder, say.LossAnswer]


class HttpBank:
    """Answers as `Bank` says. Files have more time than a call at a counter, a loss has less.

    `keys` are those by which the bank signs.
    """

    def __init__(self, line: Line, files: Line, keys: Keys) -> None:
        self._line, self._keys = line, keys
        self._counter = Caller(line, say.CODEC)
        self._files = Caller(files, say.CODEC)

    def open_account(self, order: OpenAccount) -> AccountOpened | AccountRefused:
        """Open one account now (instant issue). Idempotent by message id."""
        return self._counter.call(say.OPEN_ACCOUNT, order).account

    def report_loss(
        self, order: LossOrder, *, within_seconds: float
    ) -> LossConfirmed | LossRefused:
        """Enter a formal loss; asked once, not waited for longer. Idempotent by message id."""
        return self._tell_loss(say.REPORT_LOSS, order, within_seconds)

    def withdraw_loss(
        self, order: LossOrder, *, within_seconds: float
    ) -> LossConfirmed | LossRefused:
        """Take a loss back, by its version. Idempotent by message id."""
        return self._tell_loss(say.WITHDRAW_LOSS, order, within_seconds)

    def note_card(self, noted: CardNoted) -> None:
        """Tell how a card stands with us. Idempotent by message id."""
        self._counter.call(say.NOTE_CARD, noted)

    def account_state(self, card_number: str, bank_card_number: str = "") -> AccountState | None:
        """How the account of a card stands there, or None."""
        asked = say.AboutCard(card_number, bank_card_number)
        return self._counter.call(say.ACCOUNT_STATE, asked).account

    def accounts_after(self, cursor: str, most: int) -> AccountsPage:
        """The bank's accounts behind a cursor, at most so many."""
        return self._files.call(say.ACCOUNTS_AFTER, say.PageAsked(cursor, most))

    def send_file(self, name: str, content: bytes) -> None:
        """Hand a batch file over. The same name and content again changes nothing."""
        self._files.call(say.SEND_FILE, say.FileSent(name, content))

    def fetch_files(self) -> tuple[ReceivedFile, ...]:
        """Return files that were not acknowledged yet, oldest first."""
        return self._files.call(say.FETCH_FILES, say.Nothing()).files

    def acknowledge_file(self, name: str) -> None:
        """We have this file durably; it need not be offered again."""
        self._files.call(say.ACKNOWLEDGE_FILE, say.FileKept(name))

    def _tell_loss(
        self, verb: Loss, order: LossOrder, within_seconds: float
    ) -> LossConfirmed | LossRefused:
        """One try: whoever does not get through is told again by the outbox."""
        once = replace(self._line, patience=Patience(timeout_seconds=within_seconds, tries=1))
        answer = Caller(once, say.CODEC).call(verb, order).loss
        if isinstance(answer, LossRefused):
            return answer
        asked, bank = write(say.CODEC, order), partner.bank_of(self._line.partner)
        return verified(answer, order, asked, keys=self._keys, bank=bank)
