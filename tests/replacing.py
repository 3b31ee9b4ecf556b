"""What the tests of replacing, exchanging and planning begin with: a case nobody can refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from onecard import policy
from onecard.domain.application import Asked
from onecard.domain.card import CardPolicy
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.planner import PlannerFigures
from onecard.domain.refund import RefundPolicy
from onecard.domain.replacement import (
    Confirmation,
    ExchangeReason,
    OldCard,
    ReplacementFigures,
    ReplacementPolicy,
    Replacing,
)
from onecard.domain.transit_purse import TransitState
from tests import applying, cast

CONFIRMED = tuple(Confirmation)
LOST = OldCard(
    state=HrState.FORMAL_LOSS,
    generation=3,
    bank="icbc",
    valid_to=date(2031, 3, 2),
    financial=FinancialState.FORMAL_LOSS,
    transit=TransitState.OPEN,
)
WORN = replace(
    LOST,
    state=HrState.NORMAL,
    financial=FinancialState.ACTIVATED,
    transit=TransitState.CLOSED,
)
TOLD_OF_LOSS = Replacing(confirmed=CONFIRMED, base_data_right=True)
TOLD_OF_WEAR = Replacing(reason=ExchangeReason.DAMAGED)


def figures(on: date = cast.MONDAY, **changes: Any) -> ReplacementFigures:
    """The figures of Changzhou, some of them changed."""
    rules = policy.in_force("replacement", ReplacementPolicy, on=on)
    return ReplacementFigures(
        **vars(applying.figures(on)),
        card=policy.in_force("card", CardPolicy, on=on),
        replacement=replace(rules, **changes),
    )


def planner_figures(on: date = cast.MONDAY) -> PlannerFigures:
    """The figures a plan is made by."""
    return PlannerFigures(
        **vars(figures(on)), refund=policy.in_force("refund", RefundPolicy, on=on)
    )


def shown(**changes: Any) -> Asked:
    """The holder at a service outlet, with papers, portrait and the old card."""
    return applying.at_counter(old_card_shown=True, **changes)
