"""What exactly is signed: shown to a partner's engineer, byte for byte, in the sandbox.

The commonest support call is a string that differs by one byte.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from onecard.actions.partner.proving import string_to_sign, verify
from onecard.adapters.hsm.software import sm3
from onecard.domain.refusal import Refused
from onecard.domain.signature import Shown


@dataclass(frozen=True)
class Explained:
    """The string, its length and digests, and what we would say to the signature."""

    string_to_sign: str
    byte_length: int
    sha256: str
    sm3: str
    valid: bool
    refused: str


def explain(*, shown: Shown, method: str, url: str, body: bytes, at: datetime) -> Explained:
    """Everything about one signature; nothing is used up."""
    string = string_to_sign(shown, method=method, url=url, body=body)
    try:
        verify(shown=shown, method=method, url=url, body=body, at=at)
        refused = ""
    except Refused as no:
        refused = no.refusal.code
    return Explained(
        string_to_sign=string.decode("utf-8", "backslashreplace"),
        byte_length=len(string),
        sha256=hashlib.sha256(string).hexdigest(),
        sm3=sm3(string).hex(),
        valid=not refused,
        refused=refused,
    )
