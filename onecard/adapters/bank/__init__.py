"""合作银行: opens the account before a card is made: by file for batches, by call at a counter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


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


class Bank(Protocol):
    """One bank. Raises `PartnerDown` or `PartnerUnsure` when there is no answer."""

    def open_account(self, order: OpenAccount) -> AccountOpened | AccountRefused:
        """Open one account now (instant issue). Idempotent by message id."""
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
