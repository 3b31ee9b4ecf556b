"""People who always exist in a simulated province: each shows one outcome (platform D8).

The numbers carry the unassigned county 320499, so that no real person is written down.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from onecard.adapters import validity
from onecard.adapters.hr_database import BasePerson, ProvincialCard
from onecard.domain.hr_function import HrState
from onecard.domain.person import ApplicantClass, Sex


@dataclass(frozen=True)
class Resident:
    """A person as a simulated province keeps them. Without `in_hr_database` only police do."""

    person: BasePerson
    has_photo: bool = True
    cards: tuple[ProvincialCard, ...] = ()
    in_hr_database: bool = True


def _born_1990(number: str, name: str) -> BasePerson:
    return BasePerson(
        identity_number=number,
        person_number=f"32{number[6:17]}",
        name=name,
        sex=Sex.MALE if int(number[16]) % 2 else Sex.FEMALE,
        born_on=date(1990, 1, 1),
        applicant_class=ApplicantClass.MAINLAND,
        nationality="CHN",
        id_card_issued=True,
        document_valid_to=date(2040, 1, 1),
        deceased=False,
    )


def _card(number: str, generation: int, state: HrState, issued_on: date) -> ProvincialCard:
    valid_to = validity.last_day(issued_on)
    return ProvincialCard(number, generation, "icbc", "changzhou", state, issued_on, valid_to)


ALL_WELL = Resident(_born_1990("320499199001019002", "吴常顺"))
NOT_IN_DATABASE = Resident(_born_1990("320499199001019010", "吴缺数"), in_hr_database=False)
WITHOUT_PHOTO = Resident(_born_1990("320499199001019029", "吴缺照"), has_photo=False)
HOLDS_A_CARD = Resident(
    _born_1990("320499199001019037", "吴有卡"),
    cards=(_card("W00000903", 2, HrState.NORMAL, date(2016, 5, 9)),),
)
IN_PRODUCTION = Resident(
    replace(_born_1990("320499199001019045", "吴在制"), card_in_production=True)
)
RARE_NAME = Resident(_born_1990("320499199001019053", "吴\U00020bb7"))
DECEASED = Resident(replace(_born_1990("320499199001019061", "吴已故"), deceased=True))
FORMAL_LOSS = Resident(
    _born_1990("32049919900101907X", "吴挂失"),
    cards=(_card("W00000907", 3, HrState.FORMAL_LOSS, date(2022, 5, 9)),),
)

RESIDENTS = (
    ALL_WELL,
    NOT_IN_DATABASE,
    WITHOUT_PHOTO,
    HOLDS_A_CARD,
    IN_PRODUCTION,
    RARE_NAME,
    DECEASED,
    FORMAL_LOSS,
)
