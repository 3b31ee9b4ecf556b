"""Applications as people may see them: where one stands, who holds it, what happens next."""

from onecard.queries.application.progress import Progress, StepSeen, mine, of_person, progress
from onecard.queries.application.worklist import Worklist, WorkRow, worklist

__all__ = [
    "Progress",
    "StepSeen",
    "WorkRow",
    "Worklist",
    "mine",
    "of_person",
    "progress",
    "worklist",
]
