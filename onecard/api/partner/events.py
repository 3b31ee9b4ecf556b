"""Events, which are the truth, and the endpoints to which they are pushed, which are a hint."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import ConfigDict, Field

from onecard.actions import event as placing
from onecard.actions import webhook as acts
from onecard.actions.webhook import EndpointPlan
from onecard.api.house import Asked
from onecard.api.partner.asking import CardPageAsked, Page, cursor_to, done_once, place_in
from onecard.api.partner.door import allowed
from onecard.api.partner.told import (
    AttemptTold,
    EndpointSeenTold,
    EndpointTold,
    EventTold,
    RepeatedTold,
)
from onecard.domain.partner_scope import EVENT_READ, WEBHOOK_WRITE
from onecard.queries import event as events
from onecard.queries import webhook as queries
from onecard.seams.world import world

router = Router(tags=["events"])
EVENTS = "events"
BY_OWNER = "by its owner"
Type = Annotated[str, Field(max_length=60, pattern="^[a-z_.]+$")]


class EventPageAsked(CardPageAsked):
    """Which part of all events, of one type or card only where they are named."""

    type: Annotated[str, Field(max_length=60, pattern="^[a-z_.]*$")] = ""


class EndpointAsked(Asked):
    """Where events are to go. `types` left out or empty means all; `schemes` says how to sign."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"url": "https://hooks.icbc.example.com/onecard", "types": ["loss.formal.created"]}
            ]
        },
    )
    url: Annotated[str, Field(min_length=8, max_length=500)]
    types: Annotated[list[Type], Field(max_length=60)] = []
    schemes: Annotated[list[Literal["v1", "v1a", "sm2"]], Field(min_length=1, max_length=3)] = [
        "v1"
    ]


class TypesAsked(Asked):
    """Which events are to come; empty means all."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"types": ["loss.formal.created"]}]}
    )
    types: Annotated[list[Type], Field(max_length=60)]


class SinceAsked(Asked):
    """From when on."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"since": "2026-03-01T00:00:00+08:00"}]}
    )
    since: datetime


