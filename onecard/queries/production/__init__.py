"""制卡岗: batches, failures with their repair, files, discrepancies, promises, cards on their way.

Operators see the whole city; a counter sees its own outlet. Names are masked, numbers of bank
accounts are not shown at all.
"""

from onecard.queries.production.batches import (
    BankWaiting,
    BatchSeen,
    StateCount,
    banks_waiting,
    batch,
    batches,
)
from onecard.queries.production.discrepancies import (
    DiscrepancySeen,
    discrepancies,
    of_own_bank,
)
from onecard.queries.production.failures import FailureSeen, failures
from onecard.queries.production.files import FileSeen, files, unsent_files
from onecard.queries.production.promises import DueSeen, due
from onecard.queries.production.ways import CardOnItsWay, coming_in, ready_to_distribute

__all__ = [
    "BankWaiting",
    "BatchSeen",
    "CardOnItsWay",
    "DiscrepancySeen",
    "DueSeen",
    "FailureSeen",
    "FileSeen",
    "StateCount",
    "banks_waiting",
    "batch",
    "batches",
    "coming_in",
    "discrepancies",
    "due",
    "failures",
    "files",
    "of_own_bank",
    "ready_to_distribute",
    "unsent_files",
]
