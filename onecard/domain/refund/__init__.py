"""退值: what is left in a transit purse goes back to its holder, on proof only (rule book 22.5)."""

from onecard.domain.refund.rules import (
    Refunding,
    RefundPolicy,
    RefundReason,
    Way,
    may_pay_out,
    may_refund,
    may_refund_all,
    must_be_direct_outlet,
    must_be_present,
    must_have_reason,
    outlet_kind_of,
)
from onecard.domain.refund.states import (
    DRAIN_OPEN,
    REFUND,
    RefundEvent,
    RefundState,
    after_drain,
)

__all__ = [
    "DRAIN_OPEN",
    "REFUND",
    "RefundEvent",
    "RefundPolicy",
    "RefundReason",
    "RefundState",
    "Refunding",
    "Way",
    "after_drain",
    "may_pay_out",
    "may_refund",
    "may_refund_all",
    "must_be_direct_outlet",
    "must_be_present",
    "must_have_reason",
    "outlet_kind_of",
]
