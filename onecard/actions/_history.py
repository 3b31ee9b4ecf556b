"""Moving a card one step on, with the line in its history that goes with it.

The card is held by the act that calls; what the life cycle's table refuses is raised. Before
anything else a temporary loss whose time is over lapses, so that nobody decides on what was; and a
function that leaves a loss behind, by whatever way, ends the loss that stood.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from onecard.actions._keeping import policy_version
from onecard.actions._telling_of_loss import tell_of_loss
from onecard.domain.authority import THE_CLOCK, Actor
from onecard.domain.financial_function import FINANCIAL_FUNCTION, FinancialEvent
from onecard.domain.hr_function import HR_FUNCTION, HrEvent, HrState
from onecard.domain.loss import Side
from onecard.domain.refusal import Notice
from onecard.records.models import Card, LossSide, Transition
from onecard.seams.world import world

LAPSED = "lapsed"
_SIDES = {side.value: side for side in Side}


def move_hr(card: Card, event: HrEvent, *, reason: str, by: Actor, at: datetime) -> Notice | None:
    """Move the HR function of a card by one event and save it; a `Notice` where nothing changes.

    Raises what the table says: `Refused`, or `NotInTable` for what no person can cause.
    """
    lapse_if_over(card, at=at)
    was = card.hr_state
    now = HR_FUNCTION.after(was, event)
    if isinstance(now, Notice):
        return now
    if now is not was:
        card.hr_state, card.loss_ends_at = now, None
        card.save(update_fields=["hr_state", "loss_ends_at"])
    transition(card, function="hr", was=was, now=now, reason=reason, by=by, at=at)
    return None


def move_financial(
    card: Card, event: FinancialEvent, *, reason: str, by: Actor, at: datetime
) -> Notice | None:
    """Move the financial function of a card as its bank says; as `move_hr`."""
    was = card.financial_state
    now = FINANCIAL_FUNCTION.after(was, event)
    if isinstance(now, Notice):
        return now
    card.financial_state = now
    card.save(update_fields=["financial_state"])
    transition(card, function="financial", was=was, now=now, reason=reason, by=by, at=at)
    return None


def lapse_if_over(card: Card, *, at: datetime) -> bool:
    """Write down that a temporary loss is over, if it is; the register and the holder are told.

    The line in the history bears the instant at which it ended, however late it is written.
    """
    ended_at = card.loss_ends_at
    if ended_at is None or card.state_at(at) is card.hr_state:
        return False
    side = open_side(card, Side.HR)
    was, card.hr_state, card.loss_ends_at = card.hr_state, HrState.NORMAL, None
    card.save(update_fields=["hr_state", "loss_ends_at"])
    transition(
        card, function="hr", was=was, now=HrState.NORMAL, reason=LAPSED, by=THE_CLOCK, at=ended_at
    )
    tell_of_loss(
        "loss.temporary.lapsed",
        card,
        side.report if side else None,
        at=at,
        state=HrState.NORMAL.value,
        until=ended_at.isoformat(),
    )
    return True


def begin_card(card: Card, *, reason: str, by: Actor, at: datetime) -> None:
    """The first line in the history of a card that was just made: from nothing to SEALED."""
    transition(card, function="hr", was=None, now=HrState.SEALED, reason=reason, by=by, at=at)


def transition(
    card: Card,
    *,
    function: str,
    was: Enum | None,
    now: Enum,
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    """One line in the history of a card; `function` is hr, financial or transit.

    Lines are numbered without a gap, for the card is held; `state_version` is the last number.
    """
    last = Transition.objects.filter(card=card).order_by("-sequence").first()
    card.state_version = last.sequence + 1 if last else 1
    card.save(update_fields=["state_version"])
    Transition.objects.create(
        ref=world().ids.new("trn"),
        card=card,
        function=function,
        from_state=str(was.value) if was else "",
        to_state=str(now.value),
        reason=reason,
        sequence=card.state_version,
        actor_role=by.role.value,
        actor_ref=by.ref,
        channel=by.channel.value,
        policy_version=policy_version(),
        at=at,
    )
    side = open_side(card, _SIDES[function]) if was is not now and function in _SIDES else None
    if side is not None:
        _end(side, card, reason, by=by, at=at)


def open_side(card: Card, function: Side) -> LossSide | None:
    """The loss of a function that stands, if one does."""
    sides = LossSide.objects.filter(card=card, function=function, ended_at=None)
    return sides.select_related("report").first()


def _end(side: LossSide, card: Card, how: str, *, by: Actor, at: datetime) -> None:
    """What stood reported lost is over."""
    card.loss_version += 1
    card.save(update_fields=["loss_version"])
    side.ended_at, side.ended_how = at, how
    side.ended_channel, side.ended_role, side.ended_ref = by.channel.value, by.role.value, by.ref
    side.save(update_fields=["ended_at", "ended_how", "ended_channel", "ended_role", "ended_ref"])
