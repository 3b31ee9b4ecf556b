"""Which deliveries are ours to bring now, and what became of each try.

The endpoint's place is taken first and read from in a second statement. Of one source only the
oldest is under way; one that was given up holds nothing back, for the events can be read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet

from onecard import policy
from onecard.actions import _events, hold
from onecard.actions._keeping import act, note
from onecard.actions.webhook.endpoints import GONE
from onecard.domain.authority import Actor
from onecard.domain.event import DISABLED, GIVEN_UP, TROUBLE
from onecard.domain.webhook import WebhookPolicy, wait_before
from onecard.records.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from onecard.seams.clock import local_day
from onecard.seams.world import world

LEASE = timedelta(minutes=2)
LONGEST_OUTCOME = 60


@dataclass(frozen=True)
class Parcel:
    """One event ready to be signed and brought: the body is made once and never again."""

    delivery: str
    event: str
    url: str
    body: bytes
    schemes: tuple[str, ...]
    secrets: tuple[str, ...]
    ed25519: str
    tried: int


@dataclass(frozen=True)
class Parcels:
    """What is ours to bring until the lease ends."""

    parcels: tuple[Parcel, ...]


@dataclass(frozen=True)
class Answer:
    """What a try came to. `status` is None where nobody answered."""

    status: int | None
    outcome: str
    milliseconds: int
    retry_after_seconds: int = 0

    @property
    def is_success(self) -> bool:
        """Only 2xx is."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own


@dataclass(frozen=True)
class DeliveryReceipt:
    """Where a delivery stands: `delivered`, `waiting`, `given_up`."""

    delivery: str
    state: str


@act("webhook.claim")
def claim(*, endpoint: str, most: int, actor: Actor, at: datetime) -> Parcels:  # noqa: ARG001
    """Claim what is due to an endpoint, at most one of each source, the oldest of each."""
    row = hold.one(WebhookEndpoint, ref=endpoint)
    if row.disabled_at is not None:
        return Parcels(())
    heads = list(_heads(row, at)[:most])
    WebhookDelivery.objects.filter(pk__in=hold.refs(heads)).update(
        tried=F("tried") + 1, due_at=at + LEASE
    )
    return Parcels(tuple(_parcel(row, head, at) for head in heads))


@act("webhook.note_try")
def note_try(*, delivery: str, answer: Answer, actor: Actor, at: datetime) -> DeliveryReceipt:
    """Keep what a try came to; wait longer each time, and after the last one tell its owner.

    The owner hears of it in `GET /v1/events` and at their other endpoints: once, until deliveries
    are asked for again.
    """
    endpoint = WebhookDelivery.objects.filter(ref=delivery).values_list("endpoint", flat=True).get()
    held_endpoint = hold.one(WebhookEndpoint, ref=endpoint)
    row = hold.one(WebhookDelivery, ref=delivery)
    WebhookAttempt.objects.create(
        ref=world().ids.new("wha"),
        delivery=row,
        number=row.tried,
        at=at,
        status=answer.status,
        outcome=answer.outcome[:LONGEST_OUTCOME],
        milliseconds=answer.milliseconds,
    )
    if answer.is_success:
        row.delivered_at, row.gave_up_at = row.delivered_at or at, None
    elif answer.status == 410:  # noqa: PLR2004 - Gone
        _disable(held_endpoint, row, actor, at)
    else:
        _put_off(held_endpoint, row, answer, actor, at)
    row.save(update_fields=["delivered_at", "gave_up_at", "due_at"])
    return DeliveryReceipt(row.ref, state_of(row))


def state_of(row: WebhookDelivery) -> str:
    """In one word."""
    return "delivered" if row.delivered_at else "given_up" if row.gave_up_at else "waiting"


def waiting(at: datetime) -> QuerySet[WebhookDelivery]:
    """Everything that is due to endpoints that want it."""
    return WebhookDelivery.objects.filter(
        delivered_at=None, gave_up_at=None, due_at__lte=at, endpoint__disabled_at=None
    )


def _heads(endpoint: WebhookEndpoint, at: datetime) -> QuerySet[WebhookDelivery]:
    before = WebhookDelivery.objects.filter(
        endpoint=endpoint,
        about=OuterRef("about"),
        sequence__lt=OuterRef("sequence"),
        delivered_at=None,
        gave_up_at=None,
    )
    due = waiting(at).filter(endpoint=endpoint).exclude(Exists(before))
    return due.select_related("event").order_by("tried", "event__place")


def _parcel(endpoint: WebhookEndpoint, row: WebhookDelivery, at: datetime) -> Parcel:
    former = endpoint.former_until is not None and endpoint.former_until > at
    secrets = (endpoint.secret, *((endpoint.former_secret,) if former else ()))
    event = row.event.as_cloud_event(city=policy.pack_name())
    return Parcel(
        delivery=row.ref,
        event=row.event_id,
        url=endpoint.url,
        body=json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode(),
        schemes=tuple(endpoint.schemes),
        secrets=secrets,
        ed25519=endpoint.ed25519,
        tried=row.tried,
    )


def _put_off(
    endpoint: WebhookEndpoint, row: WebhookDelivery, answer: Answer, actor: Actor, at: datetime
) -> None:
    figures = policy.in_force("webhook", WebhookPolicy, on=local_day(at))
    pause = wait_before(
        tried=row.tried,
        figures=figures,
        jitter_percent=world().rng.below(figures.jitter_percent + 1),
        asked_seconds=answer.retry_after_seconds,
    )
    if pause is not None:
        row.due_at = at + pause
        return
    if not _is_known_to_fail(endpoint) and row.event.type not in TROUBLE:
        _tell_owner(GIVEN_UP, endpoint, row, at)
    row.gave_up_at = at
    note(about=row.endpoint_id, by=actor, at=at, ground="platform D6", given_up=row.ref)


def _is_known_to_fail(endpoint: WebhookEndpoint) -> bool:
    """Whether its owner was told already that something was given up."""
    given_up = WebhookDelivery.objects.filter(endpoint=endpoint, delivered_at=None)
    return given_up.exclude(gave_up_at=None).exists()


def _tell_owner(what: str, endpoint: WebhookEndpoint, row: WebhookDelivery, at: datetime) -> None:
    facts = {"endpoint": endpoint.ref, "delivery": row.ref, "event": row.event_id}
    _events.happened(_events.Happened(what, endpoint.ref, at, facts, client=endpoint.client_id))


def _disable(endpoint: WebhookEndpoint, row: WebhookDelivery, actor: Actor, at: datetime) -> None:
    row.gave_up_at = at
    endpoint.disabled_at, endpoint.disabled_why = at, GONE
    endpoint.save(update_fields=["disabled_at", "disabled_why"])
    _tell_owner(DISABLED, endpoint, row, at)
    note(about=endpoint.ref, by=actor, at=at, ground="platform D6", why=GONE)
