"""What stands in `demo_city.toml`, as values: outlets, staff, employers, names."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cattrs

from onecard.actions.place import OutletPlan
from onecard.domain.authority import Role
from onecard.domain.contacts import Contacts
from onecard.domain.stock import OutletKind

HOURS = "9:00-17:00"
_FILE = Path(__file__).with_name("demo_city.toml")


@dataclass(frozen=True)
class Names:
    """The characters and syllables names are made of."""

    family: str
    compound: tuple[str, ...]
    given_female: str
    given_male: str
    middle: str
    first: tuple[str, ...]
    last: tuple[str, ...]


@dataclass(frozen=True)
class OutletLine:
    """An outlet as the file tells it."""

    ref: str
    kind: OutletKind
    name: str
    name_en: str
    district: str = ""
    address: str = ""
    phone: str = ""
    instant_issue: bool = False


@dataclass(frozen=True)
class BankOutlets:
    """How a demo branch of each bank is called in each district (Chinese, English)."""

    name: str
    name_en: str
    address: str
    districts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class DemoEmployer:
    """A fictional employer."""

    credit_code: str
    name: str


@dataclass(frozen=True)
class DemoStaff:
    """A sign-in of the demo city; `employer` is a credit code."""

    username: str
    display_name: str
    role: Role
    outlet: str = ""
    employer: str = ""


@dataclass(frozen=True)
class Homes:
    """Addresses, and what a parent is to a child."""

    plain: str
    returns: str
    relation: str


@dataclass(frozen=True)
class Plan:
    """The whole file."""

    names: Names
    outlets: tuple[OutletLine, ...]
    bank_outlets: BankOutlets
    employers: tuple[DemoEmployer, ...]
    staff: tuple[DemoStaff, ...]
    cast: dict[str, str]
    homes: Homes


@cache
def plan() -> Plan:
    """The file, read once."""
    return cattrs.structure(tomllib.loads(_FILE.read_text(encoding="utf-8")), Plan)


def outlets(contacts: Contacts) -> tuple[OutletPlan, ...]:
    """Every outlet of the demo city: the listed ones and two branches of each bank."""
    listed = tuple(
        OutletPlan(
            ref=line.ref,
            kind=line.kind,
            name=line.name,
            name_en=line.name_en,
            district=line.district,
            address=line.address,
            phone=line.phone,
            hours=HOURS,
            instant_issue=line.instant_issue,
        )
        for line in plan().outlets
    )
    return listed + _branches(contacts)


def _branches(contacts: Contacts) -> tuple[OutletPlan, ...]:
    shape = plan().bank_outlets
    return tuple(
        OutletPlan(
            ref=f"out_{bank.key}_{english.lower()}",
            kind=OutletKind.BANK,
            name=shape.name.format(bank=bank.short_zh, district=district),
            name_en=shape.name_en.format(bank=bank.en, district=english),
            district=district,
            address=shape.address,
            phone=bank.hotline,
            hours=HOURS,
            bank=bank.key,
        )
        for bank in contacts.banks
        for district, english in shape.districts
    )
