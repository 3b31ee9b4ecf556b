"""The twelve ways in which two books differ, what is known of each side, and the figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState

FunctionState = HrState | FinancialState


class BreakKind(Enum):
    """Why a partner's book and ours differ over one card."""

    MESSAGE_LATE = "message_late"
    MESSAGE_MISSED_HERE = "message_missed_here"
    MESSAGE_MISSED_THERE = "message_missed_there"
    MESSAGE_REPEATED = "message_repeated"
    ABSENT_HERE = "absent_here"
    ABSENT_THERE = "absent_there"
    LISTED_TWICE = "listed_twice"
    NUMBER_DIFFERS = "number_differs"
    ACTIVATION_DIFFERS = "activation_differs"
    CLOSED_DIFFERS = "closed_differs"
    STRONGER_THERE = "stronger_there"
    WEAKER_THERE = "weaker_there"


class FixKind(Enum):
    """What can be done about a break."""

    WAIT = "wait"
    """A message is on its way; the next comparison will find both sides equal."""
    TELL = "tell"
    """Tell the partner once more how the card stands with us."""
    FOLLOW = "follow"
    """Take over what the partner says: it owns that, or it protects the holder."""
    ASK = "ask"
    """The partner puts its own book right; nothing changes here."""


@dataclass(frozen=True)
class ReconciliationPolicy:
    """The figures of `reconciliation.toml`, in the units their names say."""

    daily_from_hour: int
    message_late_minutes: int
    page_lines: int


@dataclass(frozen=True)
class Ours:
    """What we know of a card's function and of what was said about it.

    `number` is the one that the partner gives out (a bank's card number), or the bank on the card.
    `version` is the loss version last told to this partner, `confirmed` the last one it confirmed;
    `over` names losses that have ended, `sequence` numbers the last news we took from it.
    `on_its_way`: a message of ours still waits to be delivered; `given_up`: one will not be.
    """

    state: FunctionState
    number: str = ""
    version: int = 0
    confirmed: int = 0
    over: frozenset[str] = frozenset()
    sequence: int = 0
    on_its_way: bool = False
    given_up: bool = False


@dataclass(frozen=True)
class Theirs:
    """What the partner's book says.

    `loss` names what stands lost there, with blanks between; `listed` is how often the card is
    listed, `changed_at` the partner's clock.
    """

    state: FunctionState
    number: str = ""
    version: int = 0
    loss: str = ""
    sequence: int = 0
    changed_at: datetime | None = None
    listed: int = 1
