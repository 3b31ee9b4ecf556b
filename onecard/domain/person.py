"""人: applicant classes, ages at the boundary, guardians, names and telephones (rule book 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any, Protocol

from onecard.domain.refusal import Fix, FixKind, Refusal

IN_APPLICATION: Mapping[str, Any] = {"room": "application"}
"""The figures about ages live in `application.toml`, whichever room asks."""


class ApplicantClass(Enum):
    """Who may hold the card (3.1)."""

    MAINLAND = "mainland"
    HK_MACAU_TAIWAN = "hk_macau_taiwan"
    FOREIGNER = "foreigner"


class Sex(Enum):
    """As the identity number says it."""

    MALE = "male"
    FEMALE = "female"


class AgeReached(Enum):
    """On which day an age is reached: on the birthday itself, or on the day after it."""

    BIRTHDAY = "birthday"
    DAY_AFTER = "day_after"


class LeapDayBirthday(Enum):
    """Which day of a common year is the birthday of somebody born on 29 February."""

    MARCH_1 = "03-01"
    FEBRUARY_28 = "02-28"


@dataclass(frozen=True)
class AgePolicy:
    """How ages are counted (0.3). The figures of a room that asks for ages inherit it."""

    age_reached_on: AgeReached = field(metadata=IN_APPLICATION)
    leap_day_birthday: LeapDayBirthday = field(metadata=IN_APPLICATION)


@dataclass(frozen=True)
class GuardianPolicy(AgePolicy):
    """From which age on a person answers for themself (3.1)."""

    guardian_below_age: int = field(metadata=IN_APPLICATION)
    guardian_proof_required: bool = field(metadata=IN_APPLICATION)


class Guarding(Protocol):
    """What must be told of whoever answers for a child."""

    @property
    def name(self) -> str:
        """As on the guardian's own document."""

    @property
    def document_number(self) -> str:
        """The number of that document."""

    @property
    def relation(self) -> str:
        """How the guardian is related to the child."""


def birthday(born_on: date, years: int, figures: AgePolicy) -> date:
    """The day on which somebody born on `born_on` is `years` old (满N周岁), in the city's zone."""
    year = born_on.year + years
    leap_born = (born_on.month, born_on.day) == (2, 29)
    if leap_born and not _is_leap(year):
        month, day = (int(part) for part in figures.leap_day_birthday.value.split("-"))
        reached = date(year, month, day)
    else:
        reached = born_on.replace(year=year)
    if figures.age_reached_on is AgeReached.DAY_AFTER:
        return date.fromordinal(reached.toordinal() + 1)
    return reached


def age_on(born_on: date, day: date, figures: AgePolicy) -> int:
    """Completed years on the local day `day`; negative before the day of birth."""
    years = day.year - born_on.year
    return years if birthday(born_on, years, figures) <= day else years - 1


def is_guardian_needed(*, born_on: date, on: date, figures: GuardianPolicy) -> bool:
    """Whether somebody else must answer for this person on that day (未满16周岁)."""
    return age_on(born_on, on, figures) < figures.guardian_below_age


def must_have_guardian(
    *,
    born_on: date,
    guardian: Guarding | None,
    on: date,
    figures: GuardianPolicy,
    proof_shown: bool = False,
) -> Refusal | None:
    """未满16周岁须填写监护人信息(姓名、证件、关系); proof only where the city asks for it."""
    if not is_guardian_needed(born_on=born_on, on=on, figures=figures):
        return None
    missing = _missing_of(
        guardian, proof_needed=figures.guardian_proof_required and not proof_shown
    )
    if not missing:
        return None
    return Refusal(
        "application.guardian_required",
        facts={"missing": missing},
        measured={"age": age_on(born_on, on, figures)},
        allowed={"below_age": figures.guardian_below_age},
        field="guardian",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "guardian"}),
    )


def must_be_living(*, deceased: bool) -> Refusal | None:
    """A deceased or cancelled person applies for nothing (bad-input case 27)."""
    if not deceased:
        return None
    return Refusal(
        "application.person_status", fix=Fix(FixKind.USE_CHANNEL, {"channel": "phone_12333"})
    )


def _missing_of(guardian: Guarding | None, *, proof_needed: bool) -> tuple[str, ...]:
    told = {
        "name": guardian.name if guardian else "",
        "document_number": guardian.document_number if guardian else "",
        "relation": guardian.relation if guardian else "",
        "proof": "" if proof_needed else "not asked for",
    }
    return tuple(f"@person.guardian.{name}" for name, value in told.items() if not value.strip())


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
