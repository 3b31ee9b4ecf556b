"""省人社数据库: people, portraits, the province-wide register of cards. Its codes stay here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from onecard.domain.benefit import BenefitKind
from onecard.domain.hr_function import HrState
from onecard.domain.person import ApplicantClass, Sex


@dataclass(frozen=True)
class BasePerson:
    """What the province knows of a person. `id_card_issued` decides on the household register.

    `card_in_production`: a first card is being made somewhere in the province (已制卡或制卡中).
    """

    identity_number: str
    person_number: str
    name: str
    sex: Sex
    born_on: date
    applicant_class: ApplicantClass
    nationality: str
    id_card_issued: bool
    document_valid_to: date | None
    deceased: bool
    card_in_production: bool = False


@dataclass(frozen=True)
class ProvincialCard:
    """A card in the province's register, of this city or another."""

    card_number: str
    generation: int
    bank: str
    city: str
    state: HrState
    issued_on: date
    valid_to: date


@dataclass(frozen=True)
class BenefitDue:
    """One payment on the province's list: to the account on that card, on that day.

    `payment` is its name there. How much it is stays with the province.
    """

    payment: str
    identity_number: str
    kind: BenefitKind
    pays_on: date
    bank: str
    card_number: str


@dataclass(frozen=True)
class RegisterPage:
    """A page of the cards that we entered; an empty cursor ends them.

    The last page bears `count` and `digest` of them all (`domain.reconciliation.Digest`).
    """

    cards: tuple[ProvincialCard, ...]
    cursor: str
    count: int = 0
    digest: str = ""


class HrDatabase(Protocol):
    """Raises `PartnerDown` or `PartnerUnsure` when there is no answer."""

    def find_person(self, identity_number: str) -> BasePerson | None:
        """Base data by identity number, or None if the province does not know it."""
        ...

    def find_photo(self, identity_number: str) -> bytes | None:
        """The portrait on file (police or HR), or None."""
        ...

    def cards_of(self, identity_number: str) -> tuple[ProvincialCard, ...]:
        """Every card ever registered for the person, newest last."""
        ...

    def benefits_of(self, identity_number: str) -> tuple[BenefitKind, ...]:
        """The benefits that are being paid to a person; none once all of them are closed."""
        ...

    def benefits_due(self, *, first: date, last: date) -> tuple[BenefitDue, ...]:
        """Every payment of these days, both included, the earliest first."""
        ...

    def card_of(self, card_number: str) -> ProvincialCard | None:
        """One card of the register, or None."""
        ...

    def cards_after(self, cursor: str, most: int) -> RegisterPage:
        """The cards that we entered, behind a cursor (empty = from the first)."""
        ...

    def register_card(
        self, *, message_id: str, identity_number: str, card_number: str, bank: str, state: HrState
    ) -> None:
        """Tell the province of a new card. The same message id again changes nothing."""
        ...

    def set_state(self, *, message_id: str, card_number: str, state: HrState) -> None:
        """Tell the province that a card's HR function changed. Idempotent by message id."""
        ...
