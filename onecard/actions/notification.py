"""告知: what a person was told, kept so that it can be read again, and sent as a text.

A message is kept first and sent then; under the outbox's id both happen once, however often the
relay tries. The text is rendered in the person's own language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onecard import policy, words
from onecard.actions import hold
from onecard.actions._keeping import act, concerning, note
from onecard.actions._message import Message, Undeliverable
from onecard.adapters.partners import partners
from onecard.domain.application import grouped
from onecard.domain.authority import THE_CLOCK, Actor
from onecard.domain.contacts import Contacts
from onecard.domain.masking import mask_number
from onecard.domain.refusal import Fix, FixKind, NotFound, Refusal, require
from onecard.records.models import (
    Application,
    Card,
    Notification,
    Outlet,
    Person,
    Shipment,
    TopUpOrder,
)
from onecard.seams.clock import local_day
from onecard.words.messages import message as words_of_message


@dataclass(frozen=True)
class NotificationReceipt:
    """A kept message and whom it is for."""

    notification: str
    person: str


@dataclass(frozen=True)
class LanguageReceipt:
    """The language in which a person is told things from now on."""

    person: str
    language: str


@dataclass(frozen=True)
class _About:
    """Whom and what a message is about."""

    person: Person
    application: Application | None = None
    card: Card | None = None
    shipment: Shipment | None = None


def send(message: Message) -> Undeliverable | None:
    """The relay's way to people's telephones. Raises `PartnerSilent`.

    Somebody without a telephone finds the message in the portal.
    """
    kept = keep(message=message, actor=THE_CLOCK, at=message.at)
    row = Notification.objects.select_related("person").get(ref=kept.notification)
    if not row.person.phone:
        return None
    rejected = partners().sms.send(
        message_id=message.ref,
        phone=row.person.phone,
        text=words_of_message(row.key, row.person.language, row.facts),
    )
    return Undeliverable(f"rejected: {rejected.reason}") if rejected else None


@act("notification.keep")
def keep(*, message: Message, actor: Actor, at: datetime) -> NotificationReceipt:  # noqa: ARG001
    """Keep what a person is told, once for each message of the outbox.

    Raises `NotFound` if nobody knows what it is about, `MissingWord` if there is no text for it.
    """
    ref = message.ref.replace("evt_", "ntf_")
    kept = Notification.objects.filter(ref=ref).first()
    if kept is not None:
        return NotificationReceipt(ref, kept.person_id)
    about = _about(message.subject)
    key, facts = f"notification.{message.event}", _facts(about, message)
    words_of_message(key, about.person.language, facts)
    Notification.objects.create(
        ref=ref, person=about.person, key=key, facts=facts, about=message.subject, at=at
    )
    return NotificationReceipt(ref, about.person.ref)


@act("notification.mark_read")
def mark_read(*, notification: str, actor: Actor, at: datetime) -> NotificationReceipt:
    """The person has read a message. Somebody else's looks like none: `NotFound`."""
    row = hold.one(Notification, ref=notification, person=actor.ref)
    concerning(row.person_id)
    row.read_at = row.read_at or at
    row.save(update_fields=["read_at"])
    note(about=row.ref, by=actor, at=at, ground="platform B24")
    return NotificationReceipt(row.ref, row.person_id)


@act("notification.choose_language")
def choose_language(*, language: str, actor: Actor, at: datetime) -> LanguageReceipt:
    """In which language a person wants to be told things."""
    person = hold.one(Person, ref=actor.ref)
    concerning(person.ref)
    require(_must_speak(language))
    person.language = language
    person.save(update_fields=["language"])
    note(about=person.ref, by=actor, at=at, ground="platform C0.1", language=language)
    return LanguageReceipt(person.ref, language)


def _must_speak(language: str) -> Refusal | None:
    if language in words.LANGUAGES:
        return None
    return Refusal(
        "notification.language_not_spoken",
        measured={"language": language},
        allowed={"languages": tuple(words.LANGUAGES)},
        field="language",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "language"}),
    )


def _about(subject: str) -> _About:
    """The person behind the row a message is about."""
    shipment = Shipment.objects.filter(ref=subject).select_related("application", "card").first()
    if shipment is not None:
        application, card = shipment.application, shipment.card
        return _About(application.person, application, card, shipment)
    card = Card.objects.filter(ref=subject).select_related("person", "application").first()
    if card is not None:
        return _About(card.person, card.application, card)
    row = Application.objects.filter(ref=subject).select_related("person").first()
    if row is not None:
        return _About(row.person, row, row.cards.order_by("issued_on", "ref").last())
    order = TopUpOrder.objects.filter(ref=subject).values_list("person", flat=True).first()
    person = Person.objects.filter(ref=order or subject).first()
    if person is None:
        raise NotFound("Person")
    return _About(person)


def _facts(about: _About, message: Message) -> dict[str, Any]:
    """Everything a text may name; nothing in it is a whole number of a person or card."""
    contacts = policy.in_force("contacts", Contacts, on=local_day(message.at))
    application, card, shipment = about.application, about.card, about.shipment
    bank = contacts.bank(card.bank if card else application.bank if application else "")
    return {
        "number": grouped(application.number) if application else "",
        "bank": {"zh": bank.zh, "en": bank.en} if bank else "",
        "bank_hotline": bank.hotline if bank else "",
        "card": mask_number(card.card_number) if card else "",
        "outlet": _place(application.collect_at if application else None),
        "ems_number": shipment.ems_number if shipment else "",
        "hr_hotline": contacts.hr_hotline,
        "parcel_hotline": contacts.parcel_hotline,
        **message.payload,
    }


def _place(outlet: Outlet | None) -> Mapping[str, str] | str:
    return {"zh": outlet.name, "en": outlet.name_en or outlet.name} if outlet else ""
