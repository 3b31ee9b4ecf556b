"""The stage of the contract tests is set twice: in process, and behind a real wire."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from onecard.seams.world import World
from tests.adapters.stage import Stage, in_process, over_http


@pytest.fixture(params=[in_process, over_http], ids=["in_process", "over_http"])
def stage(request: pytest.FixtureRequest, a_world: World) -> Iterator[Stage]:
    """Both ways to reach a partner: what holds for one must hold for the other."""
    with request.param(a_world) as ready:
        yield ready
