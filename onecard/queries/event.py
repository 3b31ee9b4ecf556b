"""事件: what a partner may read of what happened, in one order, from any place on.

`GET /v1/events` is the truth; webhooks only hint at it. Bodies are CloudEvents 1.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from onecard import policy
from onecard.domain.event import HEARS
from onecard.domain.partner_scope import Reach
from onecard.domain.refusal import NotFound
from onecard.queries.partner import PartnerCaller
from onecard.records.models import Event, PartnerSight


@dataclass(frozen=True)
class EventPage:
    """Some events and the place of the last one."""

    events: tuple[dict[str, Any], ...]
    last: int
    more: bool


def after(
    *, caller: PartnerCaller, place: int, limit: int, type_: str = "", card: str = ""
) -> EventPage:
    """The next events after a place."""
    rows = heard_by(caller).filter(place__gt=place).order_by("place")
    if type_:
        rows = rows.filter(type=type_)
    if card:
        rows = rows.filter(card=card)
    found = list(rows[: limit + 1])
    shown = found[:limit]
    last = shown[-1].place if shown else place
    return EventPage(
        tuple(row.as_cloud_event(city=policy.pack_name()) for row in shown),
        last or place,
        len(found) > limit,
    )


def one(*, caller: PartnerCaller, event: str) -> dict[str, Any]:
    """One event. Raises `NotFound` for absent and foreign alike."""
    row = heard_by(caller).filter(ref=event, place__isnull=False).first()
    if row is None:
        raise NotFound("Event")
    return row.as_cloud_event(city=policy.pack_name())


def heard_by(caller: PartnerCaller) -> QuerySet[Event]:
    """Every event that a partner may hear of."""
    public = Q(client="", type__in=sorted(HEARS[caller.kind]))
    if caller.rights.reach is Reach.OWN_BANK:
        public &= Q(bank=caller.bank) & ~Q(bank="")
    elif caller.rights.reach is Reach.PRESENTED:
        sights = PartnerSight.objects.filter(client=caller.ref)
        public &= Q(card__in=sights.values("card"))
    return Event.objects.filter(public | Q(client=caller.ref))
