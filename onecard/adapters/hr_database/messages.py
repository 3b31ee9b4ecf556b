"""The verbs of the provincial database and how their values travel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from onecard.adapters.hr_database import (
    BasePerson,
    BenefitDue,
    ProvincialCard,
    RegisterPage,
    codes,
)
from onecard.adapters.wire import Done, Verb, converter, named
from onecard.domain.benefit import BenefitKind
from onecard.domain.hr_function import HrState
from onecard.domain.person import ApplicantClass, Sex


@dataclass(frozen=True)
class AboutPerson:
    """Whom a question is about."""

    identity_number: str


@dataclass(frozen=True)
class PersonFound:
    """Base data, or nothing."""

    person: BasePerson | None


@dataclass(frozen=True)
class PhotoFound:
    """A portrait, or nothing."""

    photo: bytes | None


@dataclass(frozen=True)
class CardsFound:
    """The person's cards, newest last."""

    cards: tuple[ProvincialCard, ...]


@dataclass(frozen=True)
class AboutDays:
    """The payments of which days a question is about."""

    first: date
    last: date


@dataclass(frozen=True)
class BenefitsPaid:
    """Which benefits are being paid to a person."""

    kinds: tuple[BenefitKind, ...]


@dataclass(frozen=True)
class BenefitsFound:
    """Payments, the earliest first."""

    payments: tuple[BenefitDue, ...]


@dataclass(frozen=True)
class AboutCard:
    """Which card a question is about."""

    card_number: str


@dataclass(frozen=True)
class CardFound:
    """A card, or nothing."""

    card: ProvincialCard | None


@dataclass(frozen=True)
class PageAsked:
    """The next page of the cards that were entered by whoever asks."""

    cursor: str
    most: int


@dataclass(frozen=True)
class NewCard:
    """A card was made."""

    message_id: str
    identity_number: str
    card_number: str
    bank: str
    state: HrState


@dataclass(frozen=True)
class NewState:
    """A card's HR function changed."""

    message_id: str
    card_number: str
    state: HrState


FIND_PERSON = Verb("find-person", AboutPerson, PersonFound)
FIND_PHOTO = Verb("find-photo", AboutPerson, PhotoFound)
CARDS_OF = Verb("cards-of", AboutPerson, CardsFound)
BENEFITS_OF = Verb("benefits-of", AboutPerson, BenefitsPaid)
BENEFITS_DUE = Verb("benefits-due", AboutDays, BenefitsFound)
CARD_OF = Verb("card-of", AboutCard, CardFound)
CARDS_AFTER = Verb("cards-after", PageAsked, RegisterPage)
REGISTER_CARD = Verb("register-card", NewCard, Done)
SET_STATE = Verb("set-state", NewState, Done)

CODEC = converter(
    names={
        BasePerson: codes.PERSON,
        ProvincialCard: codes.CARD,
        AboutPerson: {"identity_number": named("AAC002")},
        BenefitDue: codes.BENEFIT_DUE,
        AboutCard: {"card_number": named("AAZ500")},
        NewCard: {"identity_number": named("AAC002"), **codes.NEW_CARD},
        NewState: {"card_number": named("AAZ500"), "state": named("AAZ502")},
    },
    codes={
        HrState: codes.HR_STATE,
        Sex: codes.SEX,
        ApplicantClass: codes.APPLICANT_CLASS,
        BenefitKind: codes.BENEFIT,
    },
)
