"""How an application takes a step of its life cycle: state, holder, history, in one place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from onecard.domain.authority import Actor
from onecard.domain.production import (
    FAILURES,
    PRODUCTION,
    ProductionEvent,
    ProductionState,
    holder_of,
)
from onecard.records.models import Application, Step

LONGEST_REASON = 120


def step(
    application: Application,
    event: ProductionEvent,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    **columns: Any,
) -> None:
    """Let a held application take one step, and keep it in its history.

    Further `columns` of the row are written with it. A failure keeps its reason in `failure`; any
    other step clears that. Raises `Refused("production.not_in_this_state")`.
    """
    before = application.state
    after = PRODUCTION.after(before, event)
    if not isinstance(after, ProductionState):
        raise TypeError(after)
    reason = reason[:LONGEST_REASON]
    changed = {
        "state": after,
        "state_since": at,
        "failure": reason if event in FAILURES else "",
        "holder_of_the_moment": holder_of(
            state=after, mode=application.making_mode, bank=application.bank
        ),
        **columns,
    }
    for column, value in changed.items():
        setattr(application, column, value)
    application.save(update_fields=list(changed))
    keep_step(application, event.value, before=before.value, by=by, at=at, reason=reason)


def keep_step(
    application: Application, event: str, *, before: str, by: Actor, at: datetime, reason: str = ""
) -> None:
    """One line in the history of an application; `before` is the state it comes from."""
    Step.objects.create(
        application=application,
        event=event,
        from_state=before,
        to_state=application.state.value,
        reason=reason,
        actor_role=by.role,
        actor_ref=by.ref,
        at=at,
    )
