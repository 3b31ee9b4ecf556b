"""Every test of a refund has the test keys, which refuse to be asked while rows are held."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import topping_up


@pytest.fixture(autouse=True)
def purse_keys() -> Iterator[topping_up.Watched]:
    """The custody in force, counting what it was asked."""
    with topping_up.keys() as watched:
        yield watched
