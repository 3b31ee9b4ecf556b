"""A bank's own news come in by its own system: signed, by our partner API, once each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from onecard.adapters.bank.habits import HABITS
from onecard.adapters.bank.voice import Credentials, Voice
from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.financial_function import FinancialState as Money
from onecard.domain.hr_function import HrState
from onecard.records.models import BankNews, Card
from onecard.seams.world import world
from tests import many_cards
from tests.api.partner.calling import a_bank
from tests.made_card import clock
from tests.through_our_door import ThroughOurDoor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def partners() -> Iterator[SimulatedPartners]:
    """Eight banks with their habits."""
    with many_cards.with_partners(habits=HABITS) as made:
        yield made


@contextmanager
def _wire() -> Iterator[ThroughOurDoor]:
    from onecard.seams.world import in_world

    door = ThroughOurDoor()
    with in_world(replace(world(), transport=door)):
        yield door


def _voice(bank: str) -> Voice:
    program = a_bank(bank)
    credentials = Credentials(program.serial, program.key)
    return Voice("http://here", credentials, now=world().clock.now, seed=7)


def _one(partners: SimulatedPartners, bank: str, money: Money = Money.ACTIVATED) -> Card:
    (card,) = many_cards.cards(1, bank=bank, money=money)
    many_cards.known_to(partners, [card])
    return card


@pytest.mark.parametrize("bank", many_cards.BANKS)
def test_every_bank_tells_what_its_customers_did_and_we_follow(
    partners: SimulatedPartners, bank: str
) -> None:
    """每家银行自己报来:激活、挂失、解挂、销户;我方逐条跟上,重复、乱序不出错。"""
    card = _one(partners, bank, Money.OPENED)
    desk, room = (getattr(partners.simulation.banks[bank], name) for name in ("desk", "newsroom"))
    with _wire():
        voice = _voice(bank)
        for happens, expected in (
            (desk.activate, Money.ACTIVATED),
            (desk.report_temporarily, Money.TEMPORARY_LOSS),
            (desk.withdraw, Money.ACTIVATED),
            (desk.report_formally, Money.FORMAL_LOSS),
        ):
            happens(card.card_number)
            assert room.tell(voice.tell) == 1
            assert Card.objects.get().financial_state is expected
    assert Card.objects.get().hr_state is HrState.FORMAL_LOSS
    assert BankNews.objects.count() == 4
    assert room.waiting() == ()


def test_news_whose_answer_was_lost_are_told_again_and_count_once(
    partners: SimulatedPartners,
) -> None:
    """应答丢失,银行再报一次,只算一次。"""
    card = _one(partners, "bocom")
    bank = partners.simulation.banks["bocom"]
    bank.desk.report_formally(card.card_number)
    with _wire() as door:
        voice = _voice("bocom")
        door.deaf = True
        assert bank.newsroom.tell(voice.tell) == 0
        door.cut, door.deaf = True, False
        assert bank.newsroom.tell(voice.tell) == 0
        door.cut = False
        assert bank.newsroom.tell(voice.tell) == 1
    assert BankNews.objects.count() == 1
    assert Card.objects.get().financial_state is Money.FORMAL_LOSS


@pytest.mark.rule("guarantees I6")
def test_a_bank_ten_minutes_ahead_is_heard_and_its_order_kept(partners: SimulatedPartners) -> None:
    """时钟快十分钟的银行:消息照收,先后以编号为准,不以它的时间为准。"""
    card = _one(partners, "jsb")
    bank = partners.simulation.banks["jsb"]
    bank.desk.report_formally(card.card_number)
    clock().advance(timedelta(minutes=1))
    bank.desk.withdraw(card.card_number)
    with _wire():
        assert bank.newsroom.tell(_voice("jsb").tell) == 2
    kept = BankNews.objects.order_by("sequence")
    assert [row.happened_at - row.received_at > timedelta(minutes=8) for row in kept] == [True] * 2
    assert Card.objects.get().financial_state is Money.ACTIVATED


def test_a_bank_is_not_heard_about_anothers_card(partners: SimulatedPartners) -> None:
    """他行的卡,报了也不认。"""
    card = _one(partners, "icbc")
    other = partners.simulation.banks["abc"]
    other.desk.open(card.card_number, "6299", card.person.identity_number)
    other.desk.activate(card.card_number)
    with _wire():
        assert other.newsroom.tell(_voice("abc").tell) == 0
    assert not BankNews.objects.exists()
