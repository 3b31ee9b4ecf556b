"""消息: what a person was told, to be read again in either language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.domain.authority import Actor
from onecard.records.models import Notification
from onecard.words.messages import message

MOST_LINES = 200


@dataclass(frozen=True)
class MessageToMe:
    """One message as its reader reads it; `about` is the application, card or parcel."""

    notification: str
    text: str
    about: str
    at: datetime
    read: bool


def mine(*, as_seen_by: Actor, language: str, at: datetime) -> tuple[MessageToMe, ...]:
    """The signed-in citizen's messages up to now, the newest first."""
    rows = Notification.objects.filter(person=as_seen_by.ref, at__lte=at).order_by("-at", "-ref")
    return tuple(
        MessageToMe(
            notification=row.ref,
            text=message(row.key, language, row.facts),
            about=row.about,
            at=row.at,
            read=row.read_at is not None,
        )
        for row in rows[:MOST_LINES]
    )


def unread(*, as_seen_by: Actor) -> int:
    """How many messages the signed-in citizen has not read yet."""
    return Notification.objects.filter(person=as_seen_by.ref, read_at=None).count()
