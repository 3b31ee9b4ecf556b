"""An application that no batch can take, because a partner's file cannot carry it.

It stays accepted and waits for a correction; the refusal is kept beside it in one short text.
"""

from __future__ import annotations

from onecard.domain.exchange import spoken
from onecard.domain.refusal import Refusal

_MARK = "|"
_PREFIX = "exchange."
_PARTS = 5


def as_kept(refusal: Refusal, *, partner: str) -> str:
    """The refusal of a partner's file as `application.failure` keeps it."""
    measured = refusal.measured.get("measured", "")
    allowed = refusal.allowed.get("allowed", "")
    return _MARK.join(
        str(part) for part in (refusal.code, refusal.field, partner, measured, allowed)
    )


def as_refusal(kept: str, *, application: str) -> Refusal | None:
    """The refusal of a kept text, or None if the text is a partner's own reason."""
    parts = kept.split(_MARK)
    if not kept.startswith(_PREFIX) or len(parts) != _PARTS:
        return None
    code, column, partner, measured, allowed = parts
    facts = {
        "partner": spoken(partner),
        "application": application,
        "column": f"@exchange.column.{column}",
    }
    return Refusal(code, facts, {"measured": measured}, {"allowed": allowed}, field=column)
