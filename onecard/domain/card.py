"""卡: how long a card is good, its PIN, and what cancels it (rule book 12 to 16)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CardPolicy:
    """The figures of `card.toml`. `hr_pin_initial` is None where the PIN must be set first."""

    validity_years: int
    renewal_window_days: int
    hr_stops_at_expiry: bool
    in_province_transfer_keeps_card: bool
    hr_pin_initial: str | None
    hr_pin_max_tries: int
    hr_pin_forbidden: tuple[str, ...]
    hr_pin_part_of_identity_number: bool
    financial_activation_in_person: bool
    financial_activation_bank: str
    financial_activation_outlets: str
    minor_activation_by_guardian_below_age: int
