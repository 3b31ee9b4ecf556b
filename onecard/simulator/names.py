"""Names of fictional people."""

from __future__ import annotations

from onecard.domain.person import Sex
from onecard.seams.rng import SeededRng
from onecard.simulator.plan import plan

ONE_IN_COMPOUND = 40


def a_name(rng: SeededRng, sex: Sex) -> str:
    """A Chinese name; one in forty has a compound family name."""
    names = plan().names
    compound = rng.below(ONE_IN_COMPOUND) == 0
    family = _one(rng, names.compound if compound else names.family)
    middle = _one(rng, names.middle) if rng.below(3) else ""
    given = names.given_female if sex is Sex.FEMALE else names.given_male
    return family + middle + _one(rng, given)


def foreign_name(rng: SeededRng) -> str:
    """A name as it stands in a passport."""
    names = plan().names
    return f"{_one(rng, names.last)} {_one(rng, names.first)}"


def _one(rng: SeededRng, choices: str | tuple[str, ...]) -> str:
    return choices[rng.below(len(choices))]
