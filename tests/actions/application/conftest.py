"""A province made of software, an outlet with a clerk, an employer with an agent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from onecard.adapters.partners import in_partners
from onecard.adapters.simulation import SimulatedPartners, simulated_partners
from onecard.seams.world import World
from tests.actions.application import people


@contextmanager
def played(world: World) -> Iterator[SimulatedPartners]:
    """Partners in force who know our people."""
    simulated = simulated_partners(state_folder=None, now=world.clock.now, seed=7)
    simulated.simulation.seed(people.RESIDENTS)
    people.open_places()
    with in_partners(simulated):
        yield simulated
    simulated.simulation.close()


@pytest.fixture
def province(a_world: World, db: None) -> Iterator[SimulatedPartners]:  # noqa: ARG001
    """Simulated partners who know the people of `people.py`, and the places of the city."""
    with played(a_world) as simulated:
        yield simulated


@pytest.fixture
def open_province(a_world: World, transactional_db: None) -> Iterator[SimulatedPartners]:  # noqa: ARG001
    """The same for tests in which others must see what was committed."""
    with played(a_world) as simulated:
        yield simulated
