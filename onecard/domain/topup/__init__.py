"""充值: the states of an order, what a tap proves, and who may do what (rule book 22).

The chip is the truth. Money is written once and never paid back on anybody's word: a positive
proof is a TAC that custody verified, a negative one a fresh answer to an unpredictable question.
"""

from onecard.domain.topup.evidence import (
    NEGATIVE,
    NOTHING,
    PAYS_BACK,
    POSITIVE,
    Attempt,
    AttemptKind,
    AttemptState,
    Evidence,
    Facts,
    Fresh,
    Verdict,
    resolve,
)
from onecard.domain.topup.figures import TopUpPolicy
from onecard.domain.topup.kinds import (
    ATTEMPT_OPEN,
    HOLDING,
    TOPUP,
    UNFINISHED,
    OrderEvent,
    OrderState,
    after,
)
from onecard.domain.topup.rules import (
    Opening,
    Writing,
    is_silent,
    largest_allowed_fen,
    may_ask_payment_refund,
    may_authorise,
    may_decide,
    may_open,
    may_open_all,
    may_propose,
    may_tap_again,
    must_be_refundable,
    must_not_be_expired,
    offered_fen,
)

__all__ = [
    "ATTEMPT_OPEN",
    "HOLDING",
    "NEGATIVE",
    "NOTHING",
    "PAYS_BACK",
    "POSITIVE",
    "TOPUP",
    "UNFINISHED",
    "Attempt",
    "AttemptKind",
    "AttemptState",
    "Evidence",
    "Facts",
    "Fresh",
    "Opening",
    "OrderEvent",
    "OrderState",
    "TopUpPolicy",
    "Verdict",
    "Writing",
    "after",
    "is_silent",
    "largest_allowed_fen",
    "may_ask_payment_refund",
    "may_authorise",
    "may_decide",
    "may_open",
    "may_open_all",
    "may_propose",
    "may_tap_again",
    "must_be_refundable",
    "must_not_be_expired",
    "offered_fen",
    "resolve",
]
