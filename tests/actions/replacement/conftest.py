"""The province, the desks and the people of the application room, for those who have a card."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from onecard.adapters.simulation import SimulatedPartners
from onecard.seams.world import World
from tests.actions.application.conftest import played


@pytest.fixture
def province(a_world: World, db: None) -> Iterator[SimulatedPartners]:  # noqa: ARG001
    """Simulated partners who know the people, and the places of the city."""
    with played(a_world) as simulated:
        yield simulated


@pytest.fixture
def open_province(a_world: World, transactional_db: None) -> Iterator[SimulatedPartners]:  # noqa: ARG001
    """The same for tests in which others must see what was committed."""
    with played(a_world) as simulated:
        yield simulated
