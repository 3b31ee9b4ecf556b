"""申领: who may apply for a card, by which channel, with what (rule book 7, 8, 21)."""

from onecard.domain.application.answers import Answers, Guardian
from onecard.domain.application.figures import ApplicationPolicy
from onecard.domain.application.kinds import (
    ApplicationKind,
    AppliedBy,
    Collection,
    MakingMode,
)
from onecard.domain.documents import EmployerPaper

__all__ = [
    "Answers",
    "ApplicationKind",
    "ApplicationPolicy",
    "AppliedBy",
    "Collection",
    "EmployerPaper",
    "Guardian",
    "MakingMode",
]
