"""What the province's HR database says of a person, asked outside of any act; silence is an answer.

An act is handed the answer as a value. When the province is silent the act decides with what we
know, and what must wait for the province waits.
"""

from __future__ import annotations

from dataclasses import dataclass

from onecard.adapters.hr_database import BasePerson, ProvincialCard
from onecard.adapters.outcomes import PartnerSilent
from onecard.adapters.partners import partners
from onecard.domain.refusal import Fix, FixKind, Refusal


@dataclass(frozen=True)
class Province:
    """An answer, or none. `person` is None where the province knows nobody of that number."""

    answered: bool
    person: BasePerson | None = None
    cards: tuple[ProvincialCard, ...] = ()


@dataclass(frozen=True)
class Portrait:
    """The portrait on file there, an answer without one, or no answer."""

    answered: bool
    content: bytes | None = None


SILENT = Province(answered=False)


def ask(*numbers: str) -> Province:
    """Base data and the register of cards for the first of the numbers that is known there."""
    register = partners().hr_database
    try:
        for number in numbers:
            person = register.find_person(number)
            if person is not None:
                return Province(True, person, register.cards_of(person.identity_number))
        return Province(True, None, register.cards_of(numbers[0]))
    except PartnerSilent:
        return SILENT


def portrait_of(number: str) -> Portrait:
    """The portrait on file with the province (police or HR)."""
    try:
        return Portrait(True, partners().hr_database.find_photo(number))
    except PartnerSilent:
        return Portrait(answered=False)


def benefits_of(number: str) -> tuple[str, ...] | None:
    """Word keys of the benefits that are being paid to a person; None when it is silent."""
    try:
        kinds = partners().hr_database.benefits_of(number)
    except PartnerSilent:
        return None
    return tuple(f"@benefit.kind.{kind.value}" for kind in kinds)


def is_their_name(name: str, number: str) -> bool | None:
    """Whether name and number belong together, by the real-name service; None when it is silent."""
    try:
        return partners().real_name.matches(name=name, identity_number=number)
    except PartnerSilent:
        return None


def must_answer(*, answered: bool, partner: str = "hr_database") -> Refusal | None:
    """Nothing is decided without a partner's word; what was typed is kept, and asked again."""
    if answered:
        return None
    return Refusal(
        "partner.silent",
        {"partner": f"@partner.name.{partner}"},
        fix=Fix(FixKind.DO_FIRST, {"act": "try_again"}),
    )
