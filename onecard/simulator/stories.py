"""What the people of the demo city do in its two weeks, in the order of its hours."""

from __future__ import annotations

from onecard.domain.authority import Actor
from onecard.simulator import at_counter, at_work, losing, online, payday, routine
from onecard.simulator.cast import Role
from onecard.simulator.population import Inhabitant
from onecard.simulator.telling import Story


def told(roles: dict[str, Role], crowd: list[Inhabitant], hired: dict[str, Actor]) -> list[Story]:
    """Every story, earliest first."""
    people = {key: role.who for key, role in roles.items()}
    found = [
        *online.stories(people),
        *losing.stories(people, hired),
        *payday.stories(people),
        *at_counter.stories(people, crowd, hired),
        *at_work.stories(crowd, hired["employer"], hired["clerk"]),
        *routine.stories(crowd, hired),
    ]
    return sorted(found, key=lambda story: story.hour)
