"""金融功能: what the card-face bank tells us of the bank account on the card (rule book 18).

The bank is the owner: the table says which news we accept and which acts we may ask for. News
outside the table is a discrepancy, never applied.
"""

from __future__ import annotations

from enum import Enum

from onecard.domain.lifecycle import LifeCycle
from onecard.domain.refusal import Notice, Refusal


class FinancialState(Enum):
    """Where the financial function stands, as far as the bank told us."""

    NONE = "none"
    OPENED = "opened"
    ACTIVATED = "activated"
    TEMPORARY_LOSS = "temporary_loss"
    FORMAL_LOSS = "formal_loss"
    CLOSED = "closed"


class FinancialEvent(Enum):
    """What may happen to the financial function."""

    OPEN = "open"
    ACTIVATE = "activate"
    REPORT_TEMPORARY = "report_temporary"
    LIFT_TEMPORARY = "lift_temporary"
    REPORT_FORMAL = "report_formal"
    WITHDRAW_FORMAL = "withdraw_formal"
    RELINK_AWAY = "relink_away"
    CLOSE = "close"


S, E = FinancialState, FinancialEvent
_NO_ACCOUNT = Refusal("financial_function.no_account")
_NOT_ACTIVATED = Refusal("financial_function.not_activated")
_ALREADY_OPENED = Notice("financial_function.already_opened")
_CARD_LOST = Refusal("financial_function.card_lost")
_CLOSED = Refusal("financial_function.closed")
_NOT_REPORTED = Notice("loss.not_reported")

FINANCIAL_FUNCTION = LifeCycle(
    name="financial_function",
    initial=S.NONE,
    table={
        (S.NONE, E.OPEN): S.OPENED,
        (S.NONE, E.ACTIVATE): _NO_ACCOUNT,
        (S.NONE, E.REPORT_TEMPORARY): _NO_ACCOUNT,
        (S.NONE, E.REPORT_FORMAL): _NO_ACCOUNT,
        (S.NONE, E.CLOSE): Notice("financial_function.no_account"),
        (S.OPENED, E.OPEN): _ALREADY_OPENED,
        (S.OPENED, E.ACTIVATE): S.ACTIVATED,
        (S.OPENED, E.REPORT_TEMPORARY): _NOT_ACTIVATED,
        (S.OPENED, E.REPORT_FORMAL): _NOT_ACTIVATED,
        (S.OPENED, E.WITHDRAW_FORMAL): _NOT_REPORTED,
        (S.OPENED, E.RELINK_AWAY): S.CLOSED,
        (S.OPENED, E.CLOSE): S.CLOSED,
        (S.ACTIVATED, E.OPEN): _ALREADY_OPENED,
        (S.ACTIVATED, E.ACTIVATE): Notice("financial_function.already_activated"),
        (S.ACTIVATED, E.REPORT_TEMPORARY): S.TEMPORARY_LOSS,
        (S.ACTIVATED, E.LIFT_TEMPORARY): _NOT_REPORTED,
        (S.ACTIVATED, E.REPORT_FORMAL): S.FORMAL_LOSS,
        (S.ACTIVATED, E.WITHDRAW_FORMAL): _NOT_REPORTED,
        (S.ACTIVATED, E.RELINK_AWAY): S.CLOSED,
        (S.ACTIVATED, E.CLOSE): S.CLOSED,
        (S.TEMPORARY_LOSS, E.ACTIVATE): _CARD_LOST,
        (S.TEMPORARY_LOSS, E.REPORT_TEMPORARY): Notice("loss.already_temporary"),
        (S.TEMPORARY_LOSS, E.LIFT_TEMPORARY): S.ACTIVATED,
        (S.TEMPORARY_LOSS, E.REPORT_FORMAL): S.FORMAL_LOSS,
        (S.TEMPORARY_LOSS, E.WITHDRAW_FORMAL): Refusal("loss.is_temporary"),
        (S.TEMPORARY_LOSS, E.RELINK_AWAY): S.CLOSED,
        (S.TEMPORARY_LOSS, E.CLOSE): S.CLOSED,
        (S.FORMAL_LOSS, E.ACTIVATE): _CARD_LOST,
        (S.FORMAL_LOSS, E.REPORT_TEMPORARY): Notice("loss.already_formal"),
        (S.FORMAL_LOSS, E.REPORT_FORMAL): Notice("loss.already_formal"),
        (S.FORMAL_LOSS, E.WITHDRAW_FORMAL): S.ACTIVATED,
        (S.FORMAL_LOSS, E.RELINK_AWAY): S.CLOSED,
        (S.FORMAL_LOSS, E.CLOSE): S.CLOSED,
        (S.CLOSED, E.ACTIVATE): _CLOSED,
        (S.CLOSED, E.REPORT_TEMPORARY): _CLOSED,
        (S.CLOSED, E.REPORT_FORMAL): _CLOSED,
        (S.CLOSED, E.WITHDRAW_FORMAL): _CLOSED,
        (S.CLOSED, E.CLOSE): Notice("financial_function.closed"),
    },
)
