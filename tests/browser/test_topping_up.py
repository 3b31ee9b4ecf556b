"""Money onto a card: ordered on a phone, paid, torn from the field, healed."""

from __future__ import annotations

from tests.browser import citizen
from tests.browser.visitor import Visitor

HOLDER = "周敏"
TORN, STAYS = "after_credit", ""


def test_a_top_up_torn_from_the_phone_is_healed_by_the_next_tap(visitor: Visitor) -> None:
    """手机下单,付款,贴卡时移开,再贴一次:钱在卡里,有凭证。"""
    holder = visitor
    citizen.signs_in(holder, HOLDER, then="/purse")
    holder.is_at("我的交通账户")
    holder.follow("手机贴卡")
    holder.press("贴卡")
    holder.is_at("选择金额")
    holder.choose("¥50.00")
    holder.press("下单")
    holder.is_at("钱在哪里")
    holder.press("付款")
    holder.is_at("收银台（模拟）")
    holder.press("付款")
    holder.sees("钱在平台待写卡账户")
    holder.follow("贴卡")
    holder.is_at("手机贴卡")
    holder.page.locator("#mischief").select_option(TORN)
    holder.press("贴卡")
    holder.is_at("钱在哪里")
    holder.sees("结果待确认", "查明前不动")
    holder.follow("贴卡")
    holder.is_at("手机贴卡")
    holder.page.locator("#mischief").select_option(STAYS)
    holder.press("贴卡")
    holder.is_at("钱在哪里")
    holder.sees("钱在卡里", "再次贴卡取得的凭证（TAC）已验证")
    holder.go("/purse")
    holder.sees("¥50.00")
