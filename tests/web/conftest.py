"""Partners made of software for every page test that asks for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from onecard.adapters.partners import in_partners
from onecard.adapters.simulation import SimulatedPartners, simulated_partners
from onecard.seams.world import World
from tests.actions.application import people


@pytest.fixture
def city(a_world: World, db: None) -> Iterator[SimulatedPartners]:  # noqa: ARG001
    """The province, banks, vendor and courier, who know the people of the application tests."""
    simulated = simulated_partners(state_folder=None, now=a_world.clock.now, seed=7)
    simulated.simulation.seed(people.RESIDENTS)
    people.open_places()
    with in_partners(simulated):
        yield simulated
    simulated.simulation.close()
