"""最少跑一次: the shortest order of visits for what somebody wants (novel B5).

Pure over the rules that guard the acts themselves: a plan cannot promise what a counter refuses.
"""

from onecard.domain.planner.asking import may_do
from onecard.domain.planner.doing import after, is_reached
from onecard.domain.planner.kinds import (
    Act,
    Case,
    Place,
    Plan,
    PlannedAct,
    PlannerFigures,
    Situation,
    Visit,
    Wish,
)
from onecard.domain.planner.planning import plan

__all__ = [
    "Act",
    "Case",
    "Place",
    "Plan",
    "PlannedAct",
    "PlannerFigures",
    "Situation",
    "Visit",
    "Wish",
    "after",
    "is_reached",
    "may_do",
    "plan",
]
