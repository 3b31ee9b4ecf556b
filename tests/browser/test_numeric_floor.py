"""The numeric floor of platform 6.1, measured on the citizen's pages in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.visitor import Visitor

Open = Callable[..., Visitor]

OPEN_PAGES = (
    "/",
    "/apply/held/older",
    "/check?held=none&age=30",
    "/photo",
    "/lost",
    "/help",
    "/real-name",
    "/display",
    "/style",
)
STEPS = {"normal": 16, "18": 18, "22": 22, "26": 26, "30": 30}
TARGET, ELDER_TARGET = 44, 60
NARROW = {"width": 320, "height": 640}

SMALL_TARGETS = """least => [...document.querySelectorAll('button, select, .control, .button,'
 + ' .choice, .switch, .place, .call, .back, .door, summary, .task > a, .foot a, .change, .brand')]
 .filter(e => e.checkVisibility() && !e.closest('p, td, li:not(.task):not([class]), .hidden-text'))
 .map(e => [e.tagName + '.' + e.className + ' ' + e.textContent.trim().slice(0, 20),
            Math.round(e.getBoundingClientRect().height)])
 .filter(([, height]) => height < least)"""
TIGHT_LINES = """() => [...document.querySelectorAll('main p, main li, main dd, main label')]
 .filter(e => e.checkVisibility() && e.textContent.trim())
 .map(e => getComputedStyle(e))
 .filter(s => parseFloat(s.lineHeight) < 1.499 * parseFloat(s.fontSize)).length"""
SMALL_TEXT = """least => [...document.querySelectorAll('main p, main li, main dd, main label,'
 + ' main a')]
 .filter(e => e.checkVisibility() && e.textContent.trim())
 .filter(e => parseFloat(getComputedStyle(e).fontSize) < least - 0.1)
 .map(e => e.tagName + ' ' + e.textContent.trim().slice(0, 20))"""
SPILLS = "document.documentElement.scrollWidth > innerWidth + 0.5"
OVERRIDE = """() => { const sheet = new CSSStyleSheet();
 sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important;'
 + ' word-spacing: 0.16em !important } p { margin-bottom: 2em !important }');
 document.adoptedStyleSheets = [sheet]; }"""
CLIPPED = """() => [...document.querySelectorAll('main *, header *, footer *')]
 .filter(e => e.checkVisibility() && e.children.length === 0 && e.textContent.trim())
 .filter(e => !e.closest('.hidden-text, .skip, svg'))
 .filter(e => ['hidden', 'clip'].includes(getComputedStyle(e).overflowX))
 .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.trim().slice(0, 30))"""


def sized(open_window: Open, size: str, **options: Any) -> Visitor:
    """Somebody who reads at one of the steps."""
    visitor = open_window(**options)
    cookie = {"name": "size", "value": size, "url": visitor.base}
    visitor.page.context.add_cookies([cookie])  # type: ignore[list-item]
    return visitor


@pytest.mark.parametrize("size", STEPS)
def test_text_grows_by_four_steps_and_keeps_its_air(open_window: Open, size: str) -> None:
    """A01、A02:正文字号16/18/22/26/30像素,行距不小于1.5倍,长辈版没有更小的字。"""
    visitor = sized(open_window, size)
    for path in OPEN_PAGES:
        visitor.go(path)
        body = visitor.page.evaluate("getComputedStyle(document.body).fontSize")
        assert float(body.removesuffix("px")) == pytest.approx(STEPS[size], abs=0.1)
        assert visitor.page.evaluate(TIGHT_LINES) == 0, path
        least = STEPS[size] if size != "normal" else 15
        assert visitor.page.evaluate(SMALL_TEXT, least) == [], path


@pytest.mark.parametrize(("size", "least"), [("normal", TARGET), ("18", ELDER_TARGET)])
def test_targets_are_large_enough(open_window: Open, size: str, least: int) -> None:
    """A05:可点区域44像素,长辈版60像素。"""
    visitor = sized(open_window, size)
    for path in OPEN_PAGES:
        visitor.go(path)
        assert visitor.page.evaluate(SMALL_TARGETS, least) == [], path


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("size", ["normal", "30"])
def test_a_narrow_screen_needs_no_second_direction(
    open_window: Open, size: str, locale: str
) -> None:
    """A14:320像素宽、最大字号,也不用左右滚动。"""
    visitor = sized(open_window, size, viewport=NARROW, locale=locale)
    for path in OPEN_PAGES:
        visitor.go(path)
        assert not visitor.page.evaluate(SPILLS), path


def test_readers_may_stretch_the_text(open_window: Open) -> None:
    """A02:自行加大行距字距,文字不被裁掉。"""
    visitor = open_window()
    for path in OPEN_PAGES:
        visitor.go(path)
        visitor.page.evaluate(OVERRIDE)
        assert visitor.page.evaluate(CLIPPED) == [], path
        assert not visitor.page.evaluate(SPILLS), path


def test_the_keyboard_begins_with_the_skip_link_and_sees_where_it_is(open_window: Open) -> None:
    """A13:第一个焦点是跳转链接,焦点框3像素,能走到每个控件,不会卡住。"""
    visitor = open_window()
    for path in ("/", "/check?held=none&age=30", "/photo", "/display"):
        visitor.go(path)
        visitor.page.keyboard.press("Tab")
        first = visitor.page.evaluate("document.activeElement.getAttribute('href')")
        assert first == "#main"
        seen = _walk(visitor)
        wanted = visitor.page.evaluate(
            "[...document.querySelectorAll('a[href], button, select, input:not([type=hidden])')]"
            ".filter(e => e.checkVisibility() && !e.disabled && e.type !== 'radio').length"
        )
        assert len(seen) >= wanted, path
        assert all(width in {"3px", "0px"} for width in seen.values()), seen


def test_a_wrong_form_begins_at_its_summary(visitor: Visitor) -> None:
    """6.3:出错后焦点在错误摘要,链接到字段。"""
    visitor.go("/check?held=none&age=x")
    assert visitor.page.evaluate("document.activeElement.className") == "problems"
    visitor.page.locator(".problems a").click()
    assert visitor.page.evaluate("document.activeElement.id") == "age"


def test_large_text_leads_everywhere_the_normal_page_leads(open_window: Open) -> None:
    """A23:长辈版功能一样不少。"""
    links = "[...document.querySelectorAll('main a[href]')].map(e => e.getAttribute('href')).sort()"
    normal, elder = open_window(), sized(open_window, "26")
    for path in OPEN_PAGES:
        normal.go(path)
        elder.go(path)
        assert normal.page.evaluate(links) == elder.page.evaluate(links), path


def _walk(visitor: Visitor) -> dict[str, str]:
    """Tab through the page once: what has focus, and how wide its ring is."""
    seen: dict[str, str] = {}
    for _ in range(400):
        where = visitor.page.evaluate(
            "(() => { const e = document.activeElement; if (!e || e === document.body) return null;"
            " const all = [...document.querySelectorAll('*')]; return [String(all.indexOf(e)),"
            " getComputedStyle(e.closest('.choice') || e).outlineWidth] })()"
        )
        if where is None or where[0] in seen:
            return seen
        seen[where[0]] = where[1]
        visitor.page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not come out of this page")
