"""Who may call us: for the security administrator's list. No key and no token is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.records.models import ApiClient, PartnerKey


@dataclass(frozen=True)
class KeySeen:
    """A key by its serial, and until when it counts."""

    serial: str
    profile: str
    valid_to: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class ClientSeen:
    """A client of the API."""

    client: str
    name: str
    role: str
    kind: str
    bank: str
    scopes: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None
    keys: tuple[KeySeen, ...]


def clients() -> tuple[ClientSeen, ...]:
    """Every client, the oldest first."""
    rows = ApiClient.objects.order_by("created_at", "ref").prefetch_related("keys")
    return tuple(
        ClientSeen(
            client=row.ref,
            name=row.name,
            role=row.role.value,
            kind=row.kind.value if row.kind else "",
            bank=row.bank,
            scopes=tuple(row.scopes),
            created_at=row.created_at,
            revoked_at=row.revoked_at,
            keys=tuple(_key(key) for key in row.keys.all()),
        )
        for row in rows
    )


def _key(key: PartnerKey) -> KeySeen:
    return KeySeen(key.ref, key.profile.value, key.valid_to, key.revoked_at)
