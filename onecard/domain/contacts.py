"""咨询: the co-operating banks, hotlines and places a person is sent to (rule book 25)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from onecard.domain.refusal import Fact, Fix, FixKind, Name, Refusal


@dataclass(frozen=True)
class CoopBank:
    """A co-operating bank. `key` is its name in code, `hotline` its number and provincial code."""

    key: str
    zh: str
    en: str
    short_zh: str
    hotline: str

    @property
    def name(self) -> Name:
        """As a fact, spoken in the reader's language."""
        return Name(self.zh, self.en)


@dataclass(frozen=True)
class Place:
    """A place of the HR side that serves people, with a telephone."""

    zh: str
    en: str
    address_zh: str
    address_en: str
    phone: str


@dataclass(frozen=True)
class Contacts:
    """The figures of `contacts.toml`. `transit_hotline` is None while nobody has published one."""

    banks: tuple[CoopBank, ...]
    places: tuple[Place, ...]
    direct_outlets: tuple[Place, ...]
    hr_hotline: str
    hr_hotline_local: str
    medical_hotline: str
    city_hotline: str
    parcel_hotline: str
    transit_hotline: str | None
    hr_portal_url: str
    hr_app_name: str
    nfc_app_name: str

    def bank(self, key: str) -> CoopBank | None:
        """The co-operating bank of that key or hotline number, if it is one."""
        return next((bank for bank in self.banks if key in (bank.key, bank.hotline)), None)


class Question(Enum):
    """What a question is about: the router of rule book 25."""

    HR = "hr"
    FINANCIAL = "financial"
    TRANSIT = "transit"
    MEDICAL = "medical"
    PARCEL = "parcel"
    CITY = "city"


def hotline_for(*, question: Question, card_face_bank: str, contacts: Contacts) -> str | None:
    """The number to call; None where none is published. Financial: the card-face bank's own."""
    bank = contacts.bank(card_face_bank)
    return {
        Question.HR: contacts.hr_hotline,
        Question.FINANCIAL: bank.hotline if bank else None,
        Question.TRANSIT: contacts.transit_hotline,
        Question.MEDICAL: contacts.medical_hotline,
        Question.PARCEL: contacts.parcel_hotline,
        Question.CITY: contacts.city_hotline,
    }[question]


def must_be_cooperating(*, bank: str, contacts: Contacts) -> Refusal | None:
    """目前共有8家合作银行; the chosen bank is one of them (SEED, question 10)."""
    if any(bank == known.key for known in contacts.banks):
        return None
    allowed: dict[str, Fact] = {
        "banks": tuple(known.zh for known in contacts.banks),
        "count": len(contacts.banks),
    }
    return Refusal(
        "application.bank_not_cooperating",
        measured={"bank": bank},
        allowed=allowed,
        field="bank",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "bank"}),
    )
