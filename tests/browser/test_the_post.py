"""A card that was applied for online travels by EMS, is enabled by its holder, or comes back."""

from __future__ import annotations

import pytest

from tests.browser import citizen
from tests.browser.conftest import Applied, Open
from tests.browser.served import Platform
from tests.browser.visitor import Visitor

SECONDS_TO_ARRIVE = 180
RETURNED = "赵强"
"""Of the demo city: the post brought the parcel back before anybody looks."""


@pytest.mark.rule("SEED, FAQ 6; PROVINCIAL S8")
def test_the_card_is_made_and_delivered_and_its_holder_enables_it(
    open_window: Open, applied: Applied, platform: Platform
) -> None:
    """银行开户、制卡、EMS寄送;签收后在申请的渠道确认收卡并启用人社功能。"""
    visitor = open_window()
    citizen.signs_in(visitor, applied.who.name, then=f"/applications/{applied.number}")
    visitor.waits_for("EMS 单号", seconds=SECONDS_TO_ARRIVE)
    visitor.waits_for("已妥投", seconds=SECONDS_TO_ARRIVE)
    visitor.sees("卡已送达。启用以后才能看病、办事。")
    visitor.follow("确认收卡并启用")
    visitor.is_at("确认收卡并启用")
    visitor.answer("社会保障卡卡号", "A00000000")
    visitor.choose("卡在我手里")
    visitor.press("确认收卡并启用")
    visitor.sees("卡号与待领取的卡不一致")
    visitor.answer("社会保障卡卡号", platform.card_number_of(applied.who.number))
    visitor.choose("卡在我手里")
    visitor.press("确认收卡并启用")
    visitor.is_at("我的卡")
    visitor.sees("人社功能已启用。")
    lights = visitor.main.locator(".light")
    assert lights.count() == 3
    for light, state in zip(lights.all(), ("正常", "银行网点激活", "交通"), strict=True):
        assert state in light.inner_text()
    visitor.go("/messages")
    visitor.waits_for("已启用")
    visitor.go("/history")
    visitor.sees("本人")


def test_the_holder_of_a_returned_parcel_fetches_it_or_has_it_sent_again(
    visitor: Visitor,
) -> None:
    """邮件退回的,由本人选择到网点自取或再次寄送,邮费仍到付。"""
    citizen.signs_in(visitor, RETURNED, then="/applications")
    visitor.follow("查看进度")
    visitor.sees("邮件退回来了", "已退回")
    visitor.follow("选择怎么拿卡")
    visitor.is_at("退回的卡，怎么给您？")
    visitor.press("确定")
    visitor.sees("选择自取还是再寄")
    visitor.choose("再寄一次，邮费到付")
    visitor.answer("新的收件地址", citizen.HOME)
    visitor.press("确定")
    visitor.sees("会再寄一次，新的单号出来后通知您。")
    visitor.waits_for("已交邮政", seconds=60)
