"""An application that no batch can take, because a partner's file cannot carry it.

It stays accepted and waits for a correction. People read a short word; the audit keeps the facts,
from which the whole refusal can be told again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onecard.domain.exchange import spoken
from onecard.domain.refusal import Fact, Refusal

_TOLD_APART = frozenset({"name", "address", "phone"})


def held_back_word(refusal: Refusal) -> str:
    """What `application.failure` says: which entry it is, and what is wrong with it."""
    reason = refusal.code.partition(".")[2]
    entry = refusal.field if refusal.field in _TOLD_APART else "other"
    return f"@production.held_back.{reason}_{entry}"


def held_back_facts(refusal: Refusal, *, partner: str) -> dict[str, Fact]:
    """What the audit keeps of it: no personal value."""
    return {
        "held_back": refusal.code,
        "partner": partner,
        "column": refusal.field,
        **refusal.measured,
        **refusal.allowed,
    }


def held_back_refusal(kept: Mapping[str, Any], *, application: str) -> Refusal:
    """The refusal again, from what the audit kept."""
    facts: dict[str, Fact] = {
        "partner": spoken(str(kept["partner"])),
        "application": application,
        "column": f"@exchange.column.{kept['column']}",
    }
    measured, allowed = {"measured": kept.get("measured")}, {"allowed": kept.get("allowed")}
    return Refusal(str(kept["held_back"]), facts, measured, allowed, field=str(kept["column"]))
