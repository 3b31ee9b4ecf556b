"""金融账户转接: the account of the old card is moved to the new one, at the bank (21.5, 18)."""

from __future__ import annotations

from onecard.domain.financial_function import FinancialState
from onecard.domain.refusal import Notice, Refusal

_WITH_ACCOUNT = frozenset(
    {
        FinancialState.OPENED,
        FinancialState.ACTIVATED,
        FinancialState.TEMPORARY_LOSS,
        FinancialState.FORMAL_LOSS,
    }
)


def may_relink(*, old: FinancialState | None, same_bank: bool) -> Refusal | Notice | None:
    """Whether the account of the predecessor can be moved; None for `old`: there was no card.

    An account at another bank is not moved but closed there (12).
    """
    if old is None or not same_bank or old is FinancialState.NONE:
        return Refusal("financial_function.nothing_to_relink")
    if old is FinancialState.CLOSED:
        return Notice("financial_function.already_relinked")
    return None


def is_relink_due(*, old: FinancialState, same_bank: bool) -> bool:
    """Whether money still goes to the account of the card that was just replaced."""
    return same_bank and old in _WITH_ACCOUNT - {FinancialState.OPENED}
