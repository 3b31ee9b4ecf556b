"""The browser tests: one platform, one Chromium, and a fresh window for everybody.

All of them carry the mark `browser` and run in one worker, since they share a platform. Without
Chromium they are skipped, with one reason.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import debian
from tests.browser import staff_door
from tests.browser.people import Town
from tests.browser.served import LONGEST_LOG, Platform, served
from tests.browser.visitor import Visitor

HERE = Path(__file__).parent
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}

Open = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder; the group keeps them beside one platform."""
    need = debian.NEEDS["chromium"]
    loud = debian.LOUD.format(what=need.what, lost=need.lost, packages=" ".join(need.packages))
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
            if not _chromium():
                item.add_marker(pytest.mark.skip(reason=loud))


@pytest.fixture(scope="package")
def platform() -> Iterator[Platform]:
    """The platform of this run; at the end its log holds no fault."""
    with served() as running:
        yield running
        assert "Traceback" not in running.log(), running.log()[-LONGEST_LOG:]


@pytest.fixture(scope="package")
def town(platform: Platform) -> Town:
    """Where new people come from."""
    return Town(platform)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. While it is driven, Django must not mistake its loop for an async view."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=_chromium(), args=list(ARGUMENTS))
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_window(chromium: Browser, platform: Platform) -> Iterator[Open]:
    """Opens a window of its own for somebody; at the end nothing went wrong in any of them."""
    opened: list[Visitor] = []

    def window(**options: Any) -> Visitor:
        usual = {"viewport": PHONE, "locale": "zh-CN", "reduced_motion": "reduce"}
        context = chromium.new_context(**{**usual, **options})
        opened.append(Visitor(context.new_page(), platform.base))
        return opened[-1]

    yield window
    for visitor in opened:
        visitor.page.context.close()
    assert [problem for visitor in opened for problem in visitor.problems] == []


@pytest.fixture
def visitor(open_window: Open) -> Visitor:
    """Somebody with a telephone, not signed in."""
    return open_window()


@pytest.fixture(scope="package")
def keys() -> dict[str, Any]:
    """The sessions of staff who have signed in already: a one-time code opens one session only."""
    return {}


@pytest.fixture
def at_desk(open_window: Open, keys: dict[str, Any]) -> Open:
    """Opens a window at a desk, for a sign-in name of the demo city."""

    def window(username: str, **options: Any) -> Visitor:
        if username not in keys:
            door = open_window(viewport=DESK)
            staff_door.sign_in(door, username)
            keys[username] = door.page.context.storage_state()
        usual = {"viewport": DESK, "storage_state": keys[username]}
        return open_window(**{**usual, **options})

    return window


def _chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")
