"""Clients of the HTTP API: registered by the security administrator's hand, revoked at once."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime

from onecard.actions import hold
from onecard.actions._keeping import act, note
from onecard.domain.authority import Actor, Role
from onecard.records.models import ApiClient
from onecard.seams.world import world

TOKEN_BYTES = 32


@dataclass(frozen=True)
class ClientPlan:
    """Who is to call us, in what role, with what scopes, on whose behalf."""

    name: str
    role: Role
    scopes: tuple[str, ...]
    outlet: str = ""
    employer: str = ""
    person: str = ""


@dataclass(frozen=True)
class ClientReceipt:
    """The client; `token` is shown this once and kept nowhere."""

    client: str
    name: str
    token: str


@act("api_client.register")
def register(*, plan: ClientPlan, actor: Actor, at: datetime) -> ClientReceipt:
    """Register a client and give it its token."""
    token = "ock_" + base64.urlsafe_b64encode(world().rng.bytes(TOKEN_BYTES)).decode().rstrip("=")
    client = ApiClient.objects.create(
        ref=world().ids.new("cli"),
        name=plan.name,
        role=plan.role,
        token_index=world().custody.blind_index("token", token),
        scopes=sorted(plan.scopes),
        outlet_id=plan.outlet or None,
        employer_id=plan.employer or None,
        person_id=plan.person or None,
        created_at=at,
    )
    note(about=client.ref, by=actor, at=at, ground="platform D5", scopes=plan.scopes)
    return ClientReceipt(client.ref, client.name, token)


@act("api_client.revoke")
def revoke(*, client: str, actor: Actor, at: datetime) -> ClientReceipt:
    """Take a client's token away; effective with this act. Raises `NotFound`."""
    row = hold.one(ApiClient, ref=client)
    row.revoked_at = row.revoked_at or at
    row.save(update_fields=["revoked_at"])
    note(about=row.ref, by=actor, at=at, ground="platform D5")
    return ClientReceipt(row.ref, row.name, "")
