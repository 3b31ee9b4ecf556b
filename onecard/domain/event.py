"""事件: what partners hear of what happened here, under which name, and who hears what (D6).

Inside the house every act has its own word; outside only these are known. Events carry opaque ids,
states and versions, never a personal value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from onecard.domain.partner_scope import PartnerKind, Reach

LOCAL = ZoneInfo("Asia/Shanghai")
SPECIFICATION = "1.0"
LONGEST_BODY = 20_000
SEQUENCE_DIGITS = 20

PUBLIC: Mapping[str, str] = {
    "application.accepted": "application.approved",
    "application.turned_down": "application.refused",
    "card.produced": "card.produced",
    "card.posted": "card.shipped",
    "card.returned": "card.returned",
    "card.delivered": "card.delivered",
    "card.enabled": "card.enabled",
    "card.replaced": "card.replaced",
    "card.cancelled": "card.cancelled",
    "function.activated": "function.activated",
    "function.locked": "function.locked",
    "function.unlocked": "function.unlocked",
    "function.relinked": "function.relinked",
    "function.changed": "function.changed",
    "loss.temporary.created": "loss.temporary.created",
    "loss.temporary.lapsing": "loss.temporary.lapsing",
    "loss.temporary.lapsed": "loss.temporary.lapsed",
    "loss.temporary.withdrawn": "loss.temporary.withdrawn",
    "loss.formal.created": "loss.formal.created",
    "loss.formal.withdrawn": "loss.formal.withdrawn",
    "replacement.created": "replacement.created",
    "replacement.completed": "replacement.completed",
    "exchange.created": "exchange.created",
    "exchange.completed": "exchange.completed",
    "reconciliation.opened": "reconciliation.discrepancy.opened",
    "reconciliation.closed": "reconciliation.discrepancy.closed",
    "webhook.disabled": "webhook.disabled",
    "webhook.given_up": "webhook.given_up",
    "webhook.ping": "webhook.ping",
}
"""Our word for what happened -> the type of the event that partners hear."""

TYPES = frozenset(PUBLIC.values())
PING, GIVEN_UP, DISABLED = "webhook.ping", "webhook.given_up", "webhook.disabled"
TROUBLE = frozenset({GIVEN_UP, DISABLED})
"""What is told to the owner of an endpoint about that endpoint: by every way but that one."""

_OWN = TROUBLE | {PING}
_PARCELS = frozenset({"card.shipped", "card.returned", "card.delivered"})
_OF_TRANSIT = frozenset({"card.enabled", "card.replaced", "card.cancelled"})
_OF_HOSPITALS = frozenset(kind for kind in TYPES if kind.startswith(("loss.", "card.")))

HEARS: Mapping[PartnerKind, frozenset[str]] = {
    PartnerKind.BANK: TYPES,
    PartnerKind.HR: TYPES,
    PartnerKind.TRANSIT: _OF_TRANSIT | _OWN,
    PartnerKind.HOSPITAL: (_OF_HOSPITALS - _PARCELS) | _OWN,
    PartnerKind.COURIER: _PARCELS | _OWN,
}


@dataclass(frozen=True)
class Heard:
    """Whom an event concerns: its type, the card-face bank, the client it was made for alone."""

    type: str
    bank: str
    client: str = ""


def may_hear(
    *, event: Heard, kind: PartnerKind, reach: Reach, bank: str, client: str, presented: bool
) -> bool:
    """Whether a partner hears of an event: its kind, and then of whose card it is."""
    if event.client:
        return event.client == client
    if event.type not in HEARS[kind]:
        return False
    if reach is Reach.OWN_BANK:
        return bool(bank) and event.bank == bank
    return presented if reach is Reach.PRESENTED else True


def sequence_text(number: int) -> str:
    """Compared as text, so it is padded; contiguous within its source."""
    return str(number).zfill(SEQUENCE_DIGITS)


def source_of(*, city: str, about: str) -> str:
    """Whose history an event belongs to: a card, or its own object."""
    kinds = {"crd": "card", "app": "application", "shp": "shipment", "whe": "webhook_endpoint"}
    return f"urn:onecard:{city}:{kinds.get(about.partition('_')[0], 'object')}:{about}"


def cloud_event(
    *,
    event: str,
    type_: str,
    about: str,
    subject: str,
    sequence: int,
    at: datetime,
    data: Mapping[str, Any],
    city: str,
) -> dict[str, Any]:
    """A CloudEvents 1.0 body: `sequence` is text, versions of states stand inside `data`."""
    return {
        "specversion": SPECIFICATION,
        "id": event,
        "source": source_of(city=city, about=about),
        "type": type_,
        "subject": subject,
        "time": at.astimezone(LOCAL).isoformat(),
        "sequence": sequence_text(sequence),
        "datacontenttype": "application/json",
        "dataschema": f"urn:onecard:schema:{type_}:1",
        "data": dict(data),
    }
