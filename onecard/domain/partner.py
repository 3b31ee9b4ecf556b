"""合作系统: by which key every other organisation is known, in outbox, health and addresses."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

HR_DATABASE = "hr_database"
REAL_NAME = "real_name"
CARD_VENDOR = "card_vendor"
COURIER = "courier"
SMS = "sms"
PAYMENT = "payment"
_BANK = "bank:"


class PartnerLight(Enum):
    """How a partner was last seen."""

    ANSWERING = "answering"
    SILENT = "silent"
    NEVER_ASKED = "never_asked"


def bank(key: str) -> str:
    """The partner key of a bank, e.g. `bank:icbc`."""
    return f"{_BANK}{key}"


def bank_of(partner: str) -> str:
    """The bank's own key, or an empty string for another partner."""
    return partner.removeprefix(_BANK) if partner.startswith(_BANK) else ""


def every_partner(banks: Iterable[str]) -> tuple[str, ...]:
    """All partner keys, given the keys of the co-operating banks."""
    fixed = (HR_DATABASE, REAL_NAME, CARD_VENDOR, COURIER, SMS, PAYMENT)
    return (*fixed, *(bank(key) for key in banks))


def path_of(partner: str) -> str:
    """How a partner is written in an address: `bank/icbc`, `hr-database`."""
    return partner.replace("_", "-").replace(":", "/")
