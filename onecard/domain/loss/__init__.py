"""挂失: what may be reported lost, by whom and where, for how long, and who may take it back.

Rule book 20. A loss is a report that causes events on the HR and the financial function; there is
no third side, for the transit purse knows no loss.
"""

from onecard.domain.card import hr_state_at
from onecard.domain.loss.kinds import Counting, LossKind, LossPolicy, OpenLoss, Side
from onecard.domain.loss.outcome import (
    FormalOutcome,
    formal_at_bank,
    formal_hr_only,
    withdrawn_at_bank,
    withdrawn_hr_only,
)
from onecard.domain.loss.periods import reminder_due, temporary_ends_at
from onecard.domain.loss.phone import (
    Given,
    Known,
    may_report_again_today,
    may_report_by_phone,
    must_be_current_call,
    must_be_identified,
)
from onecard.domain.loss.places import (
    may_be_reported_by_agent,
    may_report_formally_here,
    may_report_transit,
    may_withdraw_formal_here,
    may_withdraw_formal_online,
    may_withdraw_temporary_here,
    must_be_card_face_bank,
)
from onecard.domain.loss.withdrawing import (
    may_be_only_card_in_use,
    may_withdraw_after,
    must_name_the_loss,
)

__all__ = [
    "Counting",
    "FormalOutcome",
    "Given",
    "Known",
    "LossKind",
    "LossPolicy",
    "OpenLoss",
    "Side",
    "formal_at_bank",
    "formal_hr_only",
    "hr_state_at",
    "may_be_only_card_in_use",
    "may_be_reported_by_agent",
    "may_report_again_today",
    "may_report_by_phone",
    "may_report_formally_here",
    "may_report_transit",
    "may_withdraw_after",
    "may_withdraw_formal_here",
    "may_withdraw_formal_online",
    "may_withdraw_temporary_here",
    "must_be_card_face_bank",
    "must_be_current_call",
    "must_be_identified",
    "must_name_the_loss",
    "reminder_due",
    "temporary_ends_at",
    "withdrawn_at_bank",
    "withdrawn_hr_only",
]
