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
def _played(world: World) -> Iterator[SimulatedPartners]:
    played = simulated_partners(state_folder=None, now=world.clock.now, seed=7)
    played.simulation.seed(people.RESIDENTS)
    people.open_places()
    with in_partners(played):
        yield played
    played.simulation.close()


@pytest.fixture
def province(a_world: World, db: None) -> Iterator[SimulatedPartners]:  # noqa: ARG001
    """Simulated partners who know the people of `people.py`, and the places of the city."""
    with _played(a_world) as played:
        yield played


@pytest.fixture
def open_province(a_world: World, transactional_db: None) -> Iterator[SimulatedPartners]:  # noqa: ARG001
    """The same for tests in which others must see what was committed."""
    with _played(a_world) as played:
        yield played
