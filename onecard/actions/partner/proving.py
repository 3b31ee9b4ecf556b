"""Who signed a request, and our own signature under the reply.

Everything is asked before a byte of the body is read as JSON. Whoever is not believed is told
nothing about why, but for the time, which helps an honest caller with a wrong clock.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime

from onecard import policy
from onecard.actions._keeping import walk
from onecard.adapters.hsm import hsm
from onecard.domain import signature
from onecard.domain.partner_scope import PartnerCaller
from onecard.domain.refusal import Refused, require
from onecard.domain.request_rate import PartnerPolicy
from onecard.domain.signature import HEADERS, INVALID, Profile, Shown
from onecard.records.models import PartnerKey
from onecard.seams.clock import local_day
from onecard.seams.world import world

OUR_KEY = "platform"
OUR_SERIAL = "onecard_sm2_1"
"""Under which name partners know the key of our SM2 signatures."""

_NONCE_BYTES = 16
_NOBODYS_KEY = bytes(32)


@dataclass(frozen=True)
class Proof:
    """Whose signature it was. `secret` is the shared key, by which the reply is signed too."""

    caller: PartnerCaller
    serial: str
    profile: Profile
    secret: bytes = field(default=b"", repr=False)

    @property
    def client(self) -> str:
        """The caller's id."""
        return self.caller.ref


@dataclass(frozen=True)
class SignedReply:
    """The headers of a signed reply."""

    headers: dict[str, str]


@walk("partner.verify")
def verify(*, shown: Shown, method: str, url: str, body: bytes, at: datetime) -> Proof:
    """Whose request it is. Raises `Refused`: `signature.time`, `signature.invalid`."""
    figures = policy.in_force("partner", PartnerPolicy, on=local_day(at))
    require(
        signature.must_be_well_formed(shown),
        signature.must_be_timely(
            timestamp=shown.timestamp, at=at, window_seconds=figures.signature_window_seconds
        ),
    )
    message = string_to_sign(shown, method=method, url=url, body=body)
    key = _key_of(shown, at)
    secret = _secret_of(key)
    right = _is_signed_with(key, secret, shown, message)
    caller = _caller_of(key) if right and key else None
    if key is None or caller is None:
        raise Refused(INVALID)
    return Proof(caller, key.ref, key.profile, secret)


def string_to_sign(shown: Shown, *, method: str, url: str, body: bytes) -> bytes:
    """The five lines, as we build them from what arrived."""
    return signature.request_string(
        method=method, url=url, timestamp=shown.timestamp, nonce=shown.nonce, body=body
    )


@walk("partner.sign_reply")
def sign_reply(*, proof: Proof, body: bytes, at: datetime) -> SignedReply:
    """Sign a reply in the profile of its request: with the shared key, or with ours."""
    timestamp, nonce = str(int(at.timestamp())), world().rng.bytes(_NONCE_BYTES).hex().upper()
    message = signature.reply_string(timestamp=timestamp, nonce=nonce, body=body)
    if proof.profile is Profile.SM2:
        serial, made = OUR_SERIAL, _base64(hsm().sign(OUR_KEY, message))
    else:
        serial, made = proof.serial, signature.hmac_signature(message, key=proof.secret)
    parts = {
        "serial": serial,
        "timestamp": timestamp,
        "nonce": nonce,
        "profile": proof.profile.value,
        "signature": made,
    }
    return SignedReply({HEADERS[name]: value for name, value in parts.items()})


def our_public_key() -> str:
    """The public half of the key under our SM2 signatures."""
    return hsm().public_key(OUR_KEY)


def _key_of(shown: Shown, at: datetime) -> PartnerKey | None:
    """The key of that serial, if it counts now and its client may still call."""
    key = PartnerKey.objects.filter(ref=shown.serial).select_related("client").first()
    if key is None or key.profile.value != shown.profile:
        return None
    over = (key.revoked_at, key.client.revoked_at, key.valid_to)
    if any(end is not None and end <= at for end in over):
        return None
    claimed = shown.partner in {"", key.client_id}
    return key if claimed else None


def _caller_of(key: PartnerKey) -> PartnerCaller | None:
    """Who calls with that key; nobody but partners does."""
    client = key.client
    if client.kind is None:
        return None
    scopes = frozenset(client.scopes)
    return PartnerCaller(client.ref, client.name, client.kind, client.bank, scopes)


def _secret_of(key: PartnerKey | None) -> bytes:
    """The shared key; an unknown serial costs as long as a wrong signature."""
    if key is None:
        return _NOBODYS_KEY
    return base64.b64decode(key.material) if key.profile is Profile.HMAC else b""


def _is_signed_with(key: PartnerKey | None, secret: bytes, shown: Shown, message: bytes) -> bool:
    if key is None or key.profile is Profile.HMAC:
        return signature.is_hmac_of(shown.signature, message, key=secret)
    return hsm().verify(key.material, message, signature.decoded(shown.signature) or b"")


def _base64(made: bytes) -> str:
    return base64.b64encode(made).decode()
