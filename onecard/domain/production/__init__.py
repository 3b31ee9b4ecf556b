"""制卡: from a submitted application to a card in the holder's hand (rule book 9).

accept -> batch -> the bank opens the account first -> card vendor -> distribution -> collection.
Two separate failure points, each with a reason, each repairable and re-runnable.
"""

from onecard.domain.production.held_back import (
    held_back_facts,
    held_back_refusal,
    held_back_word,
)
from onecard.domain.production.holders import Holder, holder_of
from onecard.domain.production.life import (
    FAILURES,
    OPEN,
    PRODUCTION,
    ProductionEvent,
    ProductionState,
    may_issue_instantly,
)
from onecard.domain.production.promise import (
    OWED,
    ProductionPolicy,
    Promise,
    PromiseStage,
    may_leave,
    may_load_finance,
    next_date,
    promise_for,
    ready_to_leave,
    review_due_on,
    stage_on,
)
from onecard.domain.production.returns import (
    InUse,
    LineVerdict,
    Misfit,
    Ordered,
    event_of_account,
    event_of_card,
    misfits_of_account,
    misfits_of_card,
)

__all__ = [
    "FAILURES",
    "OPEN",
    "OWED",
    "PRODUCTION",
    "Holder",
    "InUse",
    "LineVerdict",
    "Misfit",
    "Ordered",
    "ProductionEvent",
    "ProductionPolicy",
    "ProductionState",
    "Promise",
    "PromiseStage",
    "event_of_account",
    "event_of_card",
    "held_back_facts",
    "held_back_refusal",
    "held_back_word",
    "holder_of",
    "may_issue_instantly",
    "may_leave",
    "may_load_finance",
    "misfits_of_account",
    "misfits_of_card",
    "next_date",
    "promise_for",
    "ready_to_leave",
    "review_due_on",
    "stage_on",
]
