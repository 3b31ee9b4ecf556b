"""Moving a card one step on, with the line in its history that goes with it.

The card is held by the act that calls; what the life cycle's table refuses is raised.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from onecard.actions._keeping import policy_version
from onecard.domain.authority import Actor
from onecard.domain.hr_function import HR_FUNCTION, HrEvent, HrState
from onecard.domain.refusal import Notice
from onecard.records.models import Card, Transition
from onecard.seams.world import world


def move_hr(card: Card, event: HrEvent, *, reason: str, by: Actor, at: datetime) -> Notice | None:
    """Move the HR function of a card by one event and save it; a `Notice` where nothing changes.

    Raises what the table says: `Refused`, or `NotInTable` for what no person can cause.
    """
    was = card.hr_state
    now = HR_FUNCTION.after(was, event)
    if isinstance(now, Notice):
        return now
    card.hr_state = now
    card.loss_ends_at = None
    card.save(update_fields=["hr_state", "loss_ends_at"])
    transition(card, function="hr", was=was, now=now, reason=reason, by=by, at=at)
    return None


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
