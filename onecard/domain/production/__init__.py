"""制卡: from a submitted application to a card in the holder's hand (rule book 9).

accept -> batch -> the bank opens the account first -> card vendor -> distribution -> collection.
Two separate failure points, each with a reason, each repairable and re-runnable.
"""

from onecard.domain.production.holders import Holder, holder_of
from onecard.domain.production.life import (
    FAILURES,
    OPEN,
    PRODUCTION,
    ProductionEvent,
    ProductionState,
)
from onecard.domain.production.promise import (
    OWED,
    ProductionPolicy,
    Promise,
    PromiseStage,
    next_date,
    promise_for,
    review_due_on,
    stage_on,
)

__all__ = [
    "FAILURES",
    "OPEN",
    "OWED",
    "PRODUCTION",
    "Holder",
    "ProductionEvent",
    "ProductionPolicy",
    "ProductionState",
    "Promise",
    "PromiseStage",
    "holder_of",
    "next_date",
    "promise_for",
    "review_due_on",
    "stage_on",
]
