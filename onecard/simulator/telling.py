"""How a story is told: an hour and what happens then; what every applicant says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from onecard.domain.application import Answers
from onecard.domain.documents import DocumentKind, ShownDocument
from onecard.domain.person import ApplicantClass
from onecard.simulator.population import BANKS, Inhabitant

PHONE = "13900000000"
BAD_PHONE = "13800000004"
OCCUPATION, STUDENT, CHILD = "23", "91", "92"
KINDS = {
    ApplicantClass.MAINLAND: DocumentKind.RESIDENT_ID,
    ApplicantClass.HK_MACAU_TAIWAN: DocumentKind.RESIDENCE_PERMIT,
    ApplicantClass.FOREIGNER: DocumentKind.PERMANENT_RESIDENCE,
}


@dataclass(frozen=True)
class Story:
    """Something that happens so many hours after the beginning."""

    hour: int
    happen: Callable[[datetime], object]


def answers(
    who: Inhabitant,
    *,
    home: str,
    phone: str = PHONE,
    post_to: str = "",
    occupation: str = OCCUPATION,
    bank: str = "",
) -> Answers:
    """What an applicant tells: complete, and the same for the same person."""
    person = who.person
    return Answers(
        bank=bank or BANKS[int(person.person_number[-3:]) % len(BANKS)],
        document_valid_to=person.document_valid_to,
        document_without_end=person.document_valid_to is None,
        phone=phone,
        address=home,
        occupation=occupation,
        nationality=person.nationality,
        post_to=post_to,
        postage_understood=bool(post_to),
    )


def document(who: Inhabitant) -> ShownDocument:
    """Their own document, the original, in date; a register for a child without an ID card."""
    person = who.person
    kind = KINDS[person.applicant_class]
    if person.applicant_class is ApplicantClass.MAINLAND and not person.id_card_issued:
        kind = DocumentKind.HOUSEHOLD_REGISTER
    return ShownDocument(
        kind=kind,
        number=person.identity_number,
        name=person.name,
        valid_from=None,
        valid_to=person.document_valid_to,
        original=True,
    )


def age(who: Inhabitant, on: date) -> int:
    """Whole years, as a passer-by would guess."""
    return (on - who.person.born_on) // timedelta(days=365.25)
