"""A city whose bank loads its own application: made cards go to the bank before they leave."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from onecard import policy
from onecard.actions import delivery, production
from onecard.domain.application import Collection
from onecard.domain.authority import THE_CLOCK
from onecard.domain.production import ProductionState
from onecard.domain.refusal import Refused
from onecard.policy.pack import CITIES
from onecard.queries import production as desk
from onecard.seams.world import world
from tests import cast
from tests.production import a_person, again, an_accepted, now, partners_of_software

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def partners() -> Iterator[None]:
    with partners_of_software():
        yield


@pytest.fixture
def bank_loads(tmp_path: Path) -> Iterator[None]:
    city = tmp_path / "city"
    shutil.copytree(CITIES / "changzhou", city)
    figures = city / "production.toml"
    figures.write_text(figures.read_text().replace("value = true", "value = false"))
    with policy.in_pack(str(city)):
        yield


def until_made() -> None:
    for _ in range(5):
        world().clock.advance(timedelta(minutes=15))  # type: ignore[attr-defined]
        production.run_factory(actor=THE_CLOCK, at=now())


@pytest.mark.usefixtures("bank_loads")
def test_where_the_bank_loads_its_application_no_card_leaves_before() -> None:
    """金融应用由银行加载的城市:加载完成后才能分发、寄出。"""
    collected = an_accepted(a_person(2))
    posted = an_accepted(a_person(4), collection=Collection.POST)
    until_made()
    (batch,) = desk.batches(as_seen_by=cast.OPERATOR, at=now())
    assert (batch.may_ask_finance_loading, batch.may_distribute) == (True, False)
    assert production.distribute(batch=batch.batch, actor=cast.OPERATOR, at=now()).size == 0
    assert delivery.pack_due(actor=THE_CLOCK, at=now()) == 0
    with pytest.raises(Refused, match="finance_first"):
        delivery.pack(application=posted.ref, actor=cast.OPERATOR, at=now())
    production.ask_finance_loading(batch=batch.batch, actor=cast.OPERATOR, at=now())
    assert again(collected).holder_of_the_moment == "bank:icbc"
    production.record_finance_loaded(batch=batch.batch, actor=cast.OPERATOR, at=now())
    assert production.distribute(batch=batch.batch, actor=cast.OPERATOR, at=now()).size == 1
    assert delivery.pack_due(actor=THE_CLOCK, at=now()) == 1
    assert again(posted).state is ProductionState.POSTED


def test_where_the_vendor_loads_it_the_bank_is_not_asked() -> None:
    """金融应用由卡商加载的城市:不送银行,直接分发。"""
    an_accepted(a_person(2))
    until_made()
    (batch,) = desk.batches(as_seen_by=cast.OPERATOR, at=now())
    assert (batch.may_ask_finance_loading, batch.may_distribute) == (False, True)
    with pytest.raises(Refused, match="vendor_loads_finance"):
        production.ask_finance_loading(batch=batch.batch, actor=cast.OPERATOR, at=now())
