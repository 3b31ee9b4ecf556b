"""推送: a partner's endpoints, what was brought to them, and every try."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.domain.refusal import NotFound
from onecard.records.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint

MOST_LINES = 200


@dataclass(frozen=True)
class EndpointSeen:
    """An endpoint, how much waits for it and how much was given up."""

    endpoint: str
    url: str
    types: tuple[str, ...]
    schemes: tuple[str, ...]
    disabled: bool
    disabled_why: str
    waiting: int
    given_up: int


@dataclass(frozen=True)
class AttemptSeen:
    """One try to bring one event."""

    attempt: str
    delivery: str
    event: str
    number: int
    at: datetime
    status: int | None
    outcome: str
    milliseconds: int


def endpoints(*, client: str) -> tuple[EndpointSeen, ...]:
    """Every endpoint of a client, the oldest first."""
    rows = WebhookEndpoint.objects.filter(client=client).order_by("created_at", "ref")
    return tuple(_seen(row) for row in rows[:MOST_LINES])


def endpoint(*, client: str, endpoint: str) -> EndpointSeen:
    """One endpoint. Raises `NotFound`; another client's looks like none."""
    return _seen(_own(client, endpoint))


def attempts(*, client: str, endpoint: str) -> tuple[AttemptSeen, ...]:
    """The last tries at an endpoint, the newest first. Raises `NotFound`."""
    _own(client, endpoint)
    rows = WebhookAttempt.objects.filter(delivery__endpoint=endpoint).select_related("delivery")
    return tuple(
        AttemptSeen(
            attempt=row.ref,
            delivery=row.delivery_id,
            event=row.delivery.event_id,
            number=row.number,
            at=row.at,
            status=row.status,
            outcome=row.outcome,
            milliseconds=row.milliseconds,
        )
        for row in rows.order_by("-at", "-number", "ref")[:MOST_LINES]
    )


def _own(client: str, endpoint: str) -> WebhookEndpoint:
    row = WebhookEndpoint.objects.filter(ref=endpoint, client=client).first()
    if row is None:
        raise NotFound("WebhookEndpoint")
    return row


def _seen(row: WebhookEndpoint) -> EndpointSeen:
    deliveries = WebhookDelivery.objects.filter(endpoint=row, delivered_at=None)
    return EndpointSeen(
        endpoint=row.ref,
        url=row.url,
        types=tuple(row.types),
        schemes=tuple(row.schemes),
        disabled=row.disabled_at is not None,
        disabled_why=row.disabled_why,
        waiting=deliveries.filter(gave_up_at=None).count(),
        given_up=deliveries.filter(gave_up_at__isnull=False).count(),
    )
