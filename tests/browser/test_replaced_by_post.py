"""补领 by EMS: from the loss to the new card in use, the old one gone; days pass by a set clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from onecard.domain.delivery import DeliveryState
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.transit_purse import TransitState
from onecard.records.models import Card, Shipment
from onecard.seams.world import world
from tests import cast, made_card
from tests.browser import citizen
from tests.browser.house_windows import House, card_in_use, inside
from tests.browser.visitor import Visitor

__all__ = ["inside"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_ROUNDS = 30


def a_card_comes_by_post(inside: House) -> None:
    """The worker looks in every few hours, until the parcel is there."""
    for _ in range(MOST_ROUNDS):
        made_card.clock().advance(timedelta(hours=4))
        inside.worker()
        if Shipment.objects.filter(state=DeliveryState.DELIVERED).exists():
            return
    raise AssertionError(Shipment.objects.values("state"))


def enables(visitor: Visitor, number: str, card_number: str) -> None:
    """Confirms receipt with the number on the card."""
    visitor.go(f"/applications/{number}")
    visitor.sees("EMS 单号", "已妥投", "卡已送达")
    visitor.follow("确认收卡并启用")
    visitor.answer("社会保障卡卡号", card_number)
    visitor.choose("卡在我手里")
    visitor.press("确认收卡并启用")


@pytest.mark.rule("rule book 21.1, 21.2, 21.4; PROVINCIAL S4")
def test_a_lost_card_is_replaced_by_ems_and_the_old_one_is_cancelled(inside: House) -> None:
    """线上补领:正式挂失,申请,EMS到付寄来,启用新卡,旧卡注销,经过还在一条线上。"""
    old = card_in_use(inside)
    visitor = inside.citizen(old.person)
    visitor.go("/lost")
    visitor.press("确认正式挂失")
    visitor.is_at("卡已正式挂失")
    number = citizen.replaces_online(visitor)
    a_card_comes_by_post(inside)
    new = Card.objects.exclude(ref=old.ref).get()
    inside.signs_in_again(visitor, old.person)
    enables(visitor, number, old.card_number)
    visitor.sees("卡号与待领取的卡不一致")
    enables(visitor, number, new.card_number)
    visitor.sees("人社功能已启用", "银行网点激活", "以前的卡", "已注销")
    inside.worker()
    visitor.go("/messages")
    visitor.sees("您的旧卡B*******8同时注销，不能再用")
    visitor.go("/timeline")
    visitor.sees("正式挂失", "已申请补领，不能再解挂", "补领： 个人已领卡", "新卡已启用")
    told = {c.card_number: c.state for c in inside.partners.hr_database.cards_of(cast.ADULT)}
    assert told == {old.card_number: HrState.CANCELLED, new.card_number: HrState.NORMAL}
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.hr_state, new.hr_state) == (HrState.CANCELLED, HrState.NORMAL)
    assert new.financial_state is FinancialState.OPENED
    assert (old.transit_state, new.transit_state) == (TransitState.OPEN, TransitState.NOT_OPENED)
    assert world().clock.now() < cast.MONDAY_9AM + timedelta(days=7)
