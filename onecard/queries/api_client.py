"""Who calls the API: a client by its token. The token itself is never kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.domain.authority import Actor, Channel, Role
from onecard.records.models import ApiClient
from onecard.seams.world import world


@dataclass(frozen=True)
class Caller:
    """A client that may call us, with the actor its acts are written under."""

    ref: str
    name: str
    scopes: frozenset[str]
    actor: Actor
    person: str


CHANNELS = {
    Role.CITIZEN: Channel.PORTAL,
    Role.OUTLET_CLERK: Channel.SERVICE_OUTLET,
    Role.OUTLET_SUPERVISOR: Channel.SERVICE_OUTLET,
    Role.HR_CLERK: Channel.HR_COUNTER,
    Role.EMPLOYER_AGENT: Channel.EMPLOYER,
}


def by_token(token: str, *, at: datetime) -> Caller | None:
    """The caller a token belongs to, unless it was revoked by `at`."""
    index = world().custody.blind_index("token", token)
    client = ApiClient.objects.filter(token_index=index, kind=None).first()
    if client is None or (client.revoked_at is not None and client.revoked_at <= at):
        return None
    person = client.person_id or ""
    actor = Actor(
        role=client.role,
        ref=person or client.ref,
        channel=CHANNELS.get(client.role, Channel.PARTNER_API),
        outlet=client.outlet_id or "",
        employer=client.employer_id or "",
    )
    return Caller(client.ref, client.name, frozenset(client.scopes), actor, person)
