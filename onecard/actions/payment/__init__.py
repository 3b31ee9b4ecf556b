"""付款: somebody is sent to pay, the channel tells or is asked, what paid for nothing goes back.

Notices come late, twice, forged or never; each has its effect once, and none is needed, because
the channel is asked about every payment that stays silent.
"""

from onecard.actions.payment.asking import ask, ask_due
from onecard.actions.payment.confirming import Heard, PaidReceipt, apply_due, confirm
from onecard.actions.payment.notices import NoticeReceipt, take_notice
from onecard.actions.payment.refunding import RefundReceipt, refund_due, try_again
from onecard.actions.payment.starting import PaymentReceipt, start

__all__ = [
    "Heard",
    "NoticeReceipt",
    "PaidReceipt",
    "PaymentReceipt",
    "RefundReceipt",
    "apply_due",
    "ask",
    "ask_due",
    "confirm",
    "refund_due",
    "start",
    "take_notice",
    "try_again",
]
