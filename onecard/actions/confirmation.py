"""回执: what a party answered when it was told of a loss, kept as evidence.

Until it is here nobody is told that the party knows. Kept once for each message, however often it
was delivered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions import hold
from onecard.actions._keeping import act, concerning, note
from onecard.domain.authority import Actor
from onecard.records.models import LossConfirmation

LONGEST_REASON = 120


@dataclass(frozen=True)
class Answer:
    """A party's answer. `statement`, `signature` and `serial` are its evidence, if it signs.

    `refused` is its own no, in its words.
    """

    told_at: datetime
    effective_at: datetime | None = None
    statement: str = ""
    signature: str = ""
    serial: str = ""
    refused: str = ""


@dataclass(frozen=True)
class ConfirmationReceipt:
    """Since when the party has confirmed; empty for a message nobody has to confirm."""

    message: str
    confirmed_at: datetime | None


def is_awaited(message: str) -> bool:
    """Whether a message is one that the loss board waits for."""
    return LossConfirmation.objects.filter(message=message).exists()


@act("loss.keep_answer")
def keep_answer(*, message: str, answer: Answer, actor: Actor, at: datetime) -> ConfirmationReceipt:
    """Keep what a party answered to one message; `at` is when the answer was here."""
    row = hold.one(LossConfirmation, message=message)
    if row.confirmed_at is not None:
        return ConfirmationReceipt(message, row.confirmed_at)
    concerning(row.card.person_id)
    row.told_at, row.effective_at = answer.told_at, answer.effective_at
    row.refused = answer.refused[:LONGEST_REASON]
    row.confirmed_at = None if answer.refused else at
    row.acknowledgement, row.signature = answer.statement, answer.signature
    row.serial = answer.serial
    row.save(
        update_fields=[
            "told_at",
            "effective_at",
            "refused",
            "confirmed_at",
            "acknowledgement",
            "signature",
            "serial",
        ]
    )
    refused = bool(answer.refused)
    note(about=row.card_id, by=actor, at=at, ground="platform B6", party=row.party, refused=refused)
    return ConfirmationReceipt(message, row.confirmed_at)
