"""Online, from the first page to the receipt; and every reason why the portal sends people on."""

from __future__ import annotations

import pytest

from tests.browser import citizen
from tests.browser.people import Somebody, Town
from tests.browser.visitor import Visitor


@pytest.mark.rule("SEED, FAQ 2 and 6")
def test_somebody_without_a_card_applies_from_the_first_page_to_a_number(
    visitor: Visitor, first_timer: Somebody
) -> None:
    """没领过江苏省社会保障卡的人员:实名认证,获取信息,填关键信息,选银行,填邮寄地址,提交。"""
    visitor.go("/")
    visitor.follow("先问问我能不能办")
    for answer in ("没领过", "35", "居民身份证"):
        if answer.isdigit():
            visitor.answer("今年多大", answer)
        else:
            visitor.choose(answer)
        visitor.press("继续")
    visitor.is_at("可以在线上首次申请")
    visitor.follow("现在申请")
    visitor.follow("没领过")
    citizen.is_chosen(visitor, first_timer.name)
    visitor.sees(first_timer.masked_number, "已有，不用上传")
    visitor.does_not_see(first_timer.number)
    citizen.answers_everything(visitor)
    visitor.sees(citizen.HOME, "中国工商银行", "到付，签收时由我付")
    visitor.press("提交首次申领")
    number = citizen.number_on_receipt(visitor)
    visitor.follow("查看进度")
    visitor.sees(f"{number[:6]} {number[6:10]}", "承诺完成日")


@pytest.fixture
def first_timer(town: Town) -> Somebody:
    return town.somebody()
