"""How a break is put right: one person proposes, another one approves, nothing changes silently.

A loss never becomes weaker by a reconciliation: it ends by its own withdrawal or lapse (V6).
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from onecard.domain.lifecycle import LifeCycle
from onecard.domain.reconciliation.judging import is_lost, is_stronger
from onecard.domain.reconciliation.kinds import BreakKind, FixKind, FunctionState
from onecard.domain.refusal import Fix, Refusal
from onecard.domain.refusal import FixKind as Way


class BreakState(Enum):
    """Where a break stands."""

    OPEN = "open"
    PROPOSED = "proposed"
    APPROVED = "approved"
    CLOSED = "closed"


class BreakEvent(Enum):
    """What may happen to a break."""

    PROPOSE = "propose"
    DECLINE = "decline"
    APPROVE = "approve"
    FIND_AGAIN = "find_again"
    FIND_EQUAL = "find_equal"


S, E = BreakState, BreakEvent

BREAK = LifeCycle(
    name="reconciliation",
    initial=S.OPEN,
    otherwise="reconciliation.not_in_this_state",
    table={
        (S.OPEN, E.PROPOSE): S.PROPOSED,
        (S.PROPOSED, E.PROPOSE): S.PROPOSED,
        (S.PROPOSED, E.DECLINE): S.OPEN,
        (S.PROPOSED, E.APPROVE): S.APPROVED,
        (S.OPEN, E.FIND_AGAIN): S.OPEN,
        (S.PROPOSED, E.FIND_AGAIN): S.PROPOSED,
        (S.APPROVED, E.FIND_AGAIN): S.OPEN,
        (S.OPEN, E.FIND_EQUAL): S.CLOSED,
        (S.PROPOSED, E.FIND_EQUAL): S.CLOSED,
        (S.APPROVED, E.FIND_EQUAL): S.CLOSED,
    },
)

_OF_BANK: Final = {
    BreakKind.MESSAGE_LATE: FixKind.WAIT,
    BreakKind.MESSAGE_MISSED_HERE: FixKind.FOLLOW,
    BreakKind.MESSAGE_MISSED_THERE: FixKind.TELL,
    BreakKind.MESSAGE_REPEATED: FixKind.TELL,
    BreakKind.ABSENT_HERE: FixKind.ASK,
    BreakKind.ABSENT_THERE: FixKind.TELL,
    BreakKind.LISTED_TWICE: FixKind.ASK,
    BreakKind.NUMBER_DIFFERS: FixKind.FOLLOW,
    BreakKind.ACTIVATION_DIFFERS: FixKind.FOLLOW,
    BreakKind.CLOSED_DIFFERS: FixKind.FOLLOW,
    BreakKind.STRONGER_THERE: FixKind.FOLLOW,
    BreakKind.WEAKER_THERE: FixKind.TELL,
}
_OF_REGISTER: Final = _OF_BANK | {
    BreakKind.MESSAGE_MISSED_HERE: FixKind.TELL,
    BreakKind.NUMBER_DIFFERS: FixKind.ASK,
    BreakKind.ACTIVATION_DIFFERS: FixKind.TELL,
}
"""The bank owns the account and its number; of the HR function of our cards we are the owner."""

_NOTHING_TO_FOLLOW = frozenset(
    {BreakKind.ABSENT_HERE, BreakKind.ABSENT_THERE, BreakKind.LISTED_TWICE, BreakKind.MESSAGE_LATE}
)
_NOTHING_TO_TELL = frozenset(
    {BreakKind.ABSENT_HERE, BreakKind.LISTED_TWICE, BreakKind.MESSAGE_LATE}
)


def suggested(
    *, kind: BreakKind, is_bank: bool, ours: FunctionState | None, theirs: FunctionState | None
) -> FixKind:
    """What is suggested: follow the owner, but tell it where following would weaken a loss."""
    fix = (_OF_BANK if is_bank else _OF_REGISTER)[kind]
    if kind is BreakKind.MESSAGE_MISSED_HERE:
        return fix
    if fix is FixKind.FOLLOW and _weakens(ours, theirs):
        return FixKind.TELL
    return fix


def may_fix(
    *, kind: BreakKind, fix: FixKind, ours: FunctionState | None, theirs: FunctionState | None
) -> Refusal | None:
    """Whether this fix fits the break.

    Only a withdrawal whose message we missed may take a loss away, for then the bank lifted it.
    """
    nothing = {FixKind.FOLLOW: _NOTHING_TO_FOLLOW, FixKind.TELL: _NOTHING_TO_TELL}
    if kind in nothing.get(fix, frozenset()):
        return Refusal("reconciliation.fix_does_not_fit", field="fix")
    missed = kind is BreakKind.MESSAGE_MISSED_HERE
    if fix is FixKind.FOLLOW and not missed and _weakens(ours, theirs):
        return Refusal(
            "reconciliation.would_weaken_loss",
            field="fix",
            fix=Fix(Way.CHANGE_INPUT, {"field": "fix", "to": FixKind.TELL.value}),
        )
    return None


def must_be_second_person(
    *, proposed_by: str, approver: str, is_same_person: bool
) -> Refusal | None:
    """One proposes, another one approves; a second sign-in of one's own is not another one."""
    if proposed_by != approver and not is_same_person:
        return None
    return Refusal(
        "reconciliation.second_person", fix=Fix(Way.ASK_PERSON, {"who": "@reconciliation.operator"})
    )


def must_have_reason(*, reason: str) -> Refusal | None:
    """Why this is right is written down by whoever proposes it."""
    if reason.strip():
        return None
    return Refusal(
        "reconciliation.reason_missing",
        field="reason",
        fix=Fix(Way.CHANGE_INPUT, {"field": "reason"}),
    )


def must_still_be_so(*, found: tuple[str, str], now: tuple[str, str]) -> Refusal | None:
    """Both sides still stand as they did when the break was found; else it is looked at anew."""
    if found == now:
        return None
    return Refusal("reconciliation.moved_on", fix=Fix(Way.DO_FIRST, {"act": "reconciliation.run"}))


def _weakens(ours: FunctionState | None, theirs: FunctionState | None) -> bool:
    if ours is None or theirs is None or not is_lost(ours):
        return False
    return is_stronger(ours, theirs)
