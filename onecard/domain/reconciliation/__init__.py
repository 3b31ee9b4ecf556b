"""对账: whether others hold the same states as we do, why not, and how it is put right by two."""

from onecard.domain.reconciliation.digest import Digest
from onecard.domain.reconciliation.fixing import (
    BREAK,
    BreakEvent,
    BreakState,
    may_fix,
    must_be_second_person,
    must_have_reason,
    must_still_be_so,
    suggested,
)
from onecard.domain.reconciliation.judging import is_lost, is_stronger, judge
from onecard.domain.reconciliation.kinds import (
    BreakKind,
    FixKind,
    FunctionState,
    Ours,
    ReconciliationPolicy,
    Theirs,
)

__all__ = [
    "BREAK",
    "BreakEvent",
    "BreakKind",
    "BreakState",
    "Digest",
    "FixKind",
    "FunctionState",
    "Ours",
    "ReconciliationPolicy",
    "Theirs",
    "is_lost",
    "is_stronger",
    "judge",
    "may_fix",
    "must_be_second_person",
    "must_have_reason",
    "must_still_be_so",
    "suggested",
]
