"""Somebody in front of a browser: goes to pages, reads them, fills in and presses.

Everything is found the way a person finds it: by the words of labels, links and buttons. On the
way the page is watched: no error in the console, nothing fetched from anybody else's server.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Response, expect

PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)
LOOK_AGAIN_MS = 700
EXPECTED_ANSWERS = re.compile(r"the server responded with a status of 4\d\d")


class Visitor:
    """One person with one window."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.problems: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.on("requestfailed", self._failed)

    @property
    def path(self) -> str:
        """Where the window stands."""
        return self.page.url.removeprefix(self.base)

    @property
    def main(self) -> Locator:
        """What the page is about."""
        return self.page.locator("main")

    def go(self, path: str) -> None:
        """Open one of the platform's pages."""
        self.page.goto(self.base + path)

    def sees(self, *texts: str) -> None:
        """Every one of these stands on the page."""
        for text in texts:
            expect(self.main).to_contain_text(text)

    def does_not_see(self, *texts: str) -> None:
        """None of these stands on the page."""
        for text in texts:
            expect(self.main).not_to_contain_text(text)

    def is_at(self, heading: str) -> None:
        """The page has this heading."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)

    def follow(self, name: str) -> None:
        """Click a link by its words."""
        self.main.get_by_role("link", name=name).first.click()

    def press(self, name: str) -> None:
        """Press a button by its words."""
        self.main.get_by_role("button", name=name).first.click()

    def fill(self, **fields: str) -> None:
        """Fill in fields by their names: text, choice, tick (`on`, `off`) or one of several."""
        for name, value in fields.items():
            self._fill(name, value)

    def answer(self, label: str, value: str) -> None:
        """Type an answer under a label."""
        self.main.get_by_label(label, exact=False).first.fill(value)

    def choose(self, option: str) -> None:
        """Pick an option, or tick a box, by its words."""
        self.main.get_by_label(option, exact=False).first.check()

    def attach(self, name: str, file: Path) -> None:
        """Choose a file for a field."""
        self.page.locator(f'input[type=file][name="{name}"]').set_input_files(file)

    def waits_until(self, true: Callable[[], bool], *, seconds: float, what: str) -> None:
        """Look again and again, for so long at most."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, f"{what} did not happen within {seconds:.0f} seconds"
            self.page.wait_for_timeout(LOOK_AGAIN_MS)
            self.page.reload()

    def waits_for(self, text: str, *, seconds: float = 60) -> None:
        """Reload the page until it says something."""
        self.waits_until(lambda: text in self.main.inner_text(), seconds=seconds, what=text)

    def _fill(self, name: str, value: str) -> None:
        field = self.page.locator(f'main [name="{name}"]')
        kind = field.first.evaluate("e => e.tagName === 'INPUT' ? e.type : e.tagName")
        if kind == "radio":
            self.page.locator(f'main [name="{name}"][value="{value}"]').check()
        elif kind == "checkbox":
            field.set_checked(value == "on")
        elif kind == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED_ANSWERS.search(message.text):
            self.problems.append(f"console: {message.text} at {self.path}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:", "about:")):
            self.problems.append(f"foreign request: {request.url} at {self.path}")

    def _answered(self, response: Response) -> None:
        is_page = response.request.resource_type == "document"
        if response.status >= 500 or (response.status >= 400 and not is_page):
            self.problems.append(f"{response.status} for {response.url.removeprefix(self.base)}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"{request.failure} for {request.url.removeprefix(self.base)}")
