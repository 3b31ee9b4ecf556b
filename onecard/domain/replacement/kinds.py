"""What is told of the card that is to be replaced, and the figures of `replacement.toml` (21)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from onecard.domain.application import Figures
from onecard.domain.card import CardPolicy
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.transit_purse import TransitState


class ExchangeReason(Enum):
    """Why a card is exchanged: the list of the ministry (NATIONAL S33)."""

    DAMAGED = "damaged"
    QUALITY = "quality"
    FACE_UNREADABLE = "face_unreadable"
    DATA_CHANGED = "data_changed"
    EXPIRING = "expiring"
    BANK_CHANGE = "bank_change"
    UPGRADE = "upgrade"


class Confirmation(Enum):
    """What a person is told before the old card is given up, and confirms (21.2, 21.5)."""

    BALANCE_LOST = "balance_lost"
    WITHDRAWAL_CLOSES = "withdrawal_closes"
    ACTIVATE_AND_RELINK = "activate_and_relink"
    BENEFITS_MAY_BOUNCE = "benefits_may_bounce"


class FrequentEffect(Enum):
    """What many replacements in a short time lead to; never to a refusal."""

    FLAG = "flag"
    MESSAGE = "message"


@dataclass(frozen=True)
class ReplacementPolicy:
    """The figures of `replacement.toml`. More than `frequent_count` within the months is many."""

    online_replacement: bool
    online_exchange: bool
    refund_before_exchange: bool
    exchange_reasons: tuple[ExchangeReason, ...]
    frequent_count: int
    frequent_period_months: int
    frequent_effect: FrequentEffect


@dataclass(frozen=True)
class ReplacementFigures(Figures):
    """The figures of every room that has a say when a card is replaced."""

    card: CardPolicy
    replacement: ReplacementPolicy


class KeptCard(Protocol):
    """What the archive keeps of a card, as far as these rules look at it."""

    generation: int
    bank: str
    valid_to: date
    financial_state: FinancialState
    transit_state: TransitState

    def state_at(self, at: datetime) -> HrState:
        """Where the HR function stands at an instant."""


@dataclass(frozen=True)
class OldCard:
    """The card that is to be replaced, its three functions as they stand at this moment.

    `open_topup`: the archive knows a top-up that is paid and neither on the card nor paid back.
    """

    state: HrState
    generation: int
    bank: str
    valid_to: date
    financial: FinancialState = FinancialState.NONE
    transit: TransitState = TransitState.NOT_OPENED
    open_topup: bool = False

    @classmethod
    def of(cls, card: KeptCard, at: datetime, *, open_topup: bool) -> OldCard:
        """A card of the archive, as it stands at an instant."""
        return cls(
            state=card.state_at(at),
            generation=card.generation,
            bank=card.bank,
            valid_to=card.valid_to,
            financial=card.financial_state,
            transit=card.transit_state,
            open_topup=open_topup,
        )


@dataclass(frozen=True)
class Replacing:
    """What the person or the clerk says beside the ordinary answers of an application.

    `reason` is for an exchange. `base_data_right` says that the base data on the screen are as the
    new card shall be made; `account_settled` that the old bank has closed its account or confirmed
    that it is settled; `open_topup` that a top-up is unfinished or in doubt.
    """

    reason: ExchangeReason | None = None
    confirmed: tuple[Confirmation, ...] = ()
    base_data_right: bool = False
    account_settled: bool = False
    open_topup: bool = False
