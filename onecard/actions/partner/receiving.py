"""Messages that partners push to us, signed as Standard Webhooks says (guarantees 10.6).

The partner is taken from the key in the address, never from the body; the signature is verified
over the raw bytes, before anything is parsed.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import datetime

from onecard import policy
from onecard.actions._keeping import walk
from onecard.domain import signature, webhook
from onecard.domain.refusal import Refusal, Refused, require
from onecard.domain.request_rate import PartnerPolicy
from onecard.domain.signature import Profile
from onecard.records.models import PartnerKey
from onecard.seams.clock import local_day

MESSAGE = re.compile(r"[A-Za-z0-9_-]{1,80}")
_INVALID = Refusal("signature.invalid", field=webhook.SIGNATURE)
_NOBODYS_KEY = bytes(32)


@dataclass(frozen=True)
class Pushed:
    """What stood in the headers."""

    message: str
    timestamp: str
    signatures: str


@walk("partner.receive")
def receive(*, hook: str, pushed: Pushed, body: bytes, at: datetime) -> str:
    """The client whose message it is. Raises `Refused`: `signature.time`, `signature.invalid`."""
    figures = policy.in_force("partner", PartnerPolicy, on=local_day(at))
    require(
        None if MESSAGE.fullmatch(pushed.message) else _INVALID,
        signature.must_be_timely(
            timestamp=pushed.timestamp, at=at, window_seconds=figures.signature_window_seconds
        ),
    )
    key = _live(hook, at)
    secret = base64.b64decode(key.material) if key else _NOBODYS_KEY
    string = webhook.signed_string(message=pushed.message, timestamp=pushed.timestamp, body=body)
    if not webhook.is_signed(pushed.signatures, string, keys=(secret,)) or key is None:
        raise Refused(_INVALID)
    return str(key.client_id)


def _live(hook: str, at: datetime) -> PartnerKey | None:
    key = PartnerKey.objects.filter(ref=hook, profile=Profile.WEBHOOK).first()
    if key is None:
        return None
    over = (key.revoked_at, key.client.revoked_at, key.valid_to)
    return None if any(end is not None and end <= at for end in over) else key
