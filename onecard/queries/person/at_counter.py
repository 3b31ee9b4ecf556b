"""The person on one screen: alerts first, then who it is, then what can be done and why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from onecard.domain.application import Asked, Figures, may_begin_at_counter, may_begin_upgrade
from onecard.domain.authority import Actor, Role
from onecard.domain.masking import mask_address, mask_name, mask_number, mask_phone
from onecard.domain.person import age_on, is_guardian_needed
from onecard.domain.photo import is_photo_required
from onecard.domain.refusal import NotFound, Refusal
from onecard.queries._applying import asked_of, figures_on
from onecard.queries._reading import one_moment
from onecard.queries.application.progress import Progress, seen
from onecard.queries.person.alerts import Alert, alerts_of
from onecard.queries.person.myself import photo_of
from onecard.records.models import Application, Card, Outlet, Person
from onecard.seams.clock import local_day


@dataclass(frozen=True)
class CardHeld:
    """A card of the person; the states are keys of words, the number is masked.

    How the account of a card stands is no business of another bank's clerk.
    """

    card: str
    number: str
    generation: int
    bank: str
    hr_state: str
    financial_state: str
    transit_state: str
    issued_on: date
    valid_to: date


@dataclass(frozen=True)
class ActOffered:
    """Something a clerk might do for this person; a refusal says why the button is grey."""

    act: str
    refusal: Refusal | None


@dataclass(frozen=True)
class CounterPerson:
    """Everything a counter needs of one person, masked."""

    person: str
    name: str
    identity_number: str
    applicant_class: str
    sex: str
    born_on: date
    age: int
    nationality: str
    phone: str
    address: str
    occupation: str
    known_to_province: bool
    guardian_needed: bool
    photo_required: bool
    photo: str
    alerts: tuple[Alert, ...]
    cards: tuple[CardHeld, ...]
    applications: tuple[Progress, ...]
    acts: tuple[ActOffered, ...]


ANOTHER_BANKS = "financial_function.another_banks"
_NOT_AT_A_COUNTER = frozenset({Role.CITIZEN, Role.EMPLOYER_AGENT, Role.PARTNER})


def at_counter(*, person: str, as_seen_by: Actor, at: datetime) -> CounterPerson:
    """One person for a clerk. Raises `NotFound`, also for whoever is no clerk."""
    with one_moment():
        row = Person.objects.filter(ref=person).first()
        if row is None or as_seen_by.role in _NOT_AT_A_COUNTER:
            raise NotFound(Person.__name__)
        return _seen(row, as_seen_by, at)


def _seen(row: Person, by: Actor, at: datetime) -> CounterPerson:
    today = local_day(at)
    figures = figures_on(today)
    cards = list(Card.objects.filter(person=row).order_by("issued_on", "ref"))
    rows = Application.objects.filter(person=row).select_related("collect_at", "employer")
    applications = list(rows.order_by("-submitted_at", "-ref"))
    asked = asked_of(row, cards, channel=by.channel, at=at)
    born_on = asked.applicant.born_on
    return CounterPerson(
        person=row.ref,
        name=mask_name(row.name),
        identity_number=mask_number(row.identity_number),
        applicant_class=f"person.class.{row.applicant_class.value}",
        sex=f"person.sex.{row.sex.value}",
        born_on=born_on,
        age=age_on(born_on, today, figures.application),
        nationality=row.nationality,
        phone=mask_phone(row.phone),
        address=mask_address(row.address),
        occupation=row.occupation,
        known_to_province=bool(row.person_number),
        guardian_needed=is_guardian_needed(born_on=born_on, on=today, figures=figures.application),
        photo_required=is_photo_required(born_on=born_on, on=today, figures=figures.photo),
        photo=photo_of(row.ref),
        alerts=alerts_of(row, cards, applications, at),
        cards=tuple(_card(card, by, at) for card in cards),
        applications=tuple(seen(application, by, at) for application in applications),
        acts=_acts(asked, today, figures),
    )


def _acts(asked: Asked, today: date, figures: Figures) -> tuple[ActOffered, ...]:
    """The same rules as the acts ask, as far as they can be asked before a paper was shown."""
    return (
        ActOffered("first", may_begin_at_counter(asked=asked, on=today, figures=figures)),
        ActOffered("upgrade", may_begin_upgrade(asked=asked, figures=figures)),
    )


def _card(row: Card, by: Actor, at: datetime) -> CardHeld:
    account = f"financial_function.state.{row.financial_state.value}"
    return CardHeld(
        card=row.ref,
        number=mask_number(row.card_number),
        generation=row.generation,
        bank=row.bank,
        hr_state=f"hr_function.state.{row.state_at(at).value}",
        financial_state=ANOTHER_BANKS if _is_another_banks(row, by) else account,
        transit_state=f"transit_purse.state.{row.transit_state.value}",
        issued_on=row.issued_on,
        valid_to=row.valid_to,
    )


def _is_another_banks(row: Card, by: Actor) -> bool:
    if by.role is not Role.BANK_CLERK:
        return False
    return not Outlet.objects.filter(ref=by.outlet, bank=row.bank).exists()
