"""The browser tests: one Chromium, one served platform, and a fresh window for everybody.

All of them carry the mark `browser` and run in one worker, since they share both. Without Chromium
they are skipped, with one reason. `house` is for tests that need a set clock: the whole platform in
the test's own process.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from onecard.adapters import partners
from onecard.adapters.simulation import SimulatedPartners, simulated_partners
from onecard.seams import world as worlds
from onecard.seams.world import World
from tests import debian
from tests.actions.application import people
from tests.browser import citizen, counter, office, staff_door
from tests.browser.people import Somebody, Town
from tests.browser.served import LONGEST_LOG, Platform, served
from tests.browser.visitor import Visitor

HERE = Path(__file__).parent
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
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
    with windows(chromium, platform) as window:
        yield window


@contextmanager
def windows(chromium: Browser, platform: Platform) -> Iterator[Open]:
    """As the fixture, for fixtures that live longer than a test."""
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


@dataclass(frozen=True)
class Applied:
    """Somebody who has applied, and under which number."""

    who: Somebody
    number: str


@pytest.fixture(scope="package")
def applied(chromium: Browser, platform: Platform, town: Town, sessions: dict[str, Any]) -> Applied:
    """Applies online from the first page. Made once, so that the card travels meanwhile."""
    who = town.somebody()
    with windows(chromium, platform) as window:
        visitor = window()
        citizen.asks_whether_they_may(visitor)
        visitor.follow("现在申请")
        visitor.is_at("您以前领过江苏省社会保障卡吗？")
        visitor.follow("没领过")
        citizen.is_chosen(visitor, who.name)
        visitor.sees(who.masked_number, "已有，不用上传")
        visitor.does_not_see(who.number)
        citizen.answers_everything(visitor)
        visitor.sees(citizen.HOME, "中国工商银行", "到付，签收时由我付")
        visitor.press("提交首次申领")
        number = citizen.number_on_receipt(visitor)
        office.makes_batches(_at_desk(window, sessions, "operator"))
        return Applied(who, number)


@pytest.fixture(scope="package")
def sessions() -> dict[str, Any]:
    """The sessions of staff who have signed in already: a one-time code opens one session only."""
    return {}


@pytest.fixture
def at_desk(open_window: Open, sessions: dict[str, Any]) -> Open:
    """Opens a window at a desk, for a sign-in name of the demo city."""
    return partial(_at_desk, open_window, sessions)


def _at_desk(window: Open, sessions: dict[str, Any], username: str, **options: Any) -> Visitor:
    if username not in sessions:
        door = window(viewport=DESK)
        staff_door.sign_in(door, username)
        sessions[username] = door.page.context.storage_state()
    return window(**{"viewport": DESK, "storage_state": sessions[username], **options})


@pytest.fixture(scope="package")
def accepted(
    chromium: Browser, platform: Platform, town: Town, sessions: dict[str, Any]
) -> Applied:
    """Applies at the counter in person. Made once, so that the card is being made meanwhile."""
    who = town.somebody()
    with windows(chromium, platform) as window:
        number = counter.takes_in(_at_desk(window, sessions, "clerk"), who)
        office.makes_batches(_at_desk(window, sessions, "operator"))
        return Applied(who, number)


@pytest.fixture
def house(
    a_world: World,
    transactional_db: None,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[SimulatedPartners]:
    """World and partners in force for every thread; outlets, an employer, people of the province.

    They are installed for the process, because the server answers on threads of its own, which do
    not see what a test replaced for itself.
    """
    simulated = simulated_partners(state_folder=None, now=a_world.clock.now, seed=7)
    simulated.simulation.seed(people.RESIDENTS)
    monkeypatch.setattr(worlds, "_installed", [a_world])
    monkeypatch.setattr(partners, "_installed", [simulated])
    people.open_places()
    yield simulated
    simulated.simulation.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A window of a counter's size, in Chinese."""
    context = chromium.new_context(viewport=DESK, locale="zh-CN")  # type: ignore[arg-type]
    opened = context.new_page()
    yield opened
    context.close()


def _chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")
