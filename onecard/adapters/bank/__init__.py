"""合作银行: opens the account before a card is made, and must know of a loss at once.

Accounts go by file for batches and by call at a counter. A loss is told by a call of its own, whose
answer is signed: evidence of what the bank took note of, and when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from onecard.domain.financial_function import FinancialState


@dataclass(frozen=True)
class OpenAccount:
    """What a bank needs to open an account for one card."""

    message_id: str
    application_number: str
    name: str
    identity_number: str
    document_kind: str
    document_valid_to: str
    phone: str
    address: str
    occupation: str
    nationality: str


@dataclass(frozen=True)
class AccountOpened:
    """The bank opened the account; the bank card number will be embossed."""

    account_number: str
    bank_card_number: str


@dataclass(frozen=True)
class AccountRefused:
    """The bank's own no, with its reason in words."""

    reason: str


@dataclass(frozen=True)
class ReceivedFile:
    """A file that lay ready for us. It stays there until it is acknowledged."""

    name: str
    content: bytes


@dataclass(frozen=True)
class LossOrder:
    """A loss to be entered at the bank, or to be taken back there.

    `loss` is the report's ref with us, or the bank's own serial if it came from there; `version`
    grows with every change of the card's losses, so that an older order never undoes a newer one.
    """

    message_id: str
    card_number: str
    bank_card_number: str
    loss: str
    version: int
    reported_at: datetime


@dataclass(frozen=True)
class LossConfirmed:
    """What the bank's signed answer says, its signature verified.

    `state` is how the account stands now; `effective_at` is the bank's clock, `received_at` ours.
    `statement` with `signature` and `serial` (the key's name) is the evidence.
    """

    state: FinancialState
    version: int
    effective_at: datetime
    received_at: datetime
    statement: str
    signature: str
    serial: str


@dataclass(frozen=True)
class LossRefused:
    """The bank's own no to a loss order, with its reason in words."""

    reason: str


@dataclass(frozen=True)
class AccountState:
    """How an account stands at the bank.

    `version` is the last loss version of ours it knows, `loss` names the losses that stand, with a
    blank between: our report, the bank's own serial. `sequence` numbers the bank's news of this
    card, `changed_at` is the bank's clock. A card number it has not heard of yet is empty.
    """

    state: FinancialState
    version: int
    bank_card_number: str = ""
    card_number: str = ""
    loss: str = ""
    sequence: int = 0
    changed_at: datetime | None = None


@dataclass(frozen=True)
class AccountsPage:
    """A page of all accounts; an empty cursor ends them.

    The last page bears `count` and `digest` of everything, by which we know that nothing is missing
    (`domain.reconciliation.digest_of`).
    """

    lines: tuple[AccountState, ...]
    cursor: str
    count: int = 0
    digest: str = ""


@dataclass(frozen=True)
class CardNoted:
    """How a card stands with us, where no loss is reported or taken back.

    It was activated at our desk, cancelled, replaced, or its state was put right.
    """

    message_id: str
    card_number: str
    bank_card_number: str
    state: FinancialState
    version: int


class Bank(Protocol):
    """One bank. Raises `PartnerDown` or `PartnerUnsure` when there is no answer."""

    def open_account(self, order: OpenAccount) -> AccountOpened | AccountRefused:
        """Open one account now (instant issue). Idempotent by message id."""
        ...

    def report_loss(
        self, order: LossOrder, *, within_seconds: float
    ) -> LossConfirmed | LossRefused:
        """Enter a formal loss; asked once, and not waited for longer. Idempotent by message id.

        An answer whose signature does not hold is none: `PartnerUnsure`.
        """
        ...

    def withdraw_loss(
        self, order: LossOrder, *, within_seconds: float
    ) -> LossConfirmed | LossRefused:
        """Take a loss back, by its version; as `report_loss`."""
        ...

    def note_card(self, noted: CardNoted) -> None:
        """Tell how a card stands with us. Idempotent by message id."""
        ...

    def account_state(self, card_number: str, bank_card_number: str = "") -> AccountState | None:
        """How the account of a card stands there, or None where the bank knows of none."""
        ...

    def accounts_after(self, cursor: str, most: int) -> AccountsPage:
        """The bank's accounts behind a cursor (empty = from the first), at most so many."""
        ...

    def send_file(self, name: str, content: bytes) -> None:
        """Hand a batch file over. The same name and content again changes nothing."""
        ...

    def fetch_files(self) -> tuple[ReceivedFile, ...]:
        """Return files that were not acknowledged yet, oldest first."""
        ...

    def acknowledge_file(self, name: str) -> None:
        """We have this file durably; it need not be offered again."""
        ...
