"""The addresses to which a partner has its events pushed: opened, changed, pinged, closed."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onecard import policy
from onecard.actions import _events, hold
from onecard.actions._keeping import act, note
from onecard.adapters.pushing import pusher
from onecard.domain.authority import Actor
from onecard.domain.event import PING, TYPES
from onecard.domain.refusal import Fix, FixKind, NotFound, Refusal, require
from onecard.domain.webhook import (
    PUBLIC_MARK,
    SCHEMES,
    SECRET_MARK,
    WebhookPolicy,
    may_push_to,
)
from onecard.records.models import ApiClient, WebhookEndpoint
from onecard.seams.clock import local_day
from onecard.seams.world import world

KEY_BYTES = 32
GONE, BY_OWNER = "answered 410", "by its owner"


@dataclass(frozen=True)
class EndpointPlan:
    """Where events are to go, which (empty: all), and by which schemes they are signed."""

    url: str
    types: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ("v1",)


@dataclass(frozen=True)
class EndpointReceipt:
    """An endpoint; `secret` is shown when it is new and empty otherwise.

    `verify_key` is the public half for `v1a`, for whoever chose that scheme.
    """

    endpoint: str
    url: str
    types: tuple[str, ...]
    schemes: tuple[str, ...]
    disabled: bool
    secret: str = ""
    verify_key: str = ""


@act("webhook.open_endpoint")
def open_endpoint(
    *, client: str, plan: EndpointPlan, actor: Actor, at: datetime
) -> EndpointReceipt:
    """Open an endpoint. Its host must be on the client's list (none is needed in the sandbox).

    Raises `Refused`: `webhook.address`, `webhook.too_many`, `webhook.type`, `webhook.scheme`.
    """
    row = hold.one(ApiClient, ref=client)
    require(
        may_push_to(url=plan.url, hosts=row.webhook_hosts, local=pusher().local),
        _may_have_another(row, at),
        must_be_types(plan.types),
        _must_be_schemes(plan.schemes),
    )
    endpoint = WebhookEndpoint.objects.create(
        ref=world().ids.new("whe"),
        client=row,
        url=plan.url,
        types=sorted(set(plan.types)),
        schemes=[scheme for scheme in SCHEMES if scheme in plan.schemes],
        secret=_new_key(),
        ed25519=_new_key(),
        created_at=at,
    )
    note(about=endpoint.ref, by=actor, at=at, ground="platform D6")
    return receipt(endpoint, with_secret=True)


@act("webhook.choose_types")
def choose_types(
    *, client: str, endpoint: str, types: tuple[str, ...], actor: Actor, at: datetime
) -> EndpointReceipt:
    """Choose which events come; empty means all. Raises `NotFound`, `Refused("webhook.type")`."""
    row = held(client, endpoint)
    require(must_be_types(types))
    row.types = sorted(set(types))
    row.save(update_fields=["types"])
    note(about=row.ref, by=actor, at=at, ground="platform D6")
    return receipt(row)


@act("webhook.rotate_secret")
def rotate_secret(*, client: str, endpoint: str, actor: Actor, at: datetime) -> EndpointReceipt:
    """A new secret; the former one signs along for some hours. Raises `NotFound`."""
    row = held(client, endpoint)
    hours = _figures(at).secret_overlap_hours
    row.former_secret, row.former_until = row.secret, at + timedelta(hours=hours)
    row.secret = _new_key()
    row.save(update_fields=["former_secret", "former_until", "secret"])
    note(about=row.ref, by=actor, at=at, ground="platform D6")
    return receipt(row, with_secret=True)


@act("webhook.disable")
def disable(*, client: str, endpoint: str, why: str, actor: Actor, at: datetime) -> EndpointReceipt:
    """Push nothing to it any more. Raises `NotFound`."""
    row = held(client, endpoint)
    if row.disabled_at is None:
        row.disabled_at, row.disabled_why = at, why
        row.save(update_fields=["disabled_at", "disabled_why"])
        note(about=row.ref, by=actor, at=at, ground="platform D6", why=why)
    return receipt(row)


@act("webhook.enable")
def enable(*, client: str, endpoint: str, actor: Actor, at: datetime) -> EndpointReceipt:
    """Push to it again what happens from now on; `recover` brings what it missed."""
    row = held(client, endpoint)
    row.disabled_at, row.disabled_why = None, ""
    row.save(update_fields=["disabled_at", "disabled_why"])
    note(about=row.ref, by=actor, at=at, ground="platform D6")
    return receipt(row)


@act("webhook.ping")
def ping(
    *, client: str, endpoint: str, example: str = "", actor: Actor, at: datetime
) -> EndpointReceipt:
    """Push an event that says nothing but hello; `example` names the type it plays.

    Raises `NotFound`, `Refused("webhook.type")`.
    """
    row = held(client, endpoint)
    require(must_be_types((example,) if example else ()))
    facts = {"endpoint": row.ref, "example_of": example} if example else {"endpoint": row.ref}
    _events.happened(_events.Happened(PING, row.ref, at, facts, client=row.client_id))
    note(about=row.ref, by=actor, at=at, ground="platform D6")
    return receipt(row)


def held(client: str, endpoint: str) -> WebhookEndpoint:
    """Hold an endpoint of a client. Raises `NotFound`; another client's looks like none."""
    row = hold.one(WebhookEndpoint, ref=endpoint)
    if row.client_id != client:
        raise NotFound("WebhookEndpoint")
    return row


def receipt(row: WebhookEndpoint, *, with_secret: bool = False) -> EndpointReceipt:
    """An endpoint as it stands."""
    return EndpointReceipt(
        endpoint=row.ref,
        url=row.url,
        types=tuple(row.types),
        schemes=tuple(row.schemes),
        disabled=row.disabled_at is not None,
        secret=SECRET_MARK + row.secret if with_secret else "",
        verify_key=verify_key(row) if "v1a" in row.schemes else "",
    )


def verify_key(row: WebhookEndpoint) -> str:
    """The public half of the endpoint's Ed25519 key, as Standard Webhooks writes it."""
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(row.ed25519))
    return PUBLIC_MARK + base64.b64encode(private.public_key().public_bytes_raw()).decode()


def must_be_types(types: tuple[str, ...]) -> Refusal | None:
    """Only types of events that there are."""
    odd = tuple(sorted(set(types) - TYPES))
    return _change("webhook.type", "types", tuple(sorted(TYPES))) if odd else None


def _must_be_schemes(schemes: tuple[str, ...]) -> Refusal | None:
    right = set(schemes) <= set(SCHEMES) and schemes
    return None if right else _change("webhook.scheme", "schemes", SCHEMES)


def _may_have_another(client: ApiClient, at: datetime) -> Refusal | None:
    limit = _figures(at).endpoints_per_client
    if WebhookEndpoint.objects.filter(client=client, disabled_at=None).count() < limit:
        return None
    fix = Fix(FixKind.DO_FIRST, {"act": "webhook.disable"})
    return Refusal("webhook.too_many", allowed={"limit": limit}, fix=fix)


def _change(code: str, field: str, allowed: tuple[str, ...]) -> Refusal:
    fix = Fix(FixKind.CHANGE_INPUT, {"field": field})
    return Refusal(code, allowed={"allowed": allowed}, field=field, fix=fix)


def _figures(at: datetime) -> WebhookPolicy:
    return policy.in_force("webhook", WebhookPolicy, on=local_day(at))


def _new_key() -> str:
    return base64.b64encode(world().rng.bytes(KEY_BYTES)).decode()
