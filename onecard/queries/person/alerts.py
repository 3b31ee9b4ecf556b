"""What a clerk must know before anything else: lost, unfinished, refused, expired."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from onecard.domain.hr_function import HrState
from onecard.domain.photo import Verdict
from onecard.domain.production import Holder, ProductionState
from onecard.domain.refusal import Facts
from onecard.domain.transit_purse import TransitState
from onecard.queries.application.progress import is_late
from onecard.records.models import Application, Card, Document, Person, Photo
from onecard.seams.clock import local_day


@dataclass(frozen=True)
class Alert:
    """One sentence for the top of the screen: `application.alert.<key>` with its facts.

    `tone` is `stop` for what closes ways, `attention` for what wants an act, `note` for the rest.
    """

    key: str
    tone: str
    facts: Facts = field(default_factory=dict)

    @property
    def word(self) -> str:
        """The key of its words."""
        return f"application.alert.{self.key}"


_LOST = {
    HrState.TEMPORARY_LOSS: "temporary_loss",
    HrState.FORMAL_LOSS: "formal_loss",
    HrState.LOCKED: "locked",
}
_TONES = ("stop", "attention", "note")


def alerts_of(
    person: Person, cards: list[Card], applications: list[Application], at: datetime
) -> tuple[Alert, ...]:
    """Every alert about a person, the gravest first."""
    today = local_day(at)
    every = [
        *_about_person(person, today),
        *(alert for card in cards for alert in _about_card(card, at)),
        *(alert for row in applications for alert in _about_application(row, today)),
    ]
    return tuple(sorted(every, key=lambda alert: _TONES.index(alert.tone)))


def _about_person(person: Person, today: date) -> Iterator[Alert]:
    if person.deceased:
        yield Alert("deceased", "stop")
    if not person.person_number:
        yield Alert("not_in_base_data", "note")
    document = Document.objects.filter(person=person).order_by("seen_at").last()
    if document is not None and document.valid_to and document.valid_to < today:
        yield Alert("document_expired", "attention", {"day": document.valid_to})
    photo = Photo.objects.filter(person=person).order_by("taken_at").last()
    if photo is not None and photo.verdict == Verdict.HUMAN.value and photo.decided_at is None:
        yield Alert("photo_to_review", "attention")
    if photo is not None and photo.verdict == Verdict.RETAKE.value:
        yield Alert("photo_declined", "attention")


def _about_card(card: Card, at: datetime) -> Iterator[Alert]:
    state = card.state_at(at)
    if state in _LOST:
        yield Alert(_LOST[state], "stop")
    if state is HrState.SEALED:
        yield Alert("sealed", "attention")
    if card.transit_state is TransitState.REFUND_PENDING:
        yield Alert("refund_pending", "attention")
    if card.transit_state is TransitState.OPEN:
        yield Alert("transit_open", "note")


def _about_application(row: Application, today: date) -> Iterator[Alert]:
    number: Facts = {"number": row.number}
    if row.state is ProductionState.BANK_FAILED:
        yield Alert("bank_failed", "attention", {**number, "reason": row.failure})
    if row.state is ProductionState.MAKING_FAILED:
        yield Alert("making_failed", "note", number)
    if row.state in {ProductionState.AT_OUTLET, ProductionState.INSTANT_MADE}:
        yield Alert("to_collect", "attention", number)
    if row.holder_of_the_moment == Holder.REVIEWER.value:
        yield Alert("waits_for_review", "attention", number)
    if row.promised_on is not None and is_late(row, today):
        yield Alert("late", "attention", {**number, "day": row.promised_on})
