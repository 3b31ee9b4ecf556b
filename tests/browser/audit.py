"""What every page owes its readers, measured on the page: the same list for all roles."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe

from tests.browser.visitor import Visitor

NARROWEST = {"width": 320, "height": 700}
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
TARGET, INLINE_TARGET = 44, 24
MOST_PAGES = 60
ANSWERS = frozenset({200, 403, 422})
"""A page, "not your desk", and a page that says no in words: each is looked at."""

_ID = re.compile(r"/(?:[a-z]{3}_[0-9A-Z]{26}|\d{15}|[\w-]+:[\w:-]{20,})(?=/|$)")
_OTHER_SITES = re.compile(r"^(?!/)|^/static/|^/api/(?!docs)|/sign-out$")

LAID_OUT_ANEW = "!!document.querySelector('.table, .sides, .two, .columns')"
"""Tables become lists and columns stand below each other where it is narrow."""
AXE = "axe.run({ resultTypes: ['violations'] })"
OVERFLOWS = "document.documentElement.scrollWidth > innerWidth + 0.5"
HEADINGS = "document.querySelectorAll('h1').length"
LANGUAGE = "document.documentElement.lang"
PAGE_CODE = "document.querySelector('.foot .code')?.textContent.trim() ?? ''"
PARTS = """[...new Set([...document.querySelectorAll('main [class]')]
 .flatMap(e => [...e.classList]))].sort().join(' ')"""
LINKS = """[...document.querySelectorAll('a[href]')]
 .filter(a => a.checkVisibility()).map(a => a.getAttribute('href'))"""
SMALL = """([target, inline]) => [...document.querySelectorAll(
   'a[href], button, select, textarea, summary, input:not([type=hidden])')]
 .filter(e => e.checkVisibility() && !e.closest('.hidden-text, .skip, [hidden]') && !e.disabled)
 .map(e => e.closest('label.choice') || e)
 .map(e => {
   const box = e.getBoundingClientRect();
   const flows = e.matches('a') && (getComputedStyle(e).display === 'inline'
     || e.closest('p, li, td, th, dd'));
   const size = flows ? box.height : Math.min(box.width, box.height);
   return [e, size, flows ? inline : target] })
 .filter(([e, size, least]) => size < least - 0.5)
 .map(([e, size, least]) => `${e.tagName}.${e.className} "${e.textContent.trim().slice(0, 20)}"`
   + ` ${Math.round(size)} < ${least}`)"""
UNSEEN_FOCUS = """() => [...document.querySelectorAll('a[href], button, select, textarea, summary,'
 + ' input:not([type=hidden])')]
 .filter(e => e.checkVisibility() && !e.disabled && !e.closest('.hidden-text'))
 .filter(e => { e.focus({ focusVisible: true, preventScroll: true });
   if (document.activeElement !== e) return false;
   const rings = [e, e.closest('.choice')].filter(Boolean).map(r => getComputedStyle(r));
   return !rings.some(s => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2)) })
 .map(e => `${e.tagName}.${e.className} "${e.textContent.trim().slice(0, 20)}"`)"""


@dataclass
class Findings:
    """What was found wrong, each line with the page it was found on.

    `known` are the kinds of page looked at before: a path without its ids, and the parts the page
    is made of. It may be shared, for one look at a kind is enough whoever sees it.
    """

    known: set[tuple[str, str]] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)

    def look_at(self, visitor: Visitor, *, target: int = TARGET) -> None:
        """Measure the page that is open, unless one of its kind was measured before."""
        kind = (pattern(visitor.path).partition("?")[0], visitor.page.evaluate(PARTS))
        if kind in self.known:
            return
        self.known.add(kind)
        self._must_be_in_order(visitor, kind[0])
        visitor.page.evaluate(Axe().axe_script)
        for size in (PHONE, DESK):
            visitor.page.set_viewport_size(size)  # type: ignore[arg-type]
            here = f"{kind[0]} at {size['width']}"
            self._must_be_in_reach(visitor, here, target)
            if size is PHONE or visitor.page.evaluate(LAID_OUT_ANEW):
                self._must_be_accessible(visitor, here)

    def must_be_none(self) -> None:
        """Fail with everything that was found."""
        assert self.lines == [], "\n".join(["", *self.lines])

    def _must_be_in_order(self, visitor: Visitor, here: str) -> None:
        """One heading, a language, a page code, nothing beside the narrowest screen."""
        page = visitor.page
        if page.evaluate(HEADINGS) != 1:
            self.lines.append(f"{here}: {page.evaluate(HEADINGS)} headings of the first level")
        if page.evaluate(LANGUAGE) not in {"zh-CN", "en"}:
            self.lines.append(f"{here}: language {page.evaluate(LANGUAGE)!r}")
        if not re.search(r"[A-Z]\d*-\d\d", page.evaluate(PAGE_CODE)):
            self.lines.append(f"{here}: no page code")
        page.set_viewport_size(NARROWEST)  # type: ignore[arg-type]
        if page.evaluate(OVERFLOWS):
            self.lines.append(f"{here}: needs scrolling to the side at 320 px")

    def _must_be_in_reach(self, visitor: Visitor, here: str, target: int) -> None:
        """What can be pressed is large enough, and shows that it has the focus."""
        small = visitor.page.evaluate(SMALL, [target, INLINE_TARGET])
        self.lines += [f"{here}: too small: {one}" for one in small]
        unseen = visitor.page.evaluate(UNSEEN_FOCUS)
        self.lines += [f"{here}: focus cannot be seen: {one}" for one in unseen]

    def _must_be_accessible(self, visitor: Visitor, here: str) -> None:
        """Axe finds nothing."""
        for violation in visitor.page.evaluate(AXE)["violations"]:
            where = violation["nodes"][0]["html"][:120]
            self.lines.append(f"{here}: {violation['id']}: {violation['help']}: {where}")


def pattern(path: str) -> str:
    """A path without the ids in it: pages that differ in nothing else are one page."""
    address, _, query = path.partition("?")
    names = ",".join(sorted(part.partition("=")[0] for part in query.split("&") if part))
    return _ID.sub("/*", address.partition("#")[0]) + (f"?{names}" if names else "")


def crawl(visitor: Visitor, *starts: str, beside: Collection[str] = ()) -> Iterator[str]:
    """Open every page that links lead to, one of each pattern; the page is open when yielded.

    `beside` are patterns of pages that somebody else looks at.
    """
    waiting, known = list(starts), {*beside, *(pattern(start) for start in starts)}
    for _ in range(MOST_PAGES):
        if not waiting:
            return
        path = waiting.pop(0)
        answer = visitor.page.goto(visitor.base + path)
        assert answer is not None
        assert answer.status in ANSWERS, f"{path} answers {answer.status}"
        if "html" not in answer.headers.get("content-type", ""):
            continue
        for href in visitor.page.evaluate(LINKS):
            if not _OTHER_SITES.search(href) and pattern(href) not in known:
                known.add(pattern(href))
                waiting.append(href)
        yield visitor.path
    raise AssertionError(f"more than {MOST_PAGES} pages; left: {waiting}")
