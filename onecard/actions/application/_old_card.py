"""旧卡: the card that an application replaces: which one it is, and its mark in the history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from onecard.actions._history import move_hr
from onecard.actions._keeping import tell
from onecard.actions._purses import has_open_topup
from onecard.domain import replacement
from onecard.domain.application import ApplicationKind, grouped
from onecard.domain.authority import Actor
from onecard.domain.card import HeldCard
from onecard.domain.hr_function import HrEvent
from onecard.domain.production import OPEN
from onecard.domain.replacement import ExchangeReason, OldCard, Replacing
from onecard.records.models import Application, Card, Person

KINDS = (ApplicationKind.REPLACEMENT, ApplicationKind.EXCHANGE, ApplicationKind.UPGRADE)
"""Applications in the place of a card that is there."""

LOST = "lost"


def open_application(person: Person, kind: ApplicationKind) -> Application | None:
    """The application for a new card that is on its way already, whatever its reason was."""
    if kind not in KINDS:
        return None
    return Application.objects.filter(person=person, state__in=OPEN, kind__in=KINDS).first()


def of(cards: Iterable[Card], kind: ApplicationKind, *, at: datetime) -> Card | None:
    """The one of a person's cards that the application is about; none for a first card."""
    if kind not in KINDS:
        return None
    rows = {card.ref: card for card in cards}
    chosen = replacement.card_to_replace(
        [HeldCard(card.ref, card.state_at(at)) for card in rows.values()]
    )
    return rows[chosen.ref] if chosen else None


def facts_of(card: Card | None, *, at: datetime) -> OldCard | None:
    """The card as the rules read it."""
    return OldCard.of(card, at, open_topup=has_open_topup(card.ref)) if card else None


def reason_of(kind: ApplicationKind, told: Replacing) -> str:
    """Why a new card is made, as the application keeps it."""
    if kind is ApplicationKind.REPLACEMENT:
        return LOST
    if kind is ApplicationKind.UPGRADE:
        return ExchangeReason.UPGRADE.value
    return told.reason.value if told.reason else ""


def mark(card: Card | None, row: Application, *, by: Actor, at: datetime) -> None:
    """A line in the history of the old card, and word to its holder what holds from now on."""
    if card is None:
        return
    lost = row.kind is ApplicationKind.REPLACEMENT
    event = HrEvent.APPLY_REPLACEMENT if lost else HrEvent.APPLY_EXCHANGE
    move_hr(card, event, reason=event.value, by=by, at=at)
    tell(
        "replacement.created" if lost else "exchange.created",
        about=card.ref,
        at=at,
        parties=("sms",),
        application=row.ref,
        number=grouped(row.number),
    )