class ExampleAsked(Asked):
    """Which type of event is to be played."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"type": "loss.formal.created"}]}
    )
    type: Type


@router.get("/events", response=Page[EventTold], operation_id="list_events")
def list_events(request: HttpRequest, asked: Query[EventPageAsked]) -> object:
    """Every event you may hear of, in one order; go on with `next_cursor` for ever.

    Unlike other lists the cursor is also told on the last page: ask again with it for what is new.
    """
    caller = allowed(request, EVENT_READ)
    placing.place_if_new(actor=caller.actor, at=world().clock.now())
    place = int(place_in(asked.after, of=EVENTS, client=caller.ref) or 0)
    found = events.after(
        caller=caller, place=place, limit=asked.limit, type_=asked.type, card=asked.card_id
    )
    cursor = cursor_to(str(found.last), of=EVENTS, client=caller.ref)
    return {"data": list(found.events), "next_cursor": cursor, "has_more": found.more}


@router.get("/events/{event_id}", response=EventTold, operation_id="read_event")
def read_event(request: HttpRequest, event_id: str) -> object:
    """One event."""
    caller = allowed(request, EVENT_READ)
    return events.one(caller=caller, event=event_id)


@router.get(
    "/webhook_endpoints", response=list[EndpointSeenTold], operation_id="list_webhook_endpoints"
)
def list_endpoints(request: HttpRequest) -> object:
    """Your endpoints, what waits for each and what was given up."""
    caller = allowed(request, WEBHOOK_WRITE)
    return list(queries.endpoints(client=caller.ref))


@router.post(
    "/webhook_endpoints", response={201: EndpointTold}, operation_id="open_webhook_endpoint"
)
@done_once
def open_endpoint(request: HttpRequest, asked: EndpointAsked) -> object:
    """Open an endpoint: https, on a host of your list. The secret is told this once."""
    caller = allowed(request, WEBHOOK_WRITE)
    plan = EndpointPlan(asked.url, tuple(asked.types), tuple(asked.schemes))
    opened = acts.open_endpoint(
        client=caller.ref, plan=plan, actor=caller.actor, at=world().clock.now()
    )
    return Status(201, opened)


@router.get(
    "/webhook_endpoints/{endpoint_id}",
    response=EndpointSeenTold,
    operation_id="read_webhook_endpoint",
)
def read_endpoint(request: HttpRequest, endpoint_id: str) -> object:
    """One endpoint."""
    caller = allowed(request, WEBHOOK_WRITE)
    return queries.endpoint(client=caller.ref, endpoint=endpoint_id)


@router.post(
    "/webhook_endpoints/{endpoint_id}/types",
    response=EndpointTold,
    operation_id="choose_webhook_types",
)
@done_once
def choose_types(request: HttpRequest, endpoint_id: str, asked: TypesAsked) -> object:
    """Choose which events come."""
    caller = allowed(request, WEBHOOK_WRITE)
    return acts.choose_types(
        client=caller.ref,
        endpoint=endpoint_id,
        types=tuple(asked.types),
        actor=caller.actor,
        at=world().clock.now(),
    )


@router.post(
    "/webhook_endpoints/{endpoint_id}/secret",
    response=EndpointTold,
    operation_id="rotate_webhook_secret",
)
@done_once
def rotate_secret(request: HttpRequest, endpoint_id: str) -> object:
    """A new secret, told this once; the former one signs along for a day."""
    caller = allowed(request, WEBHOOK_WRITE)
    return acts.rotate_secret(
        client=caller.ref, endpoint=endpoint_id, actor=caller.actor, at=world().clock.now()
    )


@router.post(
    "/webhook_endpoints/{endpoint_id}/disabling",
    response=EndpointTold,
    operation_id="disable_webhook_endpoint",
)
@done_once
def disable(request: HttpRequest, endpoint_id: str) -> object:
    """Push nothing any more."""
    caller = allowed(request, WEBHOOK_WRITE)
    return acts.disable(
        client=caller.ref,
        endpoint=endpoint_id,
        why=BY_OWNER,
        actor=caller.actor,
        at=world().clock.now(),
    )


@router.post(
    "/webhook_endpoints/{endpoint_id}/enabling",
    response=EndpointTold,
    operation_id="enable_webhook_endpoint",
)
@done_once
def enable(request: HttpRequest, endpoint_id: str) -> object:
    """Push again what happens from now on; `recovery` brings what was missed."""
    caller = allowed(request, WEBHOOK_WRITE)
    return acts.enable(
        client=caller.ref, endpoint=endpoint_id, actor=caller.actor, at=world().clock.now()
    )


@router.post(
    "/webhook_endpoints/{endpoint_id}/ping",
    response=EndpointTold,
    operation_id="ping_webhook_endpoint",
)
@done_once
def ping(request: HttpRequest, endpoint_id: str) -> object:
    """Push an event that says nothing but hello."""
    caller = allowed(request, WEBHOOK_WRITE)
    return acts.ping(
        client=caller.ref, endpoint=endpoint_id, actor=caller.actor, at=world().clock.now()
    )


@router.post(
    "/webhook_endpoints/{endpoint_id}/example",
    response=EndpointTold,
    operation_id="send_webhook_example",
)
@done_once
def send_example(request: HttpRequest, endpoint_id: str, asked: ExampleAsked) -> object:
    """Push a `webhook.ping` that names the type of event it plays."""
    caller = allowed(request, WEBHOOK_WRITE)
    return acts.ping(
        client=caller.ref,
        endpoint=endpoint_id,
        example=asked.type,
        actor=caller.actor,
        at=world().clock.now(),
    )


@router.get(
    "/webhook_endpoints/{endpoint_id}/attempts",
    response=list[AttemptTold],
    operation_id="list_webhook_attempts",
)
def attempts(request: HttpRequest, endpoint_id: str) -> object:
    """The last tries and what was answered, the newest first."""
    caller = allowed(request, WEBHOOK_WRITE)
    return list(queries.attempts(client=caller.ref, endpoint=endpoint_id))


@router.post(
    "/webhook_endpoints/{endpoint_id}/recovery",
    response=RepeatedTold,
    operation_id="recover_webhook_endpoint",
)
@done_once
def recover(request: HttpRequest, endpoint_id: str, asked: SinceAsked) -> object:
    """Bring everything again that failed since a time, and whatever was never tried."""
    caller = allowed(request, WEBHOOK_WRITE)
    return acts.recover(
        client=caller.ref,
        endpoint=endpoint_id,
        since=asked.since,
        actor=caller.actor,
        at=world().clock.now(),
    )


@router.post(
    "/webhook_endpoints/{endpoint_id}/missing",
    response=RepeatedTold,
    operation_id="replay_missing_webhooks",
)
@done_once
def replay_missing(request: HttpRequest, endpoint_id: str, asked: SinceAsked) -> object:
    """Bring only what was never tried since a time."""
    caller = allowed(request, WEBHOOK_WRITE)
    return acts.replay_missing(
        client=caller.ref,
        endpoint=endpoint_id,
        since=asked.since,
        actor=caller.actor,
        at=world().clock.now(),
    )


@router.post(
    "/webhook_deliveries/{delivery_id}/resend",
    response=RepeatedTold,
    operation_id="resend_webhook",
)
@done_once
def resend(request: HttpRequest, delivery_id: str) -> object:
    """Bring one delivery again, whatever became of it."""
    caller = allowed(request, WEBHOOK_WRITE)
    return acts.resend(
        client=caller.ref, delivery=delivery_id, actor=caller.actor, at=world().clock.now()
    )
