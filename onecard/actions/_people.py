"""People's rows: found by number, made once, kept in step with what the province says.

Names are stored exactly as given and matched in their canonical form; numbers are canonical.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from onecard.actions import hold
from onecard.adapters.hr_database import BasePerson
from onecard.domain.identity import NumberCheck, NumberKind, canonical, canonical_name
from onecard.domain.person import ApplicantClass, Sex
from onecard.domain.refusal import NotFound
from onecard.records.models import Person
from onecard.seams.world import world

_CHINA = "CHN"
_CLASS_BY_NUMBER = {
    NumberKind.RESIDENT_ID: ApplicantClass.MAINLAND,
    NumberKind.RESIDENCE_PERMIT: ApplicantClass.HK_MACAU_TAIWAN,
}


@dataclass(frozen=True)
class Particulars:
    """Who somebody is. `person_number` is empty unless the province said it."""

    identity_number: str
    name: str
    applicant_class: ApplicantClass
    sex: Sex
    born_on: date
    nationality: str
    person_number: str = ""
    deceased: bool = False

    @classmethod
    def of(cls, base: BasePerson) -> Particulars:
        """As the province's base data say it."""
        return cls(
            identity_number=canonical(base.identity_number),
            name=base.name,
            applicant_class=base.applicant_class,
            sex=base.sex,
            born_on=base.born_on,
            nationality=base.nationality,
            person_number=base.person_number,
            deceased=base.deceased,
        )


def by_number(checked: NumberCheck, name: str) -> Particulars | None:
    """As far as a proven number speaks for itself; None where it tells neither birth nor sex."""
    told = checked.facts
    if told is None or told.sex is None or checked.kind not in _CLASS_BY_NUMBER:
        return None
    return Particulars(
        identity_number=checked.number,
        name=name,
        applicant_class=_CLASS_BY_NUMBER[checked.kind],
        sex=told.sex,
        born_on=told.born_on,
        nationality=_CHINA,
    )


def find(identity_number: str) -> Person | None:
    """The person of a number, for looking only."""
    return Person.objects.filter(identity_index=index_of(identity_number)).first()


def number_of(person: str) -> str:
    """The identity number of a person, to ask a partner with. Raises `NotFound`."""
    row = Person.objects.filter(ref=person).first()
    if row is None:
        raise NotFound(Person.__name__)
    return str(row.identity_number)


def keep(known: Particulars, *, at: datetime) -> Person:
    """The held row of a person: the one that is there, or a new one. Two at once make one."""
    index = index_of(known.identity_number)
    row = hold.maybe(Person, identity_index=index)
    if row is None:
        try:
            with transaction.atomic():
                return _made(known, index, at)
        except IntegrityError:
            row = hold.one(Person, identity_index=index)
    return _brought_up_to_date(row, known)


def index_of(identity_number: str) -> str:
    """How an identity number is found in the archive."""
    return world().custody.blind_index("identity", canonical(identity_number))


def name_index_of(name: str) -> str:
    """How a name is found in the archive, however it was typed."""
    return world().custody.blind_index("name", canonical_name(name))


def _made(known: Particulars, index: str, at: datetime) -> Person:
    return Person.objects.create(
        ref=world().ids.new("per"),
        applicant_class=known.applicant_class,
        sex=known.sex,
        identity_number=known.identity_number,
        identity_index=index,
        person_number=known.person_number,
        name=known.name,
        name_index=name_index_of(known.name),
        born_on=known.born_on.isoformat(),
        nationality=known.nationality,
        deceased=known.deceased,
        created_at=at,
    )


def _brought_up_to_date(row: Person, known: Particulars) -> Person:
    """What the province says replaces what was told before; what was told replaces nothing."""
    if not known.person_number:
        return row
    said = {
        "applicant_class": known.applicant_class,
        "sex": known.sex,
        "person_number": known.person_number,
        "name": known.name,
        "name_index": name_index_of(known.name),
        "born_on": known.born_on.isoformat(),
        "nationality": known.nationality,
        "deceased": row.deceased or known.deceased,
    }
    changed = [column for column, value in said.items() if getattr(row, column) != value]
    for column in changed:
        setattr(row, column, said[column])
    if changed:
        row.save(update_fields=changed)
    return row
