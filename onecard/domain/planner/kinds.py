"""What somebody wants, how things stand, and what a plan is made of (novel B5, 最少跑一次)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from onecard.domain.authority import Channel
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.refund import RefundPolicy
from onecard.domain.refusal import Notice, Refusal
from onecard.domain.replacement import ExchangeReason, ReplacementFigures
from onecard.domain.transit_purse import TransitState


class Wish(Enum):
    """What a person comes for."""

    REPLACE = "replace"
    EXCHANGE = "exchange"
    CANCEL = "cancel"
    USE = "use"


class Act(Enum):
    """Something that is done at one place; waiting for the card is none."""

    FINISH_TOPUP = "finish_topup"
    REFUND = "refund"
    CORRECT_DATA = "correct_data"
    STOP_BENEFITS = "stop_benefits"
    CLOSE_ACCOUNT = "close_account"
    REPORT_LOSS = "report_loss"
    WITHDRAW_LOSS = "withdraw_loss"
    UNLOCK = "unlock"
    APPLY_REPLACEMENT = "apply_replacement"
    APPLY_EXCHANGE = "apply_exchange"
    WAIT = "wait"
    ENABLE = "enable"
    ACTIVATE = "activate"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Place:
    """A kind of place; of a bank's outlet also which bank. The portal is no place one goes to."""

    channel: Channel
    bank: str = ""

    @property
    def is_visit(self) -> bool:
        """Whether somebody has to go there."""
        return self.channel is not Channel.PORTAL

    def towards(self, bank: str) -> Channel:
        """The door this place is to a card of that bank."""
        if self.channel is Channel.CARD_FACE_BANK and self.bank != bank:
            return Channel.OTHER_BANK
        return self.channel


@dataclass(frozen=True)
class Situation:
    """How things stand. `hr` None: there is no card; `successor` None: no new one is made yet.

    `making`: a new card was applied for and is being made; `posted`: it comes by post;
    `replacement_applied`: in the place of a lost one, so that the loss cannot be withdrawn.
    """

    hr: HrState | None
    financial: FinancialState = FinancialState.NONE
    transit: TransitState = TransitState.NOT_OPENED
    in_hand: bool = True
    open_topup: bool = False
    base_data_right: bool = True
    benefits: bool = False
    making: bool = False
    posted: bool = False
    replacement_applied: bool = False
    successor: HrState | None = None
    new_financial: FinancialState = FinancialState.NONE


@dataclass(frozen=True)
class Case:
    """What does not change on the way.

    `new_bank` is the bank of the new card, `made_on` the day it would be ready if applied for
    today. `online` tells whether the person may act online (a child may not), `instant` where a
    card is made on the spot, `loss_at` where a formal loss that stands was accepted, `lies_at`
    where a card that is ready waits to be fetched.
    """

    wish: Wish
    today: date
    made_on: date
    bank: str = ""
    new_bank: str = ""
    reason: ExchangeReason | None = None
    generation: int = 3
    valid_to: date = date.max
    document_valid_to: date | None = None
    online: bool = True
    photo_needed: bool = True
    guardian_needed: bool = False
    instant: frozenset[Place] = frozenset()
    loss_at: Channel = Channel.CARD_FACE_BANK
    lies_at: Place | None = None


@dataclass(frozen=True)
class PlannerFigures(ReplacementFigures):
    """The figures of every room whose rules a plan must not break."""

    refund: RefundPolicy


@dataclass(frozen=True)
class PlannedAct:
    """One act at a place: the papers it takes, and why it comes before what follows.

    `because` is what the next act would be told without this one; None where it is the aim itself.
    """

    act: Act
    papers: tuple[str, ...]
    because: Refusal | None = None


@dataclass(frozen=True)
class Visit:
    """Everything that is done at one place in one go; `on` is the first day on which it can be."""

    place: Place
    acts: tuple[PlannedAct, ...]
    on: date


@dataclass(frozen=True)
class Plan:
    """The shortest way. A refusal says why there is none; no visits and none means: nothing to do.

    `warnings` are notices of what may go wrong on the way.
    """

    visits: tuple[Visit, ...]
    warnings: tuple[Notice, ...] = ()
    refusal: Refusal | None = None

    @property
    def trips(self) -> int:
        """How often somebody has to go somewhere."""
        return sum(visit.place.is_visit for visit in self.visits)
