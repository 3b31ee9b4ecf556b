"""A person's history: what was done, what was refused and why, who looked. Kept by the audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onecard import words
from onecard.domain.authority import Actor, Role
from onecard.domain.refusal import NotFound
from onecard.records.models import AuditRow

MOST = 500
"""No history is shown longer; the auditor's pages have all of it."""


@dataclass(frozen=True)
class HistoryLine:
    """One act. `act` is a key of words; `refusal` the code of a refusal, empty when it was done."""

    at: datetime
    act: str
    done: bool
    refusal: str
    facts: dict[str, Any]
    about: str
    channel: str
    by_role: str
    by_themself: bool


def history(*, person: str, as_seen_by: Actor) -> tuple[HistoryLine, ...]:
    """Everything that concerned a person, the newest first. Raises `NotFound` for another citizen.

    Who acted is told by role only: a clerk is a clerk, and third parties are nobody's business.
    """
    if as_seen_by.role is Role.CITIZEN and as_seen_by.ref != person:
        raise NotFound("Person")
    rows = AuditRow.objects.filter(concerning=person).order_by("-at", "-id")[:MOST]
    return tuple(_line(row, person) for row in rows)


def _line(row: AuditRow, person: str) -> HistoryLine:
    return HistoryLine(
        at=row.at,
        act=_act_word(row.act),
        done=row.result == "done",
        refusal=row.code,
        facts=dict(row.facts),
        about=row.about,
        channel=f"channels.channel.{row.channel}",
        by_role=f"authority.role.{row.actor_role}",
        by_themself=row.actor_ref == person,
    )


def _act_word(act: str) -> str:
    """`application.retract` is `application.act.retract`; what has no word of its own is an act."""
    room, _, verb = act.partition(".")
    key = f"{room}.act.{verb}"
    return key if words.has(key) else "application.act.other"
