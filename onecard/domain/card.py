"""卡: how long a card is good, its PIN, what cancels it, and which of several is the live one.

Rule book 2 (V2, V3) and 12 to 16.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from onecard.domain.hr_function import HrState


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


class Standing(Enum):
    """What a card is to its holder, beside its other cards."""

    USABLE = "usable"
    TO_ENABLE = "to_enable"
    LOST = "lost"
    LOCKED = "locked"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class HeldCard:
    """One of the cards a person has, with its HR state at the moment of the question."""

    ref: str
    state: HrState


STANDING = {
    HrState.SEALED: Standing.TO_ENABLE,
    HrState.NORMAL: Standing.USABLE,
    HrState.TEMPORARY_LOSS: Standing.LOST,
    HrState.FORMAL_LOSS: Standing.LOST,
    HrState.LOCKED: Standing.LOCKED,
    HrState.CANCELLED: Standing.CANCELLED,
}

_MOST_LIVE_FIRST = (
    HrState.NORMAL,
    HrState.LOCKED,
    HrState.TEMPORARY_LOSS,
    HrState.SEALED,
    HrState.FORMAL_LOSS,
)


def live_card(cards: Sequence[HeldCard]) -> HeldCard | None:
    """一人一卡: the one card that counts among those a person holds (V2; acceptance case A17).

    While a replacement or exchange runs there are two: the predecessor counts as long as it can
    be used, after a formal loss the successor does.
    """
    live = [card for card in cards if card.state is not HrState.CANCELLED]
    return min(live, key=lambda card: _MOST_LIVE_FIRST.index(card.state), default=None)


def hr_state_at(stored: HrState, *, ends_at: datetime | None, at: datetime) -> HrState:
    """The HR state at an instant: a temporary loss is over when its time is, swept or not."""
    over = stored is HrState.TEMPORARY_LOSS and ends_at is not None and ends_at <= at
    return HrState.NORMAL if over else stored


def valid_to(*, issued_on: date, figures: CardPolicy) -> date:
    """The last day of a card issued that day (14); 29 February becomes 1 March (0.3)."""
    year = issued_on.year + figures.validity_years
    try:
        return issued_on.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def renewal_opens_on(*, valid_to: date, figures: CardPolicy) -> date:
    """到期前60天可换: the first day on which a card may be exchanged for its age (14)."""
    return valid_to - timedelta(days=figures.renewal_window_days)


def is_expired(*, valid_to: date, on: date) -> bool:
    """Whether the last day is over; the HR function goes on all the same (14)."""
    return on > valid_to
