"""事件: each gets its place in the one order in which all are read, and is sent on its way.

The place is given after the act was committed, by one at a time: whoever reads on from a place can
never pass over an event that was committed late (guarantees R4). In the same transaction a
delivery is made for every endpoint that listens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from onecard.actions import hold
from onecard.actions._keeping import act
from onecard.domain.authority import Actor
from onecard.domain.event import TROUBLE, Heard, may_hear
from onecard.domain.partner_scope import EVENT_READ, RIGHTS
from onecard.records.models import (
    ApiClient,
    Event,
    PartnerSight,
    WebhookDelivery,
    WebhookEndpoint,
)
from onecard.seams.world import world

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Placed:
    """How many events got their place, and how many deliveries were made for them."""

    events: int = 0
    deliveries: int = 0


@act("event.place_new")
def place_new(*, actor: Actor, at: datetime) -> Placed:  # noqa: ARG001
    """Give new events their place, each source in its own order, and make their deliveries."""
    hold.name("event.place")
    last = Event.objects.aggregate(last=Max("place"))["last"] or 0
    new = list(Event.objects.filter(place=None).order_by("sequence", "at", "ref")[:MOST_AT_ONCE])
    for place, event in enumerate(new, start=last + 1):
        event.place = place
        event.save(update_fields=["place"])
    endpoints = _listening() if new else []
    made = [
        _delivery(endpoint, event, at)
        for event in new
        for endpoint in endpoints
        if listens(endpoint, event)
    ]
    WebhookDelivery.objects.bulk_create(made)
    return Placed(len(new), len(made))


def place_if_new(*, actor: Actor, at: datetime) -> Placed:
    """As `place_new`, but takes no writer's place where nothing is new: for every look."""
    if not Event.objects.filter(place=None).exists():
        return Placed()
    return place_new(actor=actor, at=at)


def listens(endpoint: WebhookEndpoint, event: Event) -> bool:
    """Whether an event belongs on an endpoint: its types, and what its client may hear.

    That an endpoint is in trouble goes to its owner's other ones.
    """
    if event.type in TROUBLE:
        return event.about != endpoint.ref and hears(endpoint.client, event)
    if endpoint.types and event.type not in endpoint.types and not event.client:
        return False
    return hears(endpoint.client, event) and event.about_endpoint in {"", endpoint.ref}


def hears(client: ApiClient, event: Event) -> bool:
    """Whether a client may know of an event."""
    if client.kind is None or client.revoked_at is not None or EVENT_READ not in client.scopes:
        return False
    return may_hear(
        event=Heard(event.type, event.bank, event.client),
        kind=client.kind,
        reach=RIGHTS[client.kind].reach,
        bank=client.bank,
        client=client.ref,
        presented=PartnerSight.objects.filter(client=client.ref, card=event.card).exists(),
    )


def _listening() -> list[WebhookEndpoint]:
    return list(WebhookEndpoint.objects.filter(disabled_at=None).select_related("client"))


def _delivery(endpoint: WebhookEndpoint, event: Event, at: datetime) -> WebhookDelivery:
    return WebhookDelivery(
        ref=world().ids.new("whd"),
        endpoint=endpoint,
        event=event,
        about=event.about,
        sequence=event.sequence,
        due_at=at,
    )
