"""Links that prove themselves: what they open, until when and for whom stands under our signature.

Without the key nobody can make one, lengthen its life, or open with it for somebody else.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime

from onecard.seams.world import world

_SEPARATOR = "."


def make(what: str, *, ends_at: datetime, bound_to: str) -> str:
    """A token that opens `what` for whoever `bound_to` names, before `ends_at` (whole seconds)."""
    said = f"{what}{_SEPARATOR}{int(ends_at.timestamp())}"
    return f"{said}{_SEPARATOR}{_signature(said, bound_to)}"


def read(token: str, *, bound_to: str, at: datetime) -> str | None:
    """What the token opens; None if it is forged, over, or another's."""
    said, _, signature = token.rpartition(_SEPARATOR)
    what, _, ends = said.rpartition(_SEPARATOR)
    good = hmac.compare_digest(signature.encode(), _signature(said, bound_to).encode())
    if not good or not ends.isdecimal() or at.astimezone(UTC).timestamp() >= int(ends):
        return None
    return what


def _signature(said: str, bound_to: str) -> str:
    return world().custody.sign("signed-link", f"{said}|{bound_to}".encode())
