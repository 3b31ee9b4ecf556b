"""Gathers the facts an application is judged by: rows, the province's answer, the day's figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from onecard import policy
from onecard.actions._banks import bank_of
from onecard.actions._province import Province
from onecard.adapters.hr_database import ProvincialCard
from onecard.domain.application import (
    Answers,
    ApplicationPolicy,
    AppliedBy,
    Asked,
    Collection,
    Figures,
    Guardian,
    HeldCard,
    OpenApplication,
    Papers,
)
from onecard.domain.authority import Actor, Channel
from onecard.domain.card import CardPolicy
from onecard.domain.channels import ChannelPolicy
from onecard.domain.contacts import Contacts
from onecard.domain.documents import Applicant, DocumentPolicy
from onecard.domain.hr_function import LIVE
from onecard.domain.photo import PhotoPolicy
from onecard.domain.production import OPEN
from onecard.domain.refusal import NotFound
from onecard.domain.replacement import ReplacementFigures, ReplacementPolicy
from onecard.domain.stock import SERVING
from onecard.domain.transit_purse import TransitState
from onecard.records.models import Application, Card, Outlet, Person, Photo
from onecard.seams.clock import local_day
from onecard.seams.world import world


@dataclass(frozen=True)
class Told:
    """What one route tells of an application; the rest is found in the archive."""

    channel: Channel
    applied_by: AppliedBy
    answers: Answers
    papers: Papers
    guardian: Guardian | None = None
    collection: Collection = Collection.OUTLET
    collect_at: str = ""
    id_card_issued: bool = False
    old_card_shown: bool = False


def figures_on(day: date) -> Figures:
    """The figures in force for applying on the local day."""
    return Figures(
        application=policy.in_force("application", ApplicationPolicy, on=day),
        channels=policy.in_force("channels", ChannelPolicy, on=day),
        contacts=policy.in_force("contacts", Contacts, on=day),
        documents=policy.in_force("documents", DocumentPolicy, on=day),
        photo=policy.in_force("photo", PhotoPolicy, on=day),
    )


def replacement_figures_on(day: date) -> ReplacementFigures:
    """The figures in force for replacing a card on the local day."""
    return ReplacementFigures(
        **vars(figures_on(day)),
        card=policy.in_force("card", CardPolicy, on=day),
        replacement=policy.in_force("replacement", ReplacementPolicy, on=day),
    )


def channel_at(actor: Actor, card: Card | None) -> Channel:
    """The door somebody stands at: to a card, the outlet of another bank is another bank's."""
    at_a_bank = actor.channel is Channel.CARD_FACE_BANK
    if card is None or not at_a_bank or bank_of(actor) == card.bank:
        return actor.channel
    return Channel.OTHER_BANK


def asked_of(
    person: Person,
    told: Told,
    province: Province,
    *,
    photo: Photo | None,
    at: datetime,
    beside: Application | None = None,
) -> Asked:
    """Everything about this application; `beside` is the row that is judged again."""
    cards = held_cards(person, province, at=at)
    return Asked(
        channel=told.channel,
        applied_by=told.applied_by,
        applicant=applicant_of(person, province, id_card_issued=told.id_card_issued),
        answers=told.answers,
        papers=told.papers,
        guardian=told.guardian,
        cards=cards,
        open_application=open_application(person, province, beside=beside),
        base_data_found=bool(person.person_number),
        photo=photo is not None,
        collection=told.collection,
        collect_at=told.collect_at,
        deceased=person.deceased,
        old_card_shown=told.old_card_shown,
        transit_opened=_transit_opened(person),
    )


def applicant_of(person: Person, province: Province, *, id_card_issued: bool = False) -> Applicant:
    """Who is judged. An ID card counts as issued when the province or the clerk says so."""
    base = province.person
    return Applicant(
        applicant_class=person.applicant_class,
        born_on=date.fromisoformat(person.born_on),
        id_card_issued=id_card_issued or bool(base and base.id_card_issued),
        name=person.name,
        identity_number=person.identity_number,
        sex=person.sex,
    )


def held_cards(person: Person, province: Province, *, at: datetime) -> tuple[HeldCard, ...]:
    """Every card of the person we know of, here or in the register, the newest last."""
    cities = {_index(told): told for told in province.cards}
    found = []
    for row in Card.objects.filter(person=person):
        told = cities.pop(row.card_number_index, None)
        city = _elsewhere(told) if told else ""
        found.append((row.issued_on, HeldCard(row.generation, row.bank, row.state_at(at), city)))
    for told in cities.values():
        card = HeldCard(told.generation, told.bank, told.state, _elsewhere(told))
        found.append((told.issued_on, card))
    return tuple(card for _, card in sorted(found, key=lambda dated: dated[0]))


def open_application(
    person: Person, province: Province, *, beside: Application | None = None
) -> OpenApplication | None:
    """The application of this person that is still on its way, here or elsewhere."""
    rows = Application.objects.filter(person=person, state__in=OPEN)
    row = rows.exclude(ref=beside.ref if beside else "").order_by("submitted_at").first()
    if row is not None:
        return OpenApplication(row.number, _since(row))
    if beside is None and province.person is not None and province.person.card_in_production:
        return OpenApplication()
    return None


def must_be_serving(outlet: str) -> None:
    """A card can be collected where people are served. Raises `NotFound`."""
    serving = Outlet.objects.filter(ref=outlet, kind__in=SERVING)
    if outlet and not serving.exists():
        raise NotFound(Outlet.__name__)


def _since(row: Application) -> date:
    begun: datetime = row.accepted_at or row.submitted_at
    return local_day(begun)


def _index(told: ProvincialCard) -> str:
    return world().custody.blind_index("card_number", told.card_number)


def _elsewhere(told: ProvincialCard) -> str:
    return "" if told.city == policy.pack_name() else told.city


def _transit_opened(person: Person) -> bool:
    """Whether a purse must be refunded first; what was lost or given up with a card is past."""
    live = Card.objects.filter(person=person, hr_state__in=LIVE)
    return live.filter(transit_state=TransitState.OPEN).exists()
