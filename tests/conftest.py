"""A seeded world for every test, and walls that test tools may pass."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.test import TransactionTestCase

from onecard.records import append_only
from onecard.seams.world import World, in_world
from tests import cast

_empty_tables = TransactionTestCase._fixture_teardown


def _empty_tables_behind_walls(case: TransactionTestCase) -> None:
    """Test tools empty tables by DELETE, which the append-only walls rightly refuse."""
    with append_only.lowered():
        _empty_tables(case)


TransactionTestCase._fixture_teardown = _empty_tables_behind_walls  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def a_world() -> Iterator[World]:
    """A world that stands still on Monday 2 March 2026, 09:00 in the city."""
    with in_world(cast.a_world()) as world:
        yield world


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Races need real row locks: on SQLite they would prove nothing."""
    if os.environ["DATABASE_URL"]:
        return
    skip = pytest.mark.skip(reason="needs PostgreSQL (real row locks)")
    for item in items:
        if "postgres" in item.keywords:
            item.add_marker(skip)
