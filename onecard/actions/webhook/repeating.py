"""Bringing again: one delivery, everything from a time on, or whatever an endpoint never had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from onecard.actions import hold
from onecard.actions._keeping import act, note
from onecard.actions.event import listens
from onecard.actions.webhook.endpoints import held
from onecard.domain.authority import Actor
from onecard.domain.refusal import NotFound
from onecard.records.models import Event, WebhookDelivery, WebhookEndpoint
from onecard.seams.world import world

MOST_EVENTS = 10_000


@dataclass(frozen=True)
class Repeated:
    """How many deliveries wait to be brought again."""

    endpoint: str
    deliveries: int


@act("webhook.resend")
def resend(*, client: str, delivery: str, actor: Actor, at: datetime) -> Repeated:
    """Bring one delivery again, delivered or not. Raises `NotFound`."""
    found = WebhookDelivery.objects.filter(ref=delivery, endpoint__client=client)
    endpoint = found.values_list("endpoint", flat=True).first()
    if endpoint is None:
        raise NotFound("WebhookDelivery")
    held(client, endpoint)
    _start_anew(hold.one(WebhookDelivery, ref=delivery), at)
    note(about=endpoint, by=actor, at=at, ground="platform D6", delivery=delivery)
    return Repeated(endpoint, 1)


@act("webhook.recover")
def recover(*, client: str, endpoint: str, since: datetime, actor: Actor, at: datetime) -> Repeated:
    """Bring everything again that failed since a time, and whatever it never had."""
    row = held(client, endpoint)
    failed = WebhookDelivery.objects.filter(endpoint=row, delivered_at=None, event__at__gte=since)
    for delivery in hold.many(failed):
        _start_anew(delivery, at)
    count = failed.count() + _make_missing(row, Event.objects.filter(at__gte=since), at)
    note(about=row.ref, by=actor, at=at, ground="platform D6", deliveries=count)
    return Repeated(row.ref, count)


@act("webhook.replay_missing")
def replay_missing(
    *, client: str, endpoint: str, since: datetime, actor: Actor, at: datetime
) -> Repeated:
    """Bring only what was never tried: events from before the endpoint, or while it was closed."""
    row = held(client, endpoint)
    count = _make_missing(row, Event.objects.filter(at__gte=since), at)
    note(about=row.ref, by=actor, at=at, ground="platform D6", deliveries=count)
    return Repeated(row.ref, count)


def _start_anew(delivery: WebhookDelivery, at: datetime) -> None:
    delivery.tried, delivery.due_at = 0, at
    delivery.delivered_at = delivery.gave_up_at = None
    delivery.save(update_fields=["tried", "due_at", "delivered_at", "gave_up_at"])


def _make_missing(row: WebhookEndpoint, events: QuerySet[Event], at: datetime) -> int:
    known = WebhookDelivery.objects.filter(endpoint=row).values("event")
    unknown = events.filter(place__isnull=False).exclude(ref__in=known).order_by("place")
    made = [
        WebhookDelivery(
            ref=world().ids.new("whd"),
            endpoint=row,
            event=event,
            about=event.about,
            sequence=event.sequence,
            due_at=at,
        )
        for event in unknown[:MOST_EVENTS]
        if listens(row, event)
    ]
    WebhookDelivery.objects.bulk_create(made)
    return len(made)
