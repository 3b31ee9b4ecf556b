"""卡商: personalises cards from a file, and drives the printer of an instant-issue outlet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from onecard.adapters.bank import ReceivedFile


@dataclass(frozen=True)
class PrintOrder:
    """One card to be made at once from a blank in the outlet's printer."""

    message_id: str
    application_number: str
    blank_serial: str
    name: str
    identity_number: str
    bank: str
    bank_card_number: str
    photo: bytes | None


@dataclass(frozen=True)
class PrintedCard:
    """A good card came out."""

    card_number: str
    card_identifier: str
    answer_to_reset: str
    issued_on: date
    valid_to: date


@dataclass(frozen=True)
class PrintFailed:
    """The card is spoiled; the reason in words."""

    reason: str


class CardVendor(Protocol):
    """Raises `PartnerDown` or `PartnerUnsure` when there is no answer."""

    def send_file(self, name: str, content: bytes) -> None:
        """Hand a personalisation file over. The same name and content again changes nothing."""
        ...

    def fetch_files(self) -> tuple[ReceivedFile, ...]:
        """Return files that were not acknowledged yet, oldest first."""
        ...

    def acknowledge_file(self, name: str) -> None:
        """We have this file durably."""
        ...

    def print_card(self, order: PrintOrder) -> PrintedCard | PrintFailed:
        """Make one card at an outlet. Idempotent by message id."""
        ...
