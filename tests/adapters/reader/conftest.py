"""One virtual reader with two cards for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from onecard.adapters.reader.cards import CardPlan
from tests.reading import SECOND_CARD, Desk, desk


@pytest.fixture(scope="module")
def reader_desk() -> Iterator[Desk]:
    """Pcscd with two cards."""
    with desk(CardPlan(), SECOND_CARD) as made:
        yield made
