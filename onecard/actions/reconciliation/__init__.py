"""对账: our states beside each bank's and the register's, every day and whenever somebody asks.

Differences are told apart by their cause, shown with a suggestion, and put right by two persons;
never silently.
"""

from onecard.actions.reconciliation.fixing import (
    approve,
    approve_fix,
    decline_fix,
    propose_fix,
)
from onecard.actions.reconciliation.keeping import (
    BreakReceipt,
    RunReceipt,
    Swept,
    begin,
    end,
    keep_break,
)
from onecard.actions.reconciliation.sweeping import parties, run, run_due

__all__ = [
    "BreakReceipt",
    "RunReceipt",
    "Swept",
    "approve",
    "approve_fix",
    "begin",
    "decline_fix",
    "end",
    "keep_break",
    "parties",
    "propose_fix",
    "run",
    "run_due",
]
