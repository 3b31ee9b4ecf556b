"""The rows that collection and enabling have in common, held in the order of the house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import concerning
from onecard.domain import collection
from onecard.domain.authority import Actor, Channel, Role, must_not_be_own_case
from onecard.domain.channels import ChannelPolicy, Matter, may_use_channel
from onecard.domain.collection import CardInHand, Shown
from onecard.domain.documents import Applicant, DocumentPolicy
from onecard.domain.identity import canonical
from onecard.domain.refusal import NotFound, Refusal, require
from onecard.records.models import Application, Card, Outlet, Person, Staff
from onecard.seams.world import world


@dataclass(frozen=True)
class Held:
    """A person with all cards, one of them in question, and the application it came from."""

    person: Person
    card: Card
    cards: tuple[Card, ...]
    application: Application | None


def held(card_ref: str, *, actor: Actor) -> Held:
    """Hold person, cards and application of a card; a clerk never the own.

    A citizen finds only the own: `NotFound`.
    """
    person_ref = Card.objects.filter(ref=card_ref).values_list("person_id", flat=True).first()
    if person_ref is None or (actor.role is Role.CITIZEN and person_ref != actor.ref):
        raise NotFound("Card")
    concerning(person_ref)
    own = Staff.objects.filter(ref=actor.ref).values_list("person_id", flat=True).first()
    require(must_not_be_own_case(own_person=own or "", person=person_ref))
    person = hold.one(Person, ref=person_ref)
    cards = hold.many(Card.objects.filter(person=person))
    card = next(card for card in cards if card.ref == card_ref)
    application = hold.maybe(Application, ref=card.application_id)
    return Held(person, card, tuple(cards), application)


def card_of(application_ref: str) -> str:
    """The card that was made for an application: the last one, should it have been made again."""
    cards = Card.objects.filter(application=application_ref).order_by("issued_on", "ref")
    refs = list(cards.values_list("ref", flat=True))
    if not refs:
        raise NotFound("Card")
    return refs[-1]


def is_in_hand(proof: CardInHand, card: Card) -> bool:
    """Whether the card that was read is this card."""
    custody = world().custody
    by_number = custody.blind_index("card_number", canonical(proof.card_number))
    by_chip = custody.blind_index("card_identifier", canonical(proof.card_identifier))
    if proof.card_identifier:
        return by_chip == card.card_identifier_index
    return by_number == card.card_number_index


def must_be_in_hand(proof: CardInHand, card: Card) -> Refusal | None:
    """The card that was read is this card."""
    return collection.must_be_in_hand(proof=proof, is_this_card=is_in_hand(proof, card))


def at_this_outlet(row: Application, actor: Actor) -> Refusal | None:
    """A card lies at one outlet and leaves it there, whoever fetches it."""
    place = row.collect_at
    return collection.may_hand_over_here(
        collect_at=place.ref if place else "",
        outlet=actor.outlet,
        outlet_name=place.name if place else "",
    )


def must_prove_person(shown: Shown, person: Person, day: date) -> Refusal | None:
    """The holder, or an agent with both originals, stands at the counter."""
    figures = policy.in_force("documents", DocumentPolicy, on=day)
    return collection.must_prove_person(
        shown=shown, holder=holder_of(person), on=day, figures=figures
    )


def holder_of(person: Person) -> Applicant:
    """The holder, as the documents on the desk are compared with."""
    return Applicant(
        applicant_class=person.applicant_class,
        born_on=date.fromisoformat(person.born_on),
        name=person.name,
        identity_number=person.identity_number,
        sex=person.sex,
    )


def may_enable_in_channel(actor: Actor, card: Card, day: date) -> Refusal | None:
    """Where enabling is open; the outlet of a bank serves the cards of that bank (rule book 7)."""
    figures = policy.in_force("channels", ChannelPolicy, on=day)
    channel = actor.channel
    if channel is Channel.CARD_FACE_BANK and _bank_of(actor.outlet) != card.bank:
        channel = Channel.OTHER_BANK
    return may_use_channel(act=Matter.ENABLING, channel=channel, figures=figures)


def _bank_of(outlet: str) -> str:
    return Outlet.objects.filter(ref=outlet).values_list("bank", flat=True).first() or ""


def who_took(shown: Shown) -> dict[str, str]:
    """Into whose hands the card went, as the card keeps it: empty where it was the holder."""
    agent = shown.agent
    document = f"{agent.kind.value} {canonical(agent.number)}" if agent else ""
    return {"collected_by_name": shown.agent_name, "collected_by_document": document}


def collected(card: Card, shown: Shown, *, at: datetime) -> None:
    """The card is in somebody's hands from now on."""
    if card.collected_at:
        return
    changed = {"collected_at": at, **who_took(shown)}
    for column, value in changed.items():
        setattr(card, column, value)
    card.save(update_fields=list(changed))
