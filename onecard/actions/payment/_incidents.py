"""Something about a payment that cannot be so, kept for people to look at."""

from __future__ import annotations

from datetime import datetime

from onecard.domain.refusal import Fact
from onecard.records.models import Discrepancy
from onecard.seams.clock import local_day
from onecard.seams.world import world


def incident(why: str, *, about: str, at: datetime, **facts: Fact) -> None:
    """Keep it; the same about the same is counted, so that a flood is one line."""
    kind, key = f"payment.{why}", about[:40]
    known = Discrepancy.objects.filter(kind=kind, about=key, settled_at=None).first()
    if known is not None:
        known.detail = {**known.detail, "times": int(known.detail.get("times", 1)) + 1}
        known.save(update_fields=["detail"])
        return
    Discrepancy.objects.create(
        ref=world().ids.new("dis"),
        kind=kind,
        about=key,
        partner="payment",
        detail={**facts, "day": local_day(at).isoformat(), "times": 1},
        found_at=at,
    )
