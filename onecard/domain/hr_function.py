"""人社功能: the HR function of a card and its life cycle (rule book 17).

Its owner is the province's HR card database. Third-party status codes (0/1/2/3/4/9) are mapped in
the HR adapter only. That a withdrawal is closed once a replacement was applied for is said beside
the table, by the loss rules.
"""

from __future__ import annotations

from enum import Enum

from onecard.domain.lifecycle import LifeCycle
from onecard.domain.refusal import Notice, Refusal


class HrState(Enum):
    """Where the HR function stands."""

    SEALED = "sealed"
    NORMAL = "normal"
    TEMPORARY_LOSS = "temporary_loss"
    FORMAL_LOSS = "formal_loss"
    LOCKED = "locked"
    CANCELLED = "cancelled"


class HrEvent(Enum):
    """What may happen to the HR function."""

    ENABLE = "enable"
    REPORT_TEMPORARY = "report_temporary"
    LAPSE = "lapse"
    WITHDRAW_TEMPORARY = "withdraw_temporary"
    REPORT_FORMAL = "report_formal"
    WITHDRAW_FORMAL = "withdraw_formal"
    APPLY_REPLACEMENT = "apply_replacement"
    APPLY_EXCHANGE = "apply_exchange"
    SUCCESSOR_ENABLED = "successor_enabled"
    LOCK = "lock"
    UNLOCK = "unlock"
    CANCEL = "cancel"


S, E = HrState, HrEvent
_NOT_REPORTED = Notice("loss.not_reported")
_CANCELLED = Refusal("hr_function.cancelled")
LOST_STATES = frozenset({S.TEMPORARY_LOSS, S.FORMAL_LOSS})
"""Reported lost, either way."""

_LOST = {
    state: Refusal("hr_function.lost", measured={"state": f"@hr_function.state.{state.value}"})
    for state in (S.TEMPORARY_LOSS, S.FORMAL_LOSS)
}
_NOT_LOCKED = Notice("hr_function.not_locked")

