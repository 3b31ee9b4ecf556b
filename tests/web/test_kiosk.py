"""The kiosk of the demo: the same dialogue, another channel, nobody signed in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from onecard.adapters.simulation import SimulatedPartners
from onecard.domain.authority import Channel
from onecard.records.models import Card, TopUpOrder
from tests import held_cards, made_card, topping_up
from tests.web.citizen import text_of
from tests.web.demo_chips import chips_in, tap

pytestmark = pytest.mark.django_db
KIOSK = "/kiosk"


@pytest.fixture
def card(city: SimulatedPartners, tmp_path: Path) -> Iterator[Card]:  # noqa: ARG001
    """A card on the machine."""
    with topping_up.keys(), chips_in(tmp_path):
        yield held_cards.in_use(made_card.a_person(demo="enabled"))


def ordered(client: Client, card: Card) -> str:
    """A top-up of 100 yuan; the address of its page."""
    purse = tap(client, KIOSK, f"{KIOSK}/look", card.ref)["next"]
    return str(client.post(purse, {"amount_fen": "10000"})["Location"])


@pytest.mark.rule("SEED, FAQ 14")
def test_a_card_is_topped_up_at_the_kiosk(card: Card) -> None:
    """自助机:读卡、选金额、付款、写卡。"""
    client = Client()
    page = ordered(client, card)
    assert TopUpOrder.objects.get().channel is Channel.KIOSK
    cashier = client.post(f"{page}/pay")["Location"]
    paid = client.post(cashier, follow=True)
    assert "钱在平台待写卡账户" in text_of(paid)
    assert tap(client, KIOSK, f"{page}/begin", card.ref)["next"] == page
    assert "钱在卡里" in text_of(client.get(page))


def test_another_window_sees_nothing_of_it(card: Card) -> None:
    """别人看不到这台机器上的订单。"""
    page = ordered(Client(), card)
    assert Client().get(page).status_code == 404


def test_there_is_no_kiosk_outside_demo_mode(city: SimulatedPartners) -> None:  # noqa: ARG001
    assert Client().get(f"{KIOSK}/").status_code == 404
    assert Client().post(f"{KIOSK}/look", "{}", content_type="application/json").status_code == 404
