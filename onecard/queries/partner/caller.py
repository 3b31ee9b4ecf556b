"""Which partner is calling: by the client a signature proved, or by an access token."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import datetime

from onecard.domain.partner_scope import PartnerCaller
from onecard.records.models import ApiClient
from onecard.seams.world import world

MARK, PURPOSE = "oat", "access token"
_LONGEST_TOKEN = 1500


def by_client(client: str, *, at: datetime) -> PartnerCaller | None:
    """The partner of a client, unless it was revoked by `at`."""
    row = ApiClient.objects.filter(ref=client, kind__isnull=False).first()
    if row is None or row.kind is None or (row.revoked_at is not None and row.revoked_at <= at):
        return None
    return PartnerCaller(row.ref, row.name, row.kind, row.bank, frozenset(row.scopes))


def by_token(token: str, *, at: datetime) -> PartnerCaller | None:
    """The partner an access token was given to, with no more than the token's scopes."""
    facts = _facts(token)
    if facts is None:
        return None
    client, ends, scopes = facts
    caller = by_client(client, at=at)
    if caller is None or at.timestamp() >= ends:
        return None
    return replace(caller, scopes=caller.scopes & scopes)


def _facts(token: str) -> tuple[str, int, frozenset[str]] | None:
    """Client, end and scopes of a token that is ours, or None."""
    mark, _, rest = token[:_LONGEST_TOKEN].partition(".")
    facts, _, proof = rest.rpartition(".")
    expected = world().custody.sign(PURPOSE, facts.encode())
    if mark != MARK or not hmac.compare_digest(expected.encode(), proof.encode()):
        return None
    client, ends, scopes = facts.split(".", 2)
    return client, int(ends), frozenset(scopes.split("+"))
