"""What stands on a printed slip: masked as on the screens, complete, in plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from onecard.domain.application import ApplicationKind, AppliedBy, Collection, MakingMode, grouped
from onecard.domain.authority import Actor
from onecard.domain.contacts import CoopBank
from onecard.domain.documents import DocumentKind
from onecard.domain.masking import mask_address, mask_name, mask_number, mask_phone
from onecard.domain.production import ProductionState
from onecard.domain.refusal import NotFound
from onecard.queries import contacts, place
from onecard.queries.place import Place
from onecard.records.models import Application, Staff
from onecard.seams.clock import local_day

_FOR_COLLECTION = (ProductionState.AT_BRANCH, ProductionState.AT_OUTLET)


@dataclass(frozen=True)
class AcceptanceSlip:
    """受理回执: one application on one sheet. Instants are aware, days local."""

    application: str
    number: str
    grouped_number: str
    kind: ApplicationKind
    name: str
    identity_number: str
    document_kind: DocumentKind | None
    phone: str
    bank: CoopBank
    making_mode: MakingMode
    collection: Collection
    collect_at: Place | None
    post_to: str
    applied_by: AppliedBy
    agent_name: str
    agent_document: str
    outlet: Place
    accepted_at: datetime | None
    promised_on: date | None
    policy_version: str
    operator: str


@dataclass(frozen=True)
class HandoutLine:
    """One person on the list for collection: the name whole, the numbers masked."""

    application: str
    grouped_number: str
    name: str
    identity_number: str
    box_position: str


@dataclass(frozen=True)
class Handout:
    """领卡签收单: whose cards an employer may fetch at one outlet."""

    employer_name: str
    operator: str
    outlets: tuple[Place, ...]
    lines: tuple[HandoutLine, ...]


def acceptance(*, application: str, as_seen_by: Actor) -> AcceptanceSlip:
    """The slip of an application of the clerk's own outlet. Raises `NotFound` for any other."""
    row = (
        Application.objects.select_related("person", "document", "outlet", "collect_at")
        .filter(ref=application)
        .first()
    )
    if row is None or row.outlet is None or as_seen_by.outlet not in _places_of(row):
        raise NotFound(Application.__name__)
    bank = contacts.on(local_day(row.submitted_at)).bank(row.bank)
    if bank is None:
        raise NotFound(CoopBank.__name__)
    told = row.key_information
    return AcceptanceSlip(
        application=row.ref,
        number=row.number,
        grouped_number=grouped(row.number),
        kind=row.kind,
        name=mask_name(row.person.name),
        identity_number=mask_number(row.person.identity_number),
        document_kind=row.document.kind if row.document else None,
        phone=mask_phone(told.get("phone", "")),
        bank=bank,
        making_mode=row.making_mode,
        collection=row.collection,
        collect_at=place.one(row.collect_at.ref) if row.collect_at else None,
        post_to=mask_address(told.get("post_to", "")),
        applied_by=row.applied_by,
        agent_name=mask_name(row.agent_name),
        agent_document=mask_number(row.agent_document),
        outlet=place.one(row.outlet.ref),
        accepted_at=row.accepted_at,
        promised_on=row.promised_on,
        policy_version=row.policy_version,
        operator=_username(as_seen_by),
    )


def handout(*, as_seen_by: Actor) -> Handout:
    """The cards that lie ready for an employer's own people, as its agent may see them."""
    rows = (
        Application.objects.select_related("person", "employer", "collect_at")
        .prefetch_related("cards")
        .filter(employer_id=as_seen_by.employer, collection=Collection.EMPLOYER)
        .filter(state__in=_FOR_COLLECTION)
        .order_by("number")
    )
    agent = Staff.objects.select_related("employer").get(ref=as_seen_by.ref)
    outlets = dict.fromkeys(row.collect_at.ref for row in rows if row.collect_at)
    return Handout(
        employer_name=agent.employer.name if agent.employer else "",
        operator=agent.username,
        outlets=tuple(place.one(ref) for ref in outlets),
        lines=tuple(_line(row) for row in rows),
    )


def _line(row: Application) -> HandoutLine:
    card = next(iter(row.cards.all()), None)
    return HandoutLine(
        application=row.ref,
        grouped_number=grouped(row.number),
        name=row.person.name,
        identity_number=mask_number(row.person.identity_number),
        box_position=card.box_position if card else "",
    )


def _places_of(row: Application) -> set[str]:
    return {place.ref for place in (row.outlet, row.collect_at) if place}


def _username(actor: Actor) -> str:
    return Staff.objects.filter(ref=actor.ref).values_list("username", flat=True).first() or ""
