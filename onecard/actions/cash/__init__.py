"""网点现金: a clerk's drawer: opened with a float, taken into, paid out of, counted, closed."""

from onecard.actions.cash.counter import CashReceipt, pay_back, take_topup
from onecard.actions.cash.shifts import (
    ShiftReceipt,
    approve_difference,
    count,
    count_again,
    open_shift,
)

__all__ = [
    "CashReceipt",
    "ShiftReceipt",
    "approve_difference",
    "count",
    "count_again",
    "open_shift",
    "pay_back",
    "take_topup",
]
