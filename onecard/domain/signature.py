"""报文签名: the exact strings that partners and we sign, and what is asked of a signature.

Five lines for a request, three for a reply, each ended by one LF byte, also the last; the same
string for both profiles (platform D5, known to partners from WeChat Pay v3). What needs a card of
national ciphers (SM2) is asked of the HSM; the HMAC profile is worked out here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from onecard.domain.refusal import Refusal

NONCE = re.compile(r"[A-Za-z0-9]{16,64}")
SECONDS = re.compile(r"[1-9][0-9]{0,11}")
SERIAL = re.compile(r"[A-Za-z0-9_]{1,40}")
LONGEST_SIGNATURE = 200
_FACTS = re.compile(r'([a-z_]+)="([^"\\]*)"')
_IN_HEADER = ("serial_no", "timestamp", "nonce_str", "signature")
HEADERS = {
    "serial": "OneCard-Serial",
    "timestamp": "OneCard-Timestamp",
    "nonce": "OneCard-Nonce",
    "profile": "OneCard-Signature-Type",
    "signature": "OneCard-Signature",
}


class Profile(Enum):
    """How a message is signed. WEBHOOK is the key of a partner's own webhooks to us."""

    HMAC = "ONECARD-HMAC-SHA256"
    SM2 = "ONECARD-SM2-WITH-SM3"
    WEBHOOK = "WEBHOOK"


OF_REQUESTS = frozenset({Profile.HMAC, Profile.SM2})


@dataclass(frozen=True)
class Shown:
    """The signature as it came: every part still text."""

    profile: str
    serial: str
    timestamp: str
    nonce: str
    signature: str
    partner: str = ""


def request_string(*, method: str, url: str, timestamp: str, nonce: str, body: bytes) -> bytes:
    """What is signed of a request; `url` is path and query exactly as sent."""
    return f"{method}\n{url}\n{timestamp}\n{nonce}\n".encode() + body + b"\n"


def reply_string(*, timestamp: str, nonce: str, body: bytes) -> bytes:
    """What is signed of a reply."""
    return f"{timestamp}\n{nonce}\n".encode() + body + b"\n"


def shown_in(headers: Mapping[str, str]) -> Shown | None:
    """The signature of a request, from our headers or from a WeChat-style `Authorization`.

    None where the request carries none at all; parts that are missing are empty.
    """
    kind, _, rest = headers.get("Authorization", "").partition(" ")
    if kind in {profile.value for profile in OF_REQUESTS}:
        facts = dict(_FACTS.findall(rest))
        serial, timestamp, nonce, made = (facts.get(name, "") for name in _IN_HEADER)
        return Shown(kind, serial, timestamp, nonce, made, facts.get("partner_id", ""))
    parts = {name: headers.get(header, "") for name, header in HEADERS.items()}
    if not any(parts.values()):
        return None
    return Shown(
        parts["profile"], parts["serial"], parts["timestamp"], parts["nonce"], parts["signature"]
    )


def authorization(shown: Shown) -> str:
    """The WeChat-style header value, for clients that speak that way."""
    return (
        f'{shown.profile} partner_id="{shown.partner}",nonce_str="{shown.nonce}",'
        f'timestamp="{shown.timestamp}",serial_no="{shown.serial}",signature="{shown.signature}"'
    )


def must_be_timely(*, timestamp: str, at: datetime, window_seconds: int) -> Refusal | None:
    """A signature counts for minutes, on both sides of our clock; whole Unix seconds only."""
    if SECONDS.fullmatch(timestamp) and abs(int(timestamp) - at.timestamp()) <= window_seconds:
        return None
    return Refusal(
        "signature.time",
        measured={"now": int(at.timestamp())},
        allowed={"window_seconds": window_seconds},
        field=HEADERS["timestamp"],
    )


def must_be_well_formed(shown: Shown) -> Refusal | None:
    """Every part is there and is what it should be, before a key is looked for."""
    known = {profile.value for profile in OF_REQUESTS}
    right = (
        shown.profile in known
        and SERIAL.fullmatch(shown.serial)
        and NONCE.fullmatch(shown.nonce)
        and decoded(shown.signature) is not None
    )
    return None if right else INVALID


INVALID = Refusal("signature.invalid", field=HEADERS["signature"])


def decoded(signature: str) -> bytes | None:
    """The bytes of a Base64 signature, or None for what is no strict Base64."""
    if not signature.isascii() or len(signature) > LONGEST_SIGNATURE:
        return None
    try:
        return base64.b64decode(signature, validate=True) or None
    except binascii.Error:
        return None


def hmac_signature(message: bytes, *, key: bytes) -> str:
    """The signature of the profile ONECARD-HMAC-SHA256."""
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


def is_hmac_of(signature: str, message: bytes, *, key: bytes) -> bool:
    """Whether it is, in constant time."""
    return hmac.compare_digest(signature.encode(), hmac_signature(message, key=key).encode())
