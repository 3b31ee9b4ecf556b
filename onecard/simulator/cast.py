"""The people of the demo city whose stories can be watched, each with a key of their own."""

from __future__ import annotations

from dataclasses import dataclass

from onecard.domain.person import Sex
from onecard.simulator.population import (
    Inhabitant,
    Registry,
    anniversary,
    foreigner,
    mainland,
    permit_holder,
)

GROWN = 30


@dataclass(frozen=True)
class Role:
    """One story: its key names the words that tell it (`demo.story.<key>`)."""

    key: str
    who: Inhabitant


def cast(registry: Registry, names: dict[str, str]) -> tuple[Role, ...]:
    """Everybody with a story; `names` gives those who must have a certain name."""
    on = registry.on

    def grown(key: str, sex: Sex = Sex.FEMALE, years: int = GROWN, **more: bool) -> Role:
        born_on = anniversary(on, years, -100 - len(key))
        return Role(key, mainland(registry, born_on, name=names[key], sex=sex, **more))

    def child(key: str, years: int, days: int = 0) -> Role:
        return Role(key, mainland(registry, anniversary(on, years, days), name=names[key]))

    return (
        grown("first"),
        grown("holder", Sex.MALE, years=45, has_card=True),
        grown("no_photo", years=52, photo=False),
        grown("delivered"),
        grown("returned", Sex.MALE),
        grown("making", Sex.MALE, years=24),
        grown("enabled", years=38),
        grown("bank_failed", Sex.MALE, years=33),
        grown("rare_character", Sex.MALE, years=61),
        grown("long_name", Sex.MALE, years=29),
        Role("new_permit", foreigner(registry, anniversary(on, 41), "USA", new=True)),
        Role("old_permit", foreigner(registry, anniversary(on, 36), "DEU", new=False)),
        Role(
            "hong_kong", permit_holder(registry, anniversary(on, 40), "810000", names["hong_kong"])
        ),
        Role("taiwan", permit_holder(registry, anniversary(on, 27), "830000", names["taiwan"])),
        child("six", 6, -30),
        child("seven_today", 7),
        child("fifteen", 16, 1),
        child("sixteen_today", 16),
        grown("deceased", Sex.MALE, years=81, deceased=True),
        grown("lost_temporary", years=34),
        grown("lost_formal", Sex.MALE, years=47),
        grown("lost_online", years=58),
        grown("replacing", Sex.MALE, years=39),
    )
