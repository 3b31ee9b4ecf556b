"""What we already know about you: for the person who is signed in, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from onecard.domain.authority import Actor
from onecard.domain.masking import mask_address, mask_name, mask_number, mask_phone
from onecard.domain.person import age_on
from onecard.domain.photo import Verdict
from onecard.domain.refusal import NotFound
from onecard.queries._applying import figures_on
from onecard.queries._reading import one_moment
from onecard.records.models import Person, Photo
from onecard.seams.clock import local_day


@dataclass(frozen=True)
class Myself:
    """A person as the archive knows them. `photo` is the ref of the portrait a card would carry."""

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
    photo: str
    language: str


def myself(*, as_seen_by: Actor, at: datetime) -> Myself:
    """What is kept about whoever is signed in. Raises `NotFound`."""
    with one_moment():
        row = Person.objects.filter(ref=as_seen_by.ref).first()
        if row is None:
            raise NotFound(Person.__name__)
        return _seen(row, local_day(at))


def photo_of(person: str) -> str:
    """The portrait a card of this person would carry, or an empty text."""
    kept = Photo.objects.filter(
        person=person, verdict__in=(Verdict.PASS.value, Verdict.HUMAN.value)
    )
    return kept.order_by("-taken_at").values_list("ref", flat=True).first() or ""


def _seen(row: Person, today: date) -> Myself:
    born_on = date.fromisoformat(row.born_on)
    return Myself(
        person=row.ref,
        name=mask_name(row.name),
        identity_number=mask_number(row.identity_number),
        applicant_class=f"person.class.{row.applicant_class.value}",
        sex=f"person.sex.{row.sex.value}",
        born_on=born_on,
        age=age_on(born_on, today, figures_on(today).application),
        nationality=row.nationality,
        phone=mask_phone(row.phone),
        address=mask_address(row.address),
        occupation=row.occupation,
        known_to_province=bool(row.person_number),
        photo=photo_of(row.ref),
        language=row.language,
    )
