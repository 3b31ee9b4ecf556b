"""Clients of the HTTP API: registered by the security administrator's hand, revoked at once."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import act, note
from onecard.domain.authority import Actor, Role
from onecard.domain.contacts import Contacts
from onecard.domain.partner_scope import PartnerKind, may_hold_scopes, must_have_bank
from onecard.domain.refusal import require
from onecard.domain.webhook import must_be_host
from onecard.records.models import ApiClient
from onecard.seams.clock import local_day
from onecard.seams.world import world

TOKEN_BYTES = 32


@dataclass(frozen=True)
class ClientPlan:
    """Who is to call us, in what role, with what scopes, on whose behalf.

    A partner has a `kind`; a bank names itself. `webhook_hosts` are where its events may go.
    """

    name: str
    role: Role
    scopes: tuple[str, ...]
    outlet: str = ""
    employer: str = ""
    person: str = ""
    bank: str = ""
    kind: PartnerKind | None = None
    webhook_hosts: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClientReceipt:
    """The client; `token` is shown this once and kept nowhere."""

    client: str
    name: str
    token: str


@act("api_client.register")
def register(*, plan: ClientPlan, actor: Actor, at: datetime) -> ClientReceipt:
    """Register a client and give it its token; of a partner it is the OAuth 2.0 client secret.

    Raises `Refused`: `partner.scope_not_for_kind`, `partner.bank_unknown`, `webhook.host`.
    """
    _must_fit_its_kind(plan, at)
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
        bank=plan.bank,
        kind=cast("Any", plan.kind),
        webhook_hosts=sorted(plan.webhook_hosts),
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


def _must_fit_its_kind(plan: ClientPlan, at: datetime) -> None:
    if plan.kind is None:
        return
    banks = policy.in_force("contacts", Contacts, on=local_day(at)).banks
    require(
        may_hold_scopes(kind=plan.kind, scopes=plan.scopes),
        must_have_bank(kind=plan.kind, bank=plan.bank, banks=[bank.key for bank in banks]),
        *(must_be_host(host) for host in plan.webhook_hosts),
    )
