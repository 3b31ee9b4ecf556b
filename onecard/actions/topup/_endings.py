"""How a tap ends, in words, and what of it stands in the audit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from onecard.actions._keeping import note
from onecard.actions._purses import GROUND
from onecard.actions._tapping import Talk
from onecard.chip.fault import CardLost, CardRefused, ChipError, CryptoMismatch, WrongCard
from onecard.domain.authority import Actor


@dataclass(frozen=True)
class TapReceipt:
    """A tap after an act: which step is due."""

    tap: str
    seq: int


@dataclass(frozen=True)
class Ending:
    """How a tap ends: a word, and what belongs to it."""

    word: str
    facts: dict[str, Any] = field(default_factory=dict)


WATCHED = Ending("topup.tap.stopped", {"code": "topup.card_watched"})


def note_tap(talk: Talk, outcome: str, *, by: Actor, at: datetime) -> None:
    """In the audit: what came of the answers, and which keys were used for them."""
    note(
        about=talk.order or talk.purse,
        by=by,
        at=at,
        ground=GROUND,
        tap=talk.tap,
        outcome=outcome,
        key_uses=talk.key_uses,
    )


def told_of(error: ChipError) -> Ending:
    """What a person is told of a tap that went wrong."""
    facts: dict[str, Any] = {"remedy": error.remedy.value, "fault": error.fault.value}
    if isinstance(error, CardRefused):
        return Ending("topup.tap.refused", facts | {"status": str(error.status)})
    if isinstance(error, WrongCard):
        return Ending("topup.tap.wrong_card", facts | {"why": error.why.value})
    if isinstance(error, CryptoMismatch):
        return Ending("topup.tap.mismatch", facts)
    lost = error.status if isinstance(error, CardLost) else None
    return Ending("topup.tap.lost", facts | ({"status": str(lost)} if lost else {}))
