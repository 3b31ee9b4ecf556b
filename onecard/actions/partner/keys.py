"""Keys by which partners sign: given, replaced with an overlap, taken away at once."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import act, note
from onecard.domain.authority import Actor
from onecard.domain.refusal import Fix, FixKind, Refusal, require
from onecard.domain.request_rate import PartnerPolicy
from onecard.domain.signature import Profile
from onecard.domain.webhook import SECRET_MARK
from onecard.records.models import ApiClient, PartnerKey
from onecard.seams.clock import local_day
from onecard.seams.world import world

KEY_BYTES = 32
_PREFIX = {Profile.HMAC: "khm", Profile.SM2: "ksm", Profile.WEBHOOK: "hook"}
_POINT_LENGTH = 130


@dataclass(frozen=True)
class KeyReceipt:
    """A key by its serial; `secret` is shown this once and empty for SM2."""

    serial: str
    client: str
    profile: str
    secret: str
    valid_to: datetime | None


@act("partner.add_key")
def add_key(
    *, client: str, profile: Profile, public_key: str = "", actor: Actor, at: datetime
) -> KeyReceipt:
    """Give a client a new key; those it has of the same profile end after the overlap.

    Of SM2 the client keeps the private half and hands in the public one, `04` + x + y in hex.
    Raises `NotFound`, `Refused("partner.public_key")`.
    """
    row = hold.one(ApiClient, ref=client)
    require(_must_be_a_point(profile, public_key))
    material = public_key.lower() if profile is Profile.SM2 else _new_key()
    _end_the_former(row, profile, at)
    key = PartnerKey.objects.create(
        ref=world().ids.new(_PREFIX[profile]),
        client=row,
        profile=profile,
        material=material,
        valid_from=at,
    )
    note(about=row.ref, by=actor, at=at, ground="platform D5", serial=key.ref)
    secret = "" if profile is Profile.SM2 else material
    shown = SECRET_MARK + secret if profile is Profile.WEBHOOK else secret
    return KeyReceipt(key.ref, row.ref, profile.value, shown, None)


@act("partner.revoke_key")
def revoke_key(*, serial: str, actor: Actor, at: datetime) -> KeyReceipt:
    """Take one key away, effective with this act. Raises `NotFound`."""
    key = hold.one(PartnerKey, ref=serial)
    key.revoked_at = key.revoked_at or at
    key.save(update_fields=["revoked_at"])
    note(about=key.client_id, by=actor, at=at, ground="platform D5", serial=serial)
    return KeyReceipt(key.ref, key.client_id, key.profile.value, "", key.revoked_at)


def _end_the_former(client: ApiClient, profile: Profile, at: datetime) -> None:
    figures = policy.in_force("partner", PartnerPolicy, on=local_day(at))
    ends = at + timedelta(days=figures.key_overlap_days)
    longer = Q(valid_to=None) | Q(valid_to__gt=ends)
    PartnerKey.objects.filter(longer, client=client, profile=profile, revoked_at=None).update(
        valid_to=ends
    )


def _new_key() -> str:
    return base64.b64encode(world().rng.bytes(KEY_BYTES)).decode()


def _must_be_a_point(profile: Profile, public_key: str) -> Refusal | None:
    """An uncompressed point is asked of SM2, nothing of the others; the HSM judges the curve."""
    if profile is not Profile.SM2:
        return None
    hexadecimal = set(public_key.lower()) <= set("0123456789abcdef")
    if len(public_key) == _POINT_LENGTH and public_key.startswith("04") and hexadecimal:
        return None
    return Refusal(
        "partner.public_key",
        field="public_key",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "public_key"}),
    )
