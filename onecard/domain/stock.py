"""空白卡: where each blank card is (platform B18)."""

from __future__ import annotations

from enum import Enum


class BlankState(Enum):
    """What became of a blank card."""

    IN_STOCK = "in_stock"
    ISSUED = "issued"
    SPOIL_REPORTED = "spoil_reported"
    SPOILED = "spoiled"


class OutletKind(Enum):
    """What an outlet is (rule book 7)."""

    VAULT = "vault"
    SERVICE = "service"
    HR_COUNTER = "hr_counter"
    BANK = "bank"
    DIRECT = "direct"
    AGENCY = "agency"