HR_FUNCTION = LifeCycle(
    name="hr_function",
    initial=S.SEALED,
    table={
        # A made card is sealed until its holder has collected and enabled it (11).
        (S.SEALED, E.ENABLE): S.NORMAL,
        (S.SEALED, E.REPORT_TEMPORARY): Refusal("loss.card_not_enabled"),
        (S.SEALED, E.WITHDRAW_TEMPORARY): _NOT_REPORTED,
        (S.SEALED, E.REPORT_FORMAL): Refusal("loss.card_not_enabled"),
        (S.SEALED, E.WITHDRAW_FORMAL): _NOT_REPORTED,
        (S.SEALED, E.APPLY_REPLACEMENT): Refusal("replacement.collect_first"),
        (S.SEALED, E.APPLY_EXCHANGE): Refusal("replacement.collect_first"),
        (S.SEALED, E.UNLOCK): _NOT_LOCKED,
        (S.SEALED, E.CANCEL): S.CANCELLED,
        # In use.
        (S.NORMAL, E.ENABLE): Notice("hr_function.already_enabled"),
        (S.NORMAL, E.REPORT_TEMPORARY): S.TEMPORARY_LOSS,
        (S.NORMAL, E.WITHDRAW_TEMPORARY): _NOT_REPORTED,
        (S.NORMAL, E.REPORT_FORMAL): S.FORMAL_LOSS,
        (S.NORMAL, E.WITHDRAW_FORMAL): _NOT_REPORTED,
        (S.NORMAL, E.APPLY_REPLACEMENT): Refusal("replacement.formal_loss_first"),
        (S.NORMAL, E.APPLY_EXCHANGE): S.NORMAL,
        (S.NORMAL, E.SUCCESSOR_ENABLED): S.CANCELLED,
        (S.NORMAL, E.LOCK): S.LOCKED,
        (S.NORMAL, E.UNLOCK): _NOT_LOCKED,
        (S.NORMAL, E.CANCEL): S.CANCELLED,
        # Lost for now: lapses by time alone, or becomes formal (20.1, 20.3).
        (S.TEMPORARY_LOSS, E.ENABLE): _LOST[S.TEMPORARY_LOSS],
        (S.TEMPORARY_LOSS, E.REPORT_TEMPORARY): Notice("loss.already_temporary"),
        (S.TEMPORARY_LOSS, E.LAPSE): S.NORMAL,
        (S.TEMPORARY_LOSS, E.WITHDRAW_TEMPORARY): S.NORMAL,
        (S.TEMPORARY_LOSS, E.REPORT_FORMAL): S.FORMAL_LOSS,
        (S.TEMPORARY_LOSS, E.WITHDRAW_FORMAL): Refusal("loss.is_temporary"),
        (S.TEMPORARY_LOSS, E.APPLY_REPLACEMENT): Refusal("replacement.formal_loss_first"),
        (S.TEMPORARY_LOSS, E.APPLY_EXCHANGE): Refusal("replacement.card_is_lost"),
        (S.TEMPORARY_LOSS, E.LOCK): S.TEMPORARY_LOSS,
        (S.TEMPORARY_LOSS, E.UNLOCK): _LOST[S.TEMPORARY_LOSS],
        (S.TEMPORARY_LOSS, E.CANCEL): S.CANCELLED,
        # Lost for good: never lapses.
        (S.FORMAL_LOSS, E.ENABLE): _LOST[S.FORMAL_LOSS],
        (S.FORMAL_LOSS, E.REPORT_TEMPORARY): Notice("loss.already_formal"),
        (S.FORMAL_LOSS, E.WITHDRAW_TEMPORARY): Refusal("loss.is_formal"),
        (S.FORMAL_LOSS, E.REPORT_FORMAL): Notice("loss.already_formal"),
        (S.FORMAL_LOSS, E.WITHDRAW_FORMAL): S.NORMAL,
        (S.FORMAL_LOSS, E.APPLY_REPLACEMENT): S.FORMAL_LOSS,
        (S.FORMAL_LOSS, E.APPLY_EXCHANGE): Refusal("replacement.card_is_lost"),
        (S.FORMAL_LOSS, E.SUCCESSOR_ENABLED): S.CANCELLED,
        (S.FORMAL_LOSS, E.LOCK): S.FORMAL_LOSS,
        (S.FORMAL_LOSS, E.UNLOCK): _LOST[S.FORMAL_LOSS],
        (S.FORMAL_LOSS, E.CANCEL): S.CANCELLED,
        # Too many wrong PINs (13); a loss report still protects the citizen.
        (S.LOCKED, E.ENABLE): Notice("hr_function.already_enabled"),
        (S.LOCKED, E.REPORT_TEMPORARY): S.TEMPORARY_LOSS,
        (S.LOCKED, E.WITHDRAW_TEMPORARY): _NOT_REPORTED,
        (S.LOCKED, E.REPORT_FORMAL): S.FORMAL_LOSS,
        (S.LOCKED, E.WITHDRAW_FORMAL): _NOT_REPORTED,
        (S.LOCKED, E.APPLY_REPLACEMENT): Refusal("replacement.locked_unlock_first"),
        (S.LOCKED, E.APPLY_EXCHANGE): S.LOCKED,
        (S.LOCKED, E.SUCCESSOR_ENABLED): S.CANCELLED,
        (S.LOCKED, E.LOCK): S.LOCKED,
        (S.LOCKED, E.UNLOCK): S.NORMAL,
        (S.LOCKED, E.CANCEL): S.CANCELLED,
        # The end: terminal (V7).
        (S.CANCELLED, E.ENABLE): _CANCELLED,
        (S.CANCELLED, E.REPORT_TEMPORARY): _CANCELLED,
        (S.CANCELLED, E.WITHDRAW_TEMPORARY): _CANCELLED,
        (S.CANCELLED, E.REPORT_FORMAL): _CANCELLED,
        (S.CANCELLED, E.WITHDRAW_FORMAL): _CANCELLED,
        (S.CANCELLED, E.APPLY_REPLACEMENT): Refusal("replacement.no_card"),
        (S.CANCELLED, E.APPLY_EXCHANGE): Refusal("replacement.no_card"),
        (S.CANCELLED, E.UNLOCK): _CANCELLED,
        (S.CANCELLED, E.CANCEL): Notice("card.already_cancelled"),
    },
)

LIVE = frozenset(HrState) - {HrState.CANCELLED}
"""A card is live while its HR function is not cancelled (V2)."""

IN_USE = frozenset({HrState.NORMAL, HrState.TEMPORARY_LOSS, HrState.LOCKED})
"""At most one card of a person is in one of these states (V3)."""


def may_be_used(*, state: HrState, with_pin: bool = False) -> Refusal | None:
    """Whether a card opens HR business and medical settlement: the exact reason if not (17.3).

    A locked card can still be read; only what asks for the PIN is closed.
    """
    if state in _LOST:
        return _LOST[state]
    if state is S.SEALED:
        return Refusal("hr_function.not_enabled")
    if state is S.CANCELLED:
        return _CANCELLED
    return Refusal("hr_function.locked") if with_pin and state is S.LOCKED else None
