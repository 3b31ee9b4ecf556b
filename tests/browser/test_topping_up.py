"""Money onto a card: ordered on a phone, paid at an outlet, torn from the field, healed."""

from __future__ import annotations

import re

from tests.browser import citizen, staff_door
from tests.browser.conftest import DESK, Open

HOLDER = "周敏"
ORDER = re.compile(r"top_\w+")
TORN, STAYS = "after_credit", ""


def test_a_top_up_torn_from_the_phone_is_healed_by_the_next_tap(open_window: Open) -> None:
    """手机下单,网点收现金,贴卡时移开,再贴一次:钱在卡里,有凭证。"""
    holder, clerk = open_window(), open_window(viewport=DESK)
    citizen.signs_in(holder, HOLDER, then="/purse")
    holder.is_at("我的交通账户")
    holder.follow("手机贴卡")
    holder.press("贴卡")
    holder.is_at("选择金额")
    holder.choose("¥50.00")
    holder.press("下单")
    holder.is_at("钱在哪里")
    found = ORDER.search(holder.path)
    assert found is not None

    staff_door.sign_in(clerk, "cardclerk")
    clerk.is_at("把卡放到读卡器上")
    clerk.go(f"/card-desk/order/{found[0]}")
    clerk.press("收到现金¥50.00")
    clerk.sees("现金已入账", "钱在平台待写卡账户")

    holder.go(f"/purse/phone?order={found[0]}")
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
