"""挂失: losses are reported, taken back, lapse by themselves; others learn of it at once.

A report takes effect here in its own transaction, whatever happens outside. The card-face bank is
then told while the citizen waits, for a short time only; the outbox tells whoever was not reached.
"""

from onecard.actions._losing import Elsewhere, LossReceipt
from onecard.actions.loss.at_bank import report_formally_at_bank, withdraw_formally
from onecard.actions.loss.banks_own import take_formal_report, take_withdrawal
from onecard.actions.loss.calls import CallerReceipt, identify_caller
from onecard.actions.loss.hr_side import (
    report_formally_at_counter,
    report_formally_online,
    withdraw_formally_online,
)
from onecard.actions.loss.lapsing import LapseReceipt, lapse, lapse_due, remind, remind_due
from onecard.actions.loss.temporary import (
    report_temporary,
    report_temporary_online,
    withdraw_temporary,
)

__all__ = [
    "CallerReceipt",
    "Elsewhere",
    "LapseReceipt",
    "LossReceipt",
    "identify_caller",
    "lapse",
    "lapse_due",
    "remind",
    "remind_due",
    "report_formally_at_bank",
    "report_formally_at_counter",
    "report_formally_online",
    "report_temporary",
    "report_temporary_online",
    "take_formal_report",
    "take_withdrawal",
    "withdraw_formally",
    "withdraw_formally_online",
    "withdraw_temporary",
]
