"""The frame of every page: structure, security headers, no foreign or inline part, page code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from onecard import words
from tests.made_card import a_person
from tests.web.citizen import Page, sit_down, text_of

STATIC = Path(__file__).parents[2] / "onecard" / "web" / "static" / "onecard"

OPEN_PAGES = (
    "/",
    "/help",
    "/lost",
    "/accessibility",
    "/privacy",
    "/check",
    "/photo",
    "/apply",
    "/apply/held/older",
    "/apply/held/lost",
    "/exchange",
    "/pin",
    "/real-name",
    "/display",
    "/style",
    "/nothing-here",
)
OWN_PAGES = (
    "/me",
    "/applications",
    "/cards",
    "/messages",
    "/history",
    "/timeline",
    "/looks",
    "/e-card",
    "/plan",
    "/plan/replace",
    "/plan/exchange",
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(city: object) -> Client:  # noqa: ARG001
    """A browser in a city."""
    return Client()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", [*OPEN_PAGES, *OWN_PAGES])
def test_every_page_is_well_built(client: Client, path: str, language: str) -> None:
    """一个一级标题、跳转链接在最前、有语言标记、每个输入都有名称。"""
    if path in OWN_PAGES:
        sit_down(client, a_person())
    client.cookies["language"] = language
    response = client.get(path, follow=True)
    page = Page(response)
    assert page.all("html")[0]["lang"] == {"zh": "zh-CN", "en": "en"}[language]
    assert len(page.all("h1")) == 1
    assert page.all("a")[0]["href"] == "#main"
    assert len(page.all("main")) == 1
    assert page.title.strip(" -")
    labelled = {label.get("for") for label in page.all("label")}
    for control in (*page.all("input"), *page.all("select"), *page.all("textarea")):
        wrapped = control.get("type") in {"radio", "checkbox"}
        if control.get("type") != "hidden" and not wrapped:
            assert control.get("id") in labelled, control
        assert "required" not in control, "the server judges, not the browser"


@pytest.mark.parametrize("path", [*OPEN_PAGES, *OWN_PAGES])
def test_no_page_has_an_inline_or_a_foreign_part(client: Client, path: str) -> None:
    """没有内联脚本和样式,没有外部资源。"""
    if path in OWN_PAGES:
        sit_down(client, a_person())
    response = client.get(path, follow=True)
    page = Page(response)
    assert not [tag for tag, attrs in page.tags if "style" in attrs or tag == "style"]
    handlers = [a for _, attrs in page.tags for a in attrs if re.fullmatch(r"on[a-z]+", a)]
    assert not handlers
    assert all(script.get("src", "").startswith("/static/") for script in page.all("script"))
    addresses = [a.get("href") or a.get("src") or "" for _, a in page.tags]
    foreign = [a for a in addresses if re.match(r"(https?:)?//", a)]
    assert not foreign
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "'unsafe-inline'" not in policy


@pytest.mark.parametrize("path", [p for p in OPEN_PAGES if p != "/nothing-here"])
def test_every_page_has_its_code_and_the_help_lines_in_the_same_order(
    client: Client, path: str
) -> None:
    """每页有编号;帮助电话次序一致:人社、银行、市民热线。"""
    response = client.get(path)
    assert re.search(r'<span class="number">C\d-\d\d</span>', response.content.decode())
    said = text_of(response)
    hr, bank, city = said.rindex("12333"), said.rindex("合作银行的电话"), said.rindex("12345")
    assert hr < bank < city


def test_the_first_page_is_light(client: Client) -> None:
    """首页连样式脚本不超过60千字节。"""
    page = client.get("/")
    linked = re.findall(r"/static/onecard/([\w/.-]+)", page.content.decode())
    weight = len(page.content) + sum((STATIC / name).stat().st_size for name in set(linked))
    assert weight <= 60_000, weight


@pytest.mark.parametrize("path", OWN_PAGES)
def test_personal_pages_are_kept_nowhere(client: Client, path: str) -> None:
    sit_down(client, a_person())
    assert client.get(path)["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", [*OWN_PAGES, "/apply/known", "/apply/check", "/apply/bank"])
def test_a_stranger_is_led_through_the_sign_in_and_back(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer["Location"].startswith("/real-name?next=%2F")


def test_a_form_that_stood_open_too_long_says_so() -> None:
    """表单过期:说明没有办理,内容都在。"""
    answer = Client(enforce_csrf_checks=True).post("/display", {"show": "language:en"})
    assert answer.status_code == 403
    assert words.text("common.failure.expired.headline") in text_of(answer)


def test_css_is_cut_into_files_people_can_read() -> None:
    for file in STATIC.rglob("*.css"):
        assert file.read_text(encoding="utf-8").count("\n") < 300, file.name


def test_every_colour_of_the_light_look_has_its_dark_and_contrast_twin() -> None:
    """浅色的每种颜色,深色与高对比都有对应。"""

    def colours(name: str) -> set[str]:
        text = (STATIC / "css" / name).read_text(encoding="utf-8")
        return set(re.findall(r"(--[\w-]+): #", text))

    light = colours("tokens.css")
    assert light == colours("dark.css")
    assert light == colours("contrast.css")
    assert light == colours("contrast-dark.css")


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("sheet", ["tokens", "dark", "contrast", "contrast-dark"])
def test_text_has_seven_to_one_and_edges_have_three_to_one(sheet: str) -> None:
    """文字对比度7:1,边框和焦点3:1(长辈版与高对比的要求,一律达到)。"""
    text = (STATIC / "css" / f"{sheet}.css").read_text(encoding="utf-8")
    colour = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", text))
    grounds = ("paper", "surface")
    for ink in ("ink", "ink-soft", "link", "ok", "wait", "warn", "stop", "off"):
        for ground in (*grounds, f"{ink}-tint"):
            if ground in colour:
                assert _contrast(colour[ink], colour[ground]) >= 7, (ink, ground)
    assert _contrast(colour["on-action"], colour["action"]) >= 7
    assert _contrast(colour["ink-soft"], colour["brand-tint"]) >= 7
    for edge in ("line-strong", "focus", "action"):
        for ground in grounds:
            assert _contrast(colour[edge], colour[ground]) >= 3, (edge, ground)
