"""How a page is read: language, large text, colours; chosen once, kept, never losing the page."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from onecard.web.reader import ELDER_ENTRY, SIZES, Reader, reader_of
from tests.made_card import a_person
from tests.web.citizen import Page, sit_down

pytestmark = pytest.mark.django_db


def reader(**headers: str) -> Reader:
    request = RequestFactory().get("/", headers=headers)
    request.session = {}  # type: ignore[assignment]
    return reader_of(request)


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("", "zh"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("fr,de;q=0.8", "zh"),
        ("en;q=0.2,zh-TW;q=0.9", "zh"),
        ("fr;q=1,en;q=0.5", "en"),
        ("en;q=rubbish,zh;q=0.1", "zh"),
        (";;;,,,", "zh"),
    ],
)
def test_the_first_visit_speaks_the_language_of_the_browser(asked: str, language: str) -> None:
    """首次访问按浏览器语言,默认中文。"""
    assert reader(**{"accept-language": asked}).language == language


def test_a_cookie_wins_over_the_browser_and_nonsense_is_ignored() -> None:
    client = Client(headers={"accept-language": "en"})
    client.cookies["language"] = "zh"
    assert Page(client.get("/display")).all("html")[0]["lang"] == "zh-CN"
    client.cookies["language"] = "<script>"
    assert Page(client.get("/display")).all("html")[0]["lang"] == "en"


def test_the_switch_keeps_the_page_and_is_written_in_its_own_language() -> None:
    """语言切换保留当前页,按钮用对方语言书写。"""
    client = Client()
    page = client.get("/lost")
    assert "English" in page.content.decode()
    answer = client.post("/display", {"show": "language:en", "next": "/lost"})
    assert answer["Location"] == "/lost"
    english = client.get("/lost")
    assert Page(english).all("html")[0]["lang"] == "en"
    assert 'lang="zh-CN">中文' in english.content.decode()


def test_large_text_has_four_steps_that_are_remembered() -> None:
    """长辈版四档字号,记住选择。"""
    assert SIZES == ("normal", "18", "22", "26", "30")
    client = Client()
    client.post("/display", {"show": "size:elder", "next": "/"})
    html = Page(client.get("/lost")).all("html")[0]
    assert html["data-size"] == ELDER_ENTRY
    assert "data-elder" in html
    client.post("/display", {"show": "size:30", "next": "/"})
    assert Page(client.get("/lost")).all("html")[0]["data-size"] == "30"
    client.post("/display", {"show": "size:normal", "next": "/"})
    assert "data-elder" not in Page(client.get("/lost")).all("html")[0]


def test_steps_go_up_to_the_largest_and_down_to_the_smallest() -> None:
    assert [Reader(size=size).larger for size in SIZES] == ["18", "22", "26", "30", ""]
    assert [Reader(size=size).smaller for size in SIZES] == ["", "", "18", "22", "26"]


def test_dark_colours_are_linked_for_whom_they_are_meant() -> None:
    """深色、浅色、跟随设备;打印总是浅色。"""
    assert Reader(theme="auto").dark_media == "screen and (prefers-color-scheme: dark)"
    assert Reader(theme="dark").dark_media == "screen"
    assert Reader(theme="light").dark_media == ""
    assert Reader(contrast="auto").contrast_media == "(prefers-contrast: more)"
    both = Reader(theme="auto", contrast="auto").dark_contrast_media
    assert both == "screen and (prefers-color-scheme: dark) and (prefers-contrast: more)"
    assert Reader(theme="dark", contrast="more").dark_contrast_media == "screen"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", ""]
)
def test_the_switch_leads_nowhere_else(elsewhere: str) -> None:
    answer = Client().post("/display", {"show": "language:en", "next": elsewhere})
    assert answer["Location"] == "/"


def test_an_unknown_choice_sets_no_cookie() -> None:
    answer = Client().post("/display", {"show": "size:99", "theme": "pink", "colour": "red"})
    assert not {"size", "theme", "colour"} & set(answer.cookies)


def test_the_account_of_a_citizen_remembers_the_language() -> None:
    """登录后切换语言,通知也用这种语言。"""
    person, client = a_person(), Client()
    sit_down(client, person)
    client.post("/display", {"show": "language:en", "next": "/"})
    person.refresh_from_db()
    assert person.language == "en"
