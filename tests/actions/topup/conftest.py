"""The test keys for every top-up test, never asked while rows are held."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.topping_up import Watched, keys


@pytest.fixture(autouse=True)
def custody() -> Iterator[Watched]:
    """The test keys in force."""
    with keys() as watched:
        yield watched
