"""What a partner must be told of an application: the rows of order files, and attempts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from onecard.adapters.bank import OpenAccount
from onecard.domain.documents import DocumentKind
from onecard.domain.exchange import AccountOrder, CardOrder
from onecard.domain.person import ApplicantClass
from onecard.domain.production import ProductionEvent as E
from onecard.records.models import Application, Step

TO_BANK = (E.SEND_TO_BANK, E.BATCH_INSTANT)
TO_VENDOR = (E.SEND_TO_VENDOR, E.REMAKE, E.DOWNLOAD, E.REMAKE_INSTANT)


def people(**lookup: Any) -> QuerySet[Application]:
    """Applications together with everything an order says of them."""
    return Application.objects.filter(**lookup).select_related("person", "document", "photo")


def attempts(application: Application, events: Iterable[E]) -> int:
    """How often the application was ordered from a partner so far."""
    return Step.objects.filter(
        application=application, event__in=[event.value for event in events]
    ).count()


def account_order(application: Application, *, attempt: int) -> AccountOrder:
    """The line for the bank (报银行)."""
    told, person = application.key_information, application.person
    valid_to = told.get("document_valid_to") or ""
    return AccountOrder(
        application_number=application.number,
        attempt=attempt,
        name=person.name.strip(),
        identity_number=person.identity_number,
        document_kind=_document_kind(application),
        document_valid_to=date.fromisoformat(valid_to) if valid_to else None,
        phone=str(told.get("phone", "")).strip(),
        address=str(told.get("address", "")).strip(),
        occupation=str(told.get("occupation", "")),
        nationality=str(told.get("nationality") or person.nationality),
    )


def open_account(application: Application, *, attempt: int) -> OpenAccount:
    """The same as a call: the message id makes a repeat harmless."""
    order = account_order(application, attempt=attempt)
    return OpenAccount(
        message_id=message_id(application, "account", attempt),
        application_number=order.application_number,
        name=order.name,
        identity_number=order.identity_number,
        document_kind=order.document_kind,
        document_valid_to=order.document_valid_to.isoformat() if order.document_valid_to else "",
        phone=order.phone,
        address=order.address,
        occupation=order.occupation,
        nationality=order.nationality,
    )


def card_order(application: Application, *, attempt: int) -> CardOrder:
    """The line for the card vendor (报卡商)."""
    person = application.person
    return CardOrder(
        application_number=application.number,
        attempt=attempt,
        name=person.name.strip(),
        identity_number=person.identity_number,
        sex=person.sex.value,
        born_on=date.fromisoformat(person.born_on),
        nationality=person.nationality,
        bank=application.bank,
        account_number=application.account_number,
        bank_card_number=application.bank_card_number,
        collection=application.collection.value,
        outlet=application.collect_at_id or "",
        photo_sha256=application.photo.sha256 if application.photo else "",
    )


def message_id(application: Application, what: str, attempt: int) -> str:
    """The same for every try of one attempt, so that the partner does it once."""
    return f"{application.number}-{what}-{attempt}"


def _document_kind(application: Application) -> str:
    if application.document:
        return str(application.document.kind.value)
    is_mainland = application.person.applicant_class is ApplicantClass.MAINLAND
    return DocumentKind.RESIDENT_ID.value if is_mainland else ""
