"""People for browser tests: made on the spot, fictional, each with a name nobody else has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from stdnum.iso7064 import mod_11_2

from onecard.adapters.hr_database import BasePerson, ProvincialCard
from onecard.adapters.hr_database.magic import Resident
from onecard.domain.hr_function import HrState
from onecard.domain.person import ApplicantClass, Sex
from onecard.seams.clock import SystemClock, local_day
from onecard.simulator.population import anniversary
from tests.browser.served import Platform

COUNTY, FAMILY = "320499", "纪"
FIRST_SEQUENCE = 400
GIVEN = "安宝冰成春达恩芬广海家康兰明南平清然山天"
ADULT_YEARS, ID_CARD_YEARS = 30, 16
SINCE_BIRTHDAY = 1


@dataclass(frozen=True)
class Somebody:
    """A person with their papers, as they come to the portal or to a counter."""

    name: str
    number: str
    born_on: date
    valid_to: date

    @property
    def valid_to_typed(self) -> str:
        """The last day of their document, as a clerk types it."""
        return f"{self.valid_to:%Y%m%d}"

    @property
    def masked_number(self) -> str:
        """Their number as a screen shows it."""
        return f"{self.number[0]}{'*' * (len(self.number) - 2)}{self.number[-1]}"


class Town:
    """Makes people and lets the province know them."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._serial: Iterator[int] = count()
        self.today = local_day(SystemClock().now())

    def somebody(self, *, years: int = ADULT_YEARS, **what: object) -> Somebody:
        """A mainland resident of an age.

        `sequence` fixes the three digits that decide how simulated partners treat them;
        `photo=False`, `id_card=False`, `deceased=True`, `old_card=True`, `in_database=False` (only
        the police know them) and `known=False` (nobody does) say what is unusual.
        """
        serial = next(self._serial)
        born_on = anniversary(self.today, years, -SINCE_BIRTHDAY - serial)
        sequence = int(str(what.get("sequence", FIRST_SEQUENCE + serial)))
        body = f"{COUNTY}{born_on:%Y%m%d}{sequence:03d}"
        number = body + str(mod_11_2.calc_check_digit(body))
        name = FAMILY + GIVEN[serial // len(GIVEN)] + GIVEN[serial % len(GIVEN)]
        made = Somebody(name, number, born_on, self.today + timedelta(days=1000))
        if what.get("known", True):
            self._platform.make_known(self._resident(made, years, serial, what))
        return made

    def _resident(
        self, made: Somebody, years: int, serial: int, what: dict[str, object]
    ) -> Resident:
        issued = bool(what.get("id_card", years >= ID_CARD_YEARS))
        person = BasePerson(
            identity_number=made.number,
            person_number=f"3205{serial:012d}",
            name=made.name,
            sex=Sex.MALE if int(made.number[16]) % 2 else Sex.FEMALE,
            born_on=made.born_on,
            applicant_class=ApplicantClass.MAINLAND,
            nationality="CHN",
            id_card_issued=issued,
            document_valid_to=made.valid_to if issued else None,
            deceased=bool(what.get("deceased", False)),
        )
        cards = (self._older_card(serial),) if what.get("old_card") else ()
        return Resident(
            person,
            has_photo=bool(what.get("photo", issued)),
            cards=cards,
            in_hr_database=bool(what.get("in_database", True)),
        )

    def _older_card(self, serial: int) -> ProvincialCard:
        issued_on = self.today - timedelta(days=2000)
        return ProvincialCard(
            card_number=f"C{serial:08d}",
            generation=2,
            bank="icbc",
            city="changzhou",
            state=HrState.NORMAL,
            issued_on=issued_on,
            valid_to=replace_year(issued_on, 10),
        )


def replace_year(day: date, years: int) -> date:
    """The same day so many years later; 1 March for a leap day."""
    return anniversary(day, -years)
