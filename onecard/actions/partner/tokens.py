"""OAuth 2.0 client credentials: a short token for the client's id and secret (RFC 6749 4.4).

A token carries its own facts under our keyed digest, so nothing is stored; whether the client may
still call is asked at every request.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard import policy
from onecard.actions._keeping import act, note
from onecard.domain.authority import Actor
from onecard.domain.refusal import Refusal, require
from onecard.domain.request_rate import PartnerPolicy
from onecard.records.models import ApiClient
from onecard.seams.clock import local_day
from onecard.seams.world import world

MARK = "oat"
PURPOSE = "access token"


@dataclass(frozen=True)
class TokenReceipt:
    """An access token, its scopes and how long it counts."""

    token: str
    scopes: tuple[str, ...]
    expires_in: int


@act("partner.issue_token")
def issue_token(
    *, client: str, secret: str, scopes: tuple[str, ...], actor: Actor, at: datetime
) -> TokenReceipt:
    """A token for those of the client's scopes that were asked for; all of them if none were.

    Raises `Refused`: `request.not_signed_in`, `partner.scope_not_yours`.
    """
    index = world().custody.blind_index("token", secret)
    row = ApiClient.objects.filter(ref=client, token_index=index, kind__isnull=False).first()
    require(_must_be_known(row, at))
    assert row is not None  # noqa: S101 - required above
    wanted = tuple(sorted(scopes or row.scopes))
    require(_may_have(wanted, row))
    figures = policy.in_force("partner", PartnerPolicy, on=local_day(at))
    note(about=row.ref, by=actor, at=at, ground="RFC 6749 4.4", scopes=wanted)
    ends = int(at.timestamp()) + figures.access_token_seconds
    return TokenReceipt(_token(row.ref, ends, wanted), wanted, figures.access_token_seconds)


def _token(client: str, ends: int, scopes: tuple[str, ...]) -> str:
    facts = f"{client}.{ends}.{'+'.join(scopes)}"
    return f"{MARK}.{facts}.{world().custody.sign(PURPOSE, facts.encode())}"


def _must_be_known(row: ApiClient | None, at: datetime) -> Refusal | None:
    revoked = row is not None and row.revoked_at is not None and row.revoked_at <= at
    return Refusal("request.not_signed_in") if row is None or revoked else None


def _may_have(wanted: tuple[str, ...], row: ApiClient) -> Refusal | None:
    odd = tuple(sorted(set(wanted) - set(row.scopes)))
    return Refusal("partner.scope_not_yours", {"scopes": odd}, field="scope") if odd else None
