"""待遇发放: which benefit payments would come back instead of arriving (rule book 12, 20.4, 21.5).

Pensions, unemployment, injury and subsidy money cannot be credited to an account that was never
activated, that is closed, or that still hangs on a card that was replaced (NATIONAL S38, S39).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.refusal import Fix, FixKind, Refusal


class BenefitKind(Enum):
    """What the province pays to the account on the card."""

    PENSION = "pension"
    UNEMPLOYMENT = "unemployment"
    INJURY = "injury"
    SUBSIDY = "subsidy"


_IN_USE = frozenset(
    {FinancialState.ACTIVATED, FinancialState.TEMPORARY_LOSS, FinancialState.FORMAL_LOSS}
)
_WHAT_TO_DO = {
    "benefit.no_account": "financial.activate",
    "benefit.not_activated": "financial.activate",
    "benefit.account_lost": "loss.withdraw_formally",
    "benefit.account_closed": "benefit.change_account",
    "benefit.not_relinked": "financial.relink",
}


@dataclass(frozen=True)
class BenefitPolicy:
    """The figures of `benefit.toml`, in days before the pay-out.

    The province's payment list is looked at `look_ahead_days` before; whoever's money would come
    back is told `warn_days_before` it is paid.
    """

    look_ahead_days: int
    warn_days_before: int


@dataclass(frozen=True)
class Account:
    """One card's account: the card's HR state and what its bank told of the account."""

    hr: HrState
    financial: FinancialState


def would_bounce(*, account: Account) -> Refusal | None:
    """Why a payment to this account would not arrive, were it made now; None when it would.

    `account` is where the bank would lead the money now: an account that was moved to a new card
    takes its money along.
    """
    if account.hr is HrState.CANCELLED and account.financial in _IN_USE:
        return _no("benefit.not_relinked")
    return _of_account(account.financial)


def is_warning_due(*, pays_on: date, warned: bool, on: date, figures: BenefitPolicy) -> bool:
    """Whether the holder is told today: once, early enough to go to the bank before the day."""
    first = pays_on - timedelta(days=figures.warn_days_before)
    return not warned and first <= on <= pays_on


def _of_account(state: FinancialState) -> Refusal | None:
    return {
        FinancialState.NONE: _no("benefit.no_account"),
        FinancialState.OPENED: _no("benefit.not_activated"),
        FinancialState.ACTIVATED: None,
        FinancialState.TEMPORARY_LOSS: _no("benefit.account_lost"),
        FinancialState.FORMAL_LOSS: _no("benefit.account_lost"),
        FinancialState.CLOSED: _no("benefit.account_closed"),
    }[state]


def _no(code: str) -> Refusal:
    return Refusal(code, fix=Fix(FixKind.DO_FIRST, {"act": _WHAT_TO_DO[code]}))
