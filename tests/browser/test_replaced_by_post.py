"""补领 by EMS on the served platform: from the loss to the new card in use, the old one gone."""

from __future__ import annotations

import pytest

from tests.browser import citizen
from tests.browser.conftest import Open
from tests.browser.people import Town
from tests.browser.served import Platform
from tests.browser.visitor import Visitor

PATIENCE = 150
"""Seconds until a card has come by post, at the pace of a demo city."""


def enables(visitor: Visitor, number: str, card_number: str) -> None:
    """Wait for the parcel, then confirm receipt with the number on the card."""
    visitor.go(f"/applications/{number}")
    visitor.waits_for("卡已送达", seconds=PATIENCE)
    visitor.follow("确认收卡并启用")
    visitor.answer("社会保障卡卡号", card_number)
    visitor.choose("卡在我手里")
    visitor.press("确认收卡并启用")
    visitor.sees("人社功能已启用")


@pytest.mark.rule("rule book 21.1, 21.2; PROVINCIAL S4")
def test_a_lost_card_is_replaced_by_ems_and_the_old_one_is_cancelled(
    open_window: Open, town: Town, platform: Platform
) -> None:
    """线上补领:正式挂失,申请,EMS到付寄来,启用新卡,旧卡注销,经过还在一条线上。"""
    visitor, who = open_window(), town.somebody()
    first = citizen.applies(visitor, who.name)
    visitor.go(f"/applications/{first}")
    visitor.waits_for("卡已送达", seconds=PATIENCE)
    old = platform.card_number_of(who.number)
    enables(visitor, first, old)
    visitor.go("/lost")
    visitor.press("确认正式挂失")
    visitor.is_at("卡已正式挂失")
    visitor.follow("申请补领新卡")
    visitor.follow("继续")
    visitor.choose("上一页显示的我的信息是对的")
    for notice in visitor.main.locator("[name=confirmed]").all():
        notice.check()
    visitor.press("继续")
    citizen.tells_how_to_be_reached(visitor)
    citizen.says_where_to_post(visitor)
    visitor.press("提交补领申请")
    second = citizen.number_on_receipt(visitor)
    visitor.go(f"/applications/{second}")
    visitor.sees("补领")
    visitor.waits_for("卡已送达", seconds=PATIENCE)
    visitor.waits_until(
        lambda: platform.card_number_of(who.number) != old, seconds=PATIENCE, what="a new card"
    )
    enables(visitor, second, platform.card_number_of(who.number))
    visitor.sees("以前的卡", "已注销")
    visitor.go("/timeline")
    visitor.sees("正式挂失", "已注销")
