"""What citizens do at the portal, step by step."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from tests.browser.visitor import Visitor

HOME = "江苏省常州市天宁区演示路9号"
PHONE = "13800138000"
RECEIPT = re.compile(r"/applications/(\d{15})/receipt")


def proves_who_they_are(visitor: Visitor, name: str) -> None:
    """Go through the real-name service: from the page that explains it, and back."""
    visitor.is_at("先确认您是本人")
    visitor.follow("去实名认证")
    is_chosen(visitor, name)


def is_chosen(visitor: Visitor, name: str) -> None:
    """On the page of the simulated service: look for a demo person and be them."""
    visitor.is_at("省统一实名认证（模拟）")
    visitor.answer("按姓名查找", name)
    visitor.press("查找")
    visitor.press(f"用这个身份登录 {name}")


def signs_in(visitor: Visitor, name: str, then: str = "/me") -> None:
    """Sign in and go on to a page."""
    visitor.go(f"/real-name/begin?{urlencode({'next': then})}")
    is_chosen(visitor, name)


def tells_how_to_be_reached(visitor: Visitor, phone: str = PHONE) -> None:
    """The first question."""
    visitor.is_at("怎样联系您？")
    visitor.answer("手机号码", phone)
    visitor.answer("联系地址", HOME)
    visitor.fill(occupation="23")
    visitor.press("继续")


def chooses_a_bank(visitor: Visitor, bank: str = "中国工商银行") -> None:
    """The second question."""
    visitor.is_at("选哪家银行？")
    visitor.choose(bank)
    visitor.press("继续")


def says_where_to_post(visitor: Visitor, address: str = HOME) -> None:
    """The third question."""
    visitor.is_at("卡寄到哪里？")
    visitor.answer("收件地址", address)
    visitor.choose("我知道邮费到付")
    visitor.press("继续")


def answers_everything(visitor: Visitor, **different: str) -> None:
    """From what is known already to the page that shows every answer."""
    visitor.is_at("我们已经知道的")
    visitor.follow("继续")
    tells_how_to_be_reached(visitor, different.get("phone", PHONE))
    chooses_a_bank(visitor, different.get("bank", "中国工商银行"))
    says_where_to_post(visitor, different.get("post_to", HOME))
    visitor.is_at("提交申请前，核对一遍")


def asks_whether_they_may(visitor: Visitor) -> None:
    """From the first page through the questions to the answer that the way is open online."""
    visitor.go("/")
    visitor.follow("先问问我能不能办")
    visitor.choose("没领过")
    visitor.press("继续")
    visitor.answer("今年多大", "35")
    visitor.press("继续")
    visitor.choose("居民身份证")
    visitor.press("继续")
    visitor.is_at("可以在线上首次申请")


def applies(visitor: Visitor, name: str, **different: str) -> str:
    """Sign in and apply; gives the receipt number."""
    signs_in(visitor, name, then="/apply/known")
    answers_everything(visitor, **different)
    visitor.press("提交首次申领")
    return number_on_receipt(visitor)


def replaces_online(visitor: Visitor) -> str:
    """From the loss board through the questions to the receipt; gives the receipt number."""
    visitor.follow("申请补领新卡")
    visitor.is_at("我们已经知道的")
    visitor.follow("继续")
    visitor.is_at("补卡以前，先知道这几点")
    visitor.choose("上一页显示的我的信息是对的")
    for notice in visitor.main.locator("[name=confirmed]").all():
        notice.check()
    visitor.press("继续")
    tells_how_to_be_reached(visitor)
    says_where_to_post(visitor)
    visitor.is_at("提交补卡申请前，核对一遍")
    visitor.sees("中国工商银行", "旧卡的挂失不能再解除")
    visitor.press("提交补领申请")
    return number_on_receipt(visitor)


def number_on_receipt(visitor: Visitor) -> str:
    """The number of the application whose receipt is open."""
    visitor.is_at("申请已提交")
    found = RECEIPT.search(visitor.path)
    assert found, visitor.path
    return found[1]
