"""What is known here of somebody who might apply: the facts a greyed button is judged by."""

from __future__ import annotations

from datetime import date, datetime

from onecard import policy
from onecard.domain.application import (
    Answers,
    ApplicationPolicy,
    AppliedBy,
    Asked,
    Figures,
    HeldCard,
    OpenApplication,
)
from onecard.domain.authority import Channel
from onecard.domain.channels import ChannelPolicy
from onecard.domain.contacts import Contacts
from onecard.domain.documents import Applicant, DocumentPolicy
from onecard.domain.hr_function import LIVE
from onecard.domain.photo import PhotoPolicy
from onecard.domain.production import OPEN
from onecard.domain.transit_purse import TransitState
from onecard.records.models import Application, Card, Person
from onecard.seams.clock import local_day


def figures_on(day: date) -> Figures:
    """The figures in force for applying on the local day."""
    return Figures(
        application=policy.in_force("application", ApplicationPolicy, on=day),
        channels=policy.in_force("channels", ChannelPolicy, on=day),
        contacts=policy.in_force("contacts", Contacts, on=day),
        documents=policy.in_force("documents", DocumentPolicy, on=day),
        photo=policy.in_force("photo", PhotoPolicy, on=day),
    )


def asked_of(person: Person, cards: list[Card], *, channel: Channel, at: datetime) -> Asked:
    """The person as an applicant at this door, before a single answer or paper."""
    return Asked(
        channel=channel,
        applied_by=AppliedBy.HOLDER,
        applicant=Applicant(person.applicant_class, date.fromisoformat(person.born_on)),
        answers=Answers(),
        cards=tuple(HeldCard(card.generation, card.bank, card.state_at(at)) for card in cards),
        open_application=_open_application(person),
        base_data_found=bool(person.person_number),
        deceased=person.deceased,
        transit_opened=any(
            card.transit_state is TransitState.OPEN and card.hr_state in LIVE for card in cards
        ),
    )


def _open_application(person: Person) -> OpenApplication | None:
    rows = Application.objects.filter(person=person, state__in=OPEN)
    row = rows.order_by("submitted_at").first()
    if row is None:
        return None
    begun: datetime = row.accepted_at or row.submitted_at
    return OpenApplication(row.number, local_day(begun))
