"""Every page that can be reached, for every role: accessible, in order, and whole at any width."""

from __future__ import annotations

import pytest

from tests.browser import citizen, counter
from tests.browser.audit import Findings, crawl, pattern
from tests.browser.conftest import Open
from tests.browser.people import Town
from tests.browser.visitor import Visitor

DESKS = {
    "clerk": "/counter/",
    "supervisor": "/counter/stock",
    "employer": "/unit/",
    "cardclerk": "/card-desk/",
    "operator": "/office/",
    "auditor": "/office/audit",
    "security": "/office/accounts",
}
CITIZENS = ("王芳", "赵强", "陈晨", "周敏", "吴磊", "孙涛")
ELDER_TARGET = 60
LEAST_OPEN_PAGES = 15


@pytest.fixture(scope="module")
def known() -> set[tuple[str, str]]:
    """The kinds of page that were looked at in this file."""
    return set()


@pytest.fixture(scope="module")
def open_pages() -> set[str]:
    """The pages open to everybody, once they were looked at."""
    return set()


@pytest.fixture
def found(known: set[tuple[str, str]]) -> Findings:
    """What is found wrong; kinds of page known already are passed over."""
    return Findings(known)


def test_pages_open_to_everybody(visitor: Visitor, found: Findings, open_pages: set[str]) -> None:
    """访客能到的每一页:无障碍、有页面编号、窄屏不用左右滚动。"""
    for path in crawl(visitor, "/", "/style", "/sign-in/"):
        open_pages.add(pattern(path))
        found.look_at(visitor)
    found.must_be_none()
    assert len(found.known) >= LEAST_OPEN_PAGES


@pytest.mark.parametrize("name", CITIZENS)
def test_pages_of_citizens(
    visitor: Visitor, found: Findings, open_pages: set[str], name: str
) -> None:
    """市民登录后能到的每一页。"""
    citizen.signs_in(visitor, name)
    for _ in crawl(visitor, "/", "/applications", "/cards", beside=open_pages):
        found.look_at(visitor)
    found.must_be_none()


@pytest.mark.parametrize("username", DESKS)
def test_pages_of_desks(
    at_desk: Open, found: Findings, open_pages: set[str], username: str
) -> None:
    """工作人员能到的每一页。"""
    desk = at_desk(username)
    for _ in crawl(desk, DESKS[username], beside=open_pages):
        found.look_at(desk)
    found.must_be_none()


def test_large_text_keeps_every_page_whole(visitor: Visitor) -> None:
    """长辈版:字大、按钮60像素,页面不乱。"""
    found = Findings()
    cookie = {"name": "size", "value": "22", "url": visitor.base}
    visitor.page.context.add_cookies([cookie])  # type: ignore[list-item]
    citizen.signs_in(visitor, "陈晨")
    for _ in crawl(visitor, "/", "/cards"):
        found.look_at(visitor, target=ELDER_TARGET)
    found.must_be_none()


def test_pages_that_say_no(visitor: Visitor, found: Findings, at_desk: Open, town: Town) -> None:
    """出错、拒绝、找不到、没有权限的页面,和别的页面一样完整。"""
    visitor.go("/nowhere")
    found.look_at(visitor)
    visitor.go("/sign-in/")
    visitor.press("继续")
    found.look_at(visitor)
    citizen.signs_in(visitor, town.somebody(photo=False).name, then="/apply/known")
    visitor.is_at("系统未能获取您的照片")
    found.look_at(visitor)
    clerk, who = at_desk("clerk"), town.somebody()
    clerk.go("/office/")
    found.look_at(clerk)
    counter.begins(clerk, who)
    clerk.press("继续")
    found.look_at(clerk)
    counter.hands_in(clerk, **counter.papers(who, original="off"))
    clerk.press("确认受理")
    clerk.is_at("须出示原件")
    found.look_at(clerk)
    found.must_be_none()


def test_questions_of_an_application(visitor: Visitor, found: Findings, town: Town) -> None:
    """申请的每一步,填错时也一样。"""
    citizen.signs_in(visitor, town.somebody().name, then="/apply/known")
    found.look_at(visitor)
    visitor.follow("继续")
    for step in (
        citizen.tells_how_to_be_reached,
        citizen.chooses_a_bank,
        citizen.says_where_to_post,
    ):
        visitor.press("继续")
        found.look_at(visitor)
        step(visitor)
    found.look_at(visitor)
    visitor.follow("换到网点或电话接着办")
    visitor.press("生成接续办理码")
    found.look_at(visitor)
    visitor.go("/apply/check")
    visitor.press("提交首次申领")
    citizen.number_on_receipt(visitor)
    found.look_at(visitor)
    found.must_be_none()
