"""Which of the twelve kinds a difference is: the cause is told from what was said and confirmed.

First what the books list at all, then messages (on their way, missed, repeated), and only what no
message explains is a difference of states.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.reconciliation.kinds import (
    BreakKind,
    FunctionState,
    Ours,
    ReconciliationPolicy,
    Theirs,
)

_STRENGTH: Final[tuple[FunctionState, ...]] = (
    FinancialState.NONE,
    FinancialState.OPENED,
    HrState.SEALED,
    FinancialState.ACTIVATED,
    HrState.NORMAL,
    HrState.LOCKED,
    FinancialState.TEMPORARY_LOSS,
    HrState.TEMPORARY_LOSS,
    FinancialState.FORMAL_LOSS,
    HrState.FORMAL_LOSS,
    FinancialState.CLOSED,
    HrState.CANCELLED,
)
"""The weakest protection first (V6)."""
_LOST = frozenset(
    {
        FinancialState.TEMPORARY_LOSS,
        FinancialState.FORMAL_LOSS,
        HrState.TEMPORARY_LOSS,
        HrState.FORMAL_LOSS,
    }
)
_ENDED = frozenset({FinancialState.CLOSED, HrState.CANCELLED})
_NOT_IN_USE = frozenset({FinancialState.NONE, FinancialState.OPENED, HrState.SEALED})


def judge(
    *, ours: Ours | None, theirs: Theirs | None, at: datetime, figures: ReconciliationPolicy
) -> BreakKind | None:
    """The kind of a difference, or None where both books say the same. One side may be absent."""
    if ours is None or theirs is None:
        return _of_lists(ours, theirs)
    if theirs.listed > 1:
        return BreakKind.LISTED_TWICE
    if ours.number and theirs.number and ours.number != theirs.number:
        return BreakKind.NUMBER_DIFFERS
    if ours.state is theirs.state:
        return None
    return _of_messages(ours, theirs, at, figures) or _of_states(ours, theirs)


def is_lost(state: FunctionState) -> bool:
    """Whether the function stands reported lost."""
    return state in _LOST


def is_stronger(state: FunctionState, other: FunctionState) -> bool:
    """Whether a state protects the holder more than another of the same function."""
    return _STRENGTH.index(state) > _STRENGTH.index(other)


def _of_lists(ours: Ours | None, theirs: Theirs | None) -> BreakKind | None:
    if ours is None:
        return BreakKind.ABSENT_HERE if theirs else None
    return BreakKind.MESSAGE_LATE if ours.on_its_way else BreakKind.ABSENT_THERE


def _of_messages(
    ours: Ours, theirs: Theirs, at: datetime, figures: ReconciliationPolicy
) -> BreakKind | None:
    """What a message explains: ours that is not there, theirs that is not here, one told twice."""
    if ours.on_its_way:
        return BreakKind.MESSAGE_LATE
    if theirs.sequence > ours.sequence:
        recent = _is_recent(theirs.changed_at, at, figures)
        return BreakKind.MESSAGE_LATE if recent else BreakKind.MESSAGE_MISSED_HERE
    took_note = 0 < ours.version <= theirs.version
    if ours.given_up and not took_note:
        return BreakKind.MESSAGE_MISSED_THERE
    if theirs.version < ours.version:
        known = ours.confirmed > theirs.version
        names = frozenset(theirs.loss.split())
        if known and names and names <= ours.over:
            return BreakKind.MESSAGE_REPEATED
        if ours.confirmed < ours.version:
            return BreakKind.MESSAGE_MISSED_THERE
    return None


def _of_states(ours: Ours, theirs: Theirs) -> BreakKind:
    both = {ours.state, theirs.state}
    if both & _ENDED:
        return BreakKind.CLOSED_DIFFERS
    if both & _NOT_IN_USE and not both & _LOST:
        return BreakKind.ACTIVATION_DIFFERS
    stronger = is_stronger(theirs.state, ours.state)
    return BreakKind.STRONGER_THERE if stronger else BreakKind.WEAKER_THERE


def _is_recent(changed_at: datetime | None, at: datetime, figures: ReconciliationPolicy) -> bool:
    """Their clock may be off; whoever is ahead of us has certainly changed it just now."""
    if changed_at is None:
        return False
    return at - changed_at < timedelta(minutes=figures.message_late_minutes)
