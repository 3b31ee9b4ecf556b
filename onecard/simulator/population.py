"""The people of the demo city, made from a seed and a reference date: nobody real, nobody twice.

Identity numbers use the unassigned county 320499, so that no real person's number is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from stdnum.iso7064 import mod_11_2

from onecard.adapters.hr_database import BasePerson, ProvincialCard
from onecard.domain.hr_function import HrState
from onecard.domain.person import ApplicantClass, Sex
from onecard.seams.rng import SeededRng
from onecard.simulator.names import a_name, foreign_name

COUNTY = "320499"
FIRST_SEQUENCE = 100
BANKS = ("icbc", "abc", "ccb", "bocom", "boc", "jnrcb", "jsb", "psbc")
YEAR = 365.25
GROWN = 16
AGES = ((0, 6), (7, 15), (GROWN, 59), (GROWN, 59), (60, 90))


@dataclass(frozen=True)
class Inhabitant:
    """One person of the city as the province knows them."""

    person: BasePerson
    has_photo: bool
    cards: tuple[ProvincialCard, ...] = ()


class Registry:
    """Hands out numbers that were never handed out before."""

    def __init__(self, seed: int, on: date) -> None:
        self.rng = SeededRng(f"city-{seed}")
        self.on = on
        self._given: set[str] = set()
        self._people = 0

    def resident_number(self, born_on: date, sex: Sex, county: str = COUNTY) -> str:
        """An 18-character number with the right sex digit and check character."""
        sequence = FIRST_SEQUENCE + (0 if sex is Sex.FEMALE else 1)
        while True:
            body = f"{county}{born_on:%Y%m%d}{sequence:03d}"
            number = body + str(mod_11_2.calc_check_digit(body))
            if number not in self._given:
                self._given.add(number)
                return number
            sequence += 2

    def permanent_residence_number(self, born_on: date, country: str, *, new: bool) -> str:
        """A foreigner's permanent residence number of the new or the old generation."""
        self._people += 1
        if not new:
            return f"{country}3200{born_on:%y%m%d}{self._people % 100:02d}"
        body = f"932{NUMERIC[country]}{born_on:%Y%m%d}{self._people % 1000:03d}"
        return body + str(mod_11_2.calc_check_digit(body))

    def person_number(self) -> str:
        """The provincial number that never changes."""
        self._people += 1
        return f"3204{self._people:012d}"

    def birthday(self, youngest: int, oldest: int) -> date:
        """A day such that the age on the reference day lies between the two."""
        days = int(youngest * YEAR) + 2
        return self.on - timedelta(days=days + self.rng.below(int((oldest - youngest) * YEAR)))

    def sex(self) -> Sex:
        """One or the other."""
        return (Sex.FEMALE, Sex.MALE)[self.rng.below(2)]

    def card_number(self) -> str:
        """Nine characters of a card of the older generation."""
        self._people += 1
        return f"B{self._people:08d}"


NUMERIC = {"USA": "840", "DEU": "276", "JPN": "392", "FRA": "250", "GBR": "826", "KOR": "410"}


def anniversary(on: date, years: int, days: int = 0) -> date:
    """A birthday such that somebody turns `years` on the reference day plus `days`."""
    day = on + timedelta(days=days)
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def mainland(
    registry: Registry, born_on: date, *, name: str = "", sex: Sex | None = None, **more: bool
) -> Inhabitant:
    """A mainland resident; `has_card` gives an older card, `photo` a portrait on file."""
    sex = sex or registry.sex()
    number = registry.resident_number(born_on, sex)
    issued = more.get("id_card", (registry.on - born_on).days > GROWN * YEAR)
    valid_to = registry.on + timedelta(days=400 + registry.rng.below(3000))
    person = BasePerson(
        identity_number=number,
        person_number=registry.person_number(),
        name=name or a_name(registry.rng, sex),
        sex=sex,
        born_on=born_on,
        applicant_class=ApplicantClass.MAINLAND,
        nationality="CHN",
        id_card_issued=issued,
        document_valid_to=valid_to if issued else None,
        deceased=more.get("deceased", False),
    )
    cards = (_older_card(registry),) if more.get("has_card") else ()
    return Inhabitant(person, more.get("photo", issued), cards)


def permit_holder(registry: Registry, born_on: date, county: str, name: str = "") -> Inhabitant:
    """A Hong Kong (810000), Macau (820000) or Taiwan (830000) resident with a residence permit."""
    sex = registry.sex()
    return _other(
        registry,
        registry.resident_number(born_on, sex, county),
        name or a_name(registry.rng, sex),
        sex,
        born_on,
        ApplicantClass.HK_MACAU_TAIWAN,
        {"810000": "HKG", "820000": "MAC", "830000": "TWN"}[county],
    )


def foreigner(registry: Registry, born_on: date, country: str, *, new: bool) -> Inhabitant:
    """A foreigner with a permanent residence card of the new or the old generation."""
    return _other(
        registry,
        registry.permanent_residence_number(born_on, country, new=new),
        foreign_name(registry.rng),
        registry.sex(),
        born_on,
        ApplicantClass.FOREIGNER,
        country,
    )


def _other(
    registry: Registry,
    number: str,
    name: str,
    sex: Sex,
    born_on: date,
    applicant_class: ApplicantClass,
    nationality: str,
) -> Inhabitant:
    person = BasePerson(
        identity_number=number,
        person_number=registry.person_number(),
        name=name,
        sex=sex,
        born_on=born_on,
        applicant_class=applicant_class,
        nationality=nationality,
        id_card_issued=False,
        document_valid_to=registry.on + timedelta(days=900),
        deceased=False,
    )
    return Inhabitant(person, has_photo=True)


def _older_card(registry: Registry) -> ProvincialCard:
    issued_on = registry.on - timedelta(days=1500 + registry.rng.below(900))
    return ProvincialCard(
        card_number=registry.card_number(),
        generation=2,
        bank=BANKS[registry.rng.below(len(BANKS))],
        city="changzhou",
        state=HrState.NORMAL,
        issued_on=issued_on,
        valid_to=issued_on.replace(year=issued_on.year + 10, day=1),
    )


def crowd(registry: Registry, size: int) -> list[Inhabitant]:
    """People of every age: one grown-up in five holds an older card, one in twelve no portrait."""
    people = []
    for index in range(size):
        youngest, oldest = AGES[index % len(AGES)]
        grown = youngest >= GROWN
        people.append(
            mainland(
                registry,
                registry.birthday(youngest, oldest),
                has_card=grown and registry.rng.below(5) == 0,
                photo=grown and registry.rng.below(12) != 0,
            )
        )
    return people
