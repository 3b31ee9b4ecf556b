"""Who sees what of the factory: operators and auditors all, a counter what is its own."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from onecard.domain.authority import Actor, Role
from onecard.records.models import Application

MOST = 200
"""No list is longer; the oldest, or the most urgent, come first."""
_EVERYTHING = frozenset({Role.PLATFORM_OPERATOR, Role.SYSTEM, Role.AUDITOR})
_COUNTERS = frozenset({Role.OUTLET_CLERK, Role.OUTLET_SUPERVISOR, Role.HR_CLERK, Role.BANK_CLERK})


def sees_everything(actor: Actor) -> bool:
    """Whether the asker works for the whole city."""
    return actor.role in _EVERYTHING


def applications(actor: Actor) -> QuerySet[Application]:
    """The applications the asker may see: taken or collected at their outlet, or all."""
    rows = Application.objects.select_related("person", "collect_at")
    if sees_everything(actor):
        return rows
    if actor.role in _COUNTERS and actor.outlet:
        return rows.filter(Q(outlet=actor.outlet) | Q(collect_at=actor.outlet))
    return rows.none()
