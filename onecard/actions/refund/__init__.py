"""退值 Purse refund: asked for at a direct outlet, proven by the chip, paid once."""

from onecard.actions.refund._refunds import RefundReceipt
from onecard.actions.refund.asking import ask, register_unreadable, withdraw
from onecard.actions.refund.emptying import DEBIT, DEBIT_PART, EMPTY, EMPTY_PART
from onecard.actions.refund.paying import pay_out
from onecard.actions.refund.tapping import PART as TAP_PART
from onecard.actions.refund.tapping import TAP, begin

PARTS = {TAP: TAP_PART, EMPTY: EMPTY_PART, DEBIT: DEBIT_PART}

__all__ = [
    "PARTS",
    "RefundReceipt",
    "ask",
    "begin",
    "pay_out",
    "register_unreadable",
    "withdraw",
]
