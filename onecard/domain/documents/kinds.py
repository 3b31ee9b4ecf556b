"""The kinds of document, what is shown of one, and what is known of its holder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from onecard.domain.person import AgePolicy, ApplicantClass, Sex


class DocumentKind(Enum):
    """The kinds of identity document (D1-D8)."""

    RESIDENT_ID = "resident_id"
    TEMPORARY_ID = "temporary_id"
    HOUSEHOLD_REGISTER = "household_register"
    PASSPORT = "passport"
    PERMANENT_RESIDENCE = "permanent_residence"
    TRAVEL_PERMIT = "travel_permit"
    RESIDENCE_PERMIT = "residence_permit"
    SOCIAL_SECURITY_CARD = "social_security_card"


class EmployerPaper(Enum):
    """What proves that somebody acts for an employer: one of the two is enough (SEED, Q3)."""

    CREDIT_CODE_CERTIFICATE = "credit_code_certificate"
    AUTHORISATION_LETTER = "authorisation_letter"


@dataclass(frozen=True)
class DocumentPolicy(AgePolicy):
    """The figures of `documents.toml`."""

    accepted: tuple[DocumentKind, ...]
    household_register_below_age: int
    household_register_needs_no_id_card: bool
    employer_papers: tuple[EmployerPaper, ...]
    agent_originals_of: tuple[str, ...]
    accept_social_security_card: bool
    electronic_certificate_replaces_original: bool


@dataclass(frozen=True)
class ShownDocument:
    """A document as it was shown: what is printed on it, and whether it is the original.

    `valid_to` None means without end. `real_name_proven` stands for the original online;
    `electronic_certificate` does so only where the city switched it on.
    """

    kind: DocumentKind
    number: str
    valid_from: date | None = None
    valid_to: date | None = None
    original: bool = True
    name: str = ""
    real_name_proven: bool = False
    electronic_certificate: bool = False


@dataclass(frozen=True)
class Applicant:
    """What is known about the person, from base data or as told: empty where it is not known."""

    applicant_class: ApplicantClass
    born_on: date
    id_card_issued: bool = False
    name: str = ""
    identity_number: str = ""
    sex: Sex | None = None
