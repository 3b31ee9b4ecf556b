"""谁看过我的信息: who looked at a person's data, when, through which door, and why (platform B19).

From the audit. Whoever looked is told by role and place, never by name; what concerned somebody
else is nobody else's business, so only rows about this very person are read, and a reason that
names others is their clerk's to avoid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.domain.authority import Actor, Role
from onecard.domain.refusal import NotFound
from onecard.queries._reading import one_moment
from onecard.records.models import AuditRow, Employer, Outlet

MOST = 200
LOOKS = (
    "person.unmask",
    "photo.look",
    "person.meet",
    "person.read_card",
    "loss.identify_caller",
)
"""Acts that show or look up personal data; each writes its row in its own transaction."""

_SHOWN = frozenset({"field", "reason", "copy", "identified", "known_to_province"})


@dataclass(frozen=True)
class Look:
    """One look. `what` is the key of a word, `field` which value, `reason` the clerk's own words.

    `refused` tells that it was tried and not allowed; `by_themself` that it was the person.
    `before` of the next page is this `line`.
    """

    line: int
    at: datetime
    what: str
    field: str
    reason: str
    refused: bool
    by_role: str
    place: str
    channel: str
    by_themself: bool


def looks(
    *, person: str, as_seen_by: Actor, with_own: bool = False, before: int = 0
) -> tuple[Look, ...]:
    """Who looked, the newest first; own looks only when asked for. Raises `NotFound`."""
    if as_seen_by.role not in {Role.CITIZEN, Role.AUDITOR}:
        raise NotFound("Person")
    if as_seen_by.role is Role.CITIZEN and as_seen_by.ref != person:
        raise NotFound("Person")
    rows = AuditRow.objects.filter(concerning=person, act__in=LOOKS)
    if not with_own:
        rows = rows.exclude(actor_ref=person)
    if before:
        rows = rows.filter(id__lt=before)
    with one_moment():
        found = list(rows.order_by("-id")[:MOST])
        places = _places({row.outlet for row in found if row.outlet})
    return tuple(_look(row, person, places) for row in found)


def _look(row: AuditRow, person: str, places: dict[str, str]) -> Look:
    room, _, verb = row.act.partition(".")
    facts = {name: value for name, value in row.facts.items() if name in _SHOWN}
    return Look(
        line=row.pk,
        at=row.at,
        what=f"{room}.act.{verb}",
        field=str(facts.get("field", "")),
        reason=str(facts.get("reason", "")),
        refused=row.result != "done" or facts.get("identified") is False,
        by_role=f"authority.role.{row.actor_role}",
        place=places.get(row.outlet, ""),
        channel=f"channels.channel.{row.channel}",
        by_themself=row.actor_ref == person,
    )


def _places(refs: set[str]) -> dict[str, str]:
    """The names of outlets and employers."""
    outlets = Outlet.objects.filter(ref__in=refs).values_list("ref", "name")
    employers = Employer.objects.filter(ref__in=refs).values_list("ref", "name")
    return {**dict(outlets), **dict(employers)}
