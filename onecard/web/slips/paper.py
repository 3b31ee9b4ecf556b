"""A sheet of A4 and what is drawn on every slip: head, lines, square code, foot.

Sizes follow platform 6.8: margins 18 mm, body 12 pt (18 pt in large type), line 1.35, square code
30 mm at level M with a quiet zone of four modules. Nothing depends on colour.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import segno
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from onecard import words
from onecard.domain.refusal import Fact
from onecard.seams.clock import LOCAL
from onecard.web.slips import font, lines

MARGIN = 18.0
WIDTH = 210.0 - 2 * MARGIN
FOOT = 42.0
QR_SIDE = 30.0
QUIET_MODULES = 4
LEADING = 1.35
POINT = 25.4 / 72
LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Foot:
    """What stands under every slip: where it came from, and whom to call."""

    page_code: str
    number: str
    grouped_number: str
    printed_at: datetime
    operator: str
    version: str
    hotlines: tuple[tuple[str, str], ...]
    copy: int = 0


@dataclass
class Paper:
    """One slip in the making. `missing` collects the characters that had to be spelled out."""

    foot: Foot
    title: str
    place: str
    large: bool = False
    missing: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.pdf = _Sheet(self)
        font.put_into(self.pdf)
        self.pdf.set_title(words.text(f"{self.title}.title", "zh"))
        self.pdf.set_lang("zh-CN")
        self.pdf.set_creation_date(self.foot.printed_at)
        self.pdf.set_margins(MARGIN, MARGIN, MARGIN)
        self.pdf.set_auto_page_break(auto=True, margin=FOOT)
        self.pdf.add_page()

    @property
    def body(self) -> int:
        """Points of the body text."""
        return 18 if self.large else 12

    def say(self, key: str, **facts: object) -> None:
        """A sentence in Chinese, then in English, on one page. A pair of facts is (zh, en)."""
        texts = [
            words.text(key, language, **{name: side(fact, at) for name, fact in facts.items()})
            for at, language in enumerate(LANGUAGES)
        ]
        self._make_room(sum(self._height(text, WIDTH, self.body) for text in texts))
        for text in texts:
            self.write(text)
        self.gap()

    def heading(self, key: str) -> None:
        """A heading in both languages on one line, with room above, never alone at the bottom."""
        self.gap()
        self._make_room(6 * self.body * POINT * LEADING)
        self.write(both(key), points=self.body + 2)
        y = self.pdf.get_y()
        self.pdf.line(MARGIN, y, MARGIN + WIDTH, y)
        self.gap()

    def fact(self, key: str, *values: str) -> None:
        """A named value: the name in both languages on the left, the value on the right."""
        left, value = WIDTH * 0.38, "\n".join(filter(None, values))
        name = both(key)
        heights = (
            self._height(name, left, self.body),
            self._height(value, WIDTH - left, self.body),
        )
        self._make_room(max(heights))
        top = self.pdf.get_y()
        self.write(name, width=left)
        self.pdf.set_xy(MARGIN + left, top)
        self.write(value, width=WIDTH - left)
        self.pdf.set_xy(MARGIN, top + max(heights))
        self.gap(0.2)

    def write(self, text: str, *, width: float = WIDTH, points: float = 0) -> None:
        """A paragraph at the present place; the next one begins under it, at the same side."""
        points = points or self.body
        left = self.pdf.get_x()
        for line in self._lines(text, width, points):
            self.pdf.set_x(left)
            self.pdf.cell(width, points * POINT * LEADING, line, new_x=XPos.LEFT, new_y=YPos.NEXT)
        self.pdf.set_x(left)

    def _lines(self, text: str, width: float, points: float) -> list[str]:
        self.pdf.set_font(font.FAMILY, size=points)
        room = width - 2 * self.pdf.c_margin
        return lines.broken(self.drawable(text), width=room, measure=self.pdf.get_string_width)

    def _height(self, text: str, width: float, points: float) -> float:
        return len(self._lines(text, width, points)) * points * POINT * LEADING

    def _make_room(self, height: float) -> None:
        """Begin a new page rather than break what belongs together."""
        if self.pdf.will_page_break(height):
            self.pdf.add_page()

    def gap(self, lines: float = 0.5) -> None:
        """Some lines of nothing."""
        self.pdf.set_y(self.pdf.get_y() + lines * self.body * POINT)

    def drawable(self, text: str) -> str:
        """The text as it can be drawn; what had to be spelled out is remembered for the foot."""
        drawn = font.drawable(text)
        self.missing.update(drawn.missing)
        return drawn.text

    def square(self, content: str, *, x: float, y: float, side: float = QR_SIDE) -> None:
        """A square code, level M, its quiet zone inside the given side."""
        rows = list(segno.make(content, error="m", micro=False).matrix_iter(border=QUIET_MODULES))
        module = side / len(rows)
        for row, line in enumerate(rows):
            for start, length in runs(line):
                self.pdf.rect(x + start * module, y + row * module, length * module, module, "F")

    def output(self) -> bytes:
        """The finished document."""
        if self.missing:
            self.say("slips.rare", characters=", ".join(sorted(self.missing)))
        return bytes(self.pdf.output())


class _Sheet(FPDF):
    """A page that draws its own head and foot."""

    def __init__(self, paper: Paper) -> None:
        super().__init__(format="A4", unit="mm")
        self._paper = paper

    def header(self) -> None:
        """Platform, place and kind of slip; a reprint says so."""
        paper = self._paper
        self.set_xy(MARGIN, MARGIN)
        brand = " ".join(words.text("common.name", language) for language in LANGUAGES)
        paper.write(f"{brand}  ·  {paper.place}", points=10)
        for index, language in enumerate(LANGUAGES):
            title = words.text(f"{paper.title}.title", language)
            paper.write(title, points=0 if index else paper.body + 8)
        if paper.foot.copy:
            paper.write(both("slips.reprint", number=paper.foot.copy), points=paper.body + 2)
        self.line(MARGIN, self.get_y() + 1, MARGIN + WIDTH, self.get_y() + 1)
        self.set_y(self.get_y() + 4)

    def footer(self) -> None:
        """Receipt number and its square code, time, operator, rule version, page, hotlines."""
        paper, foot, top = self._paper, self._paper.foot, 297 - FOOT + 3
        self.line(MARGIN, top, MARGIN + WIDTH, top)
        paper.square(foot.number, x=MARGIN + WIDTH - QR_SIDE, y=top + 2)
        self.set_xy(MARGIN, top + 2)
        local = foot.printed_at.astimezone(LOCAL)
        printed = f"{both('slips.foot.printed')} {local:%Y-%m-%d %H:%M:%S}"
        page = f"{both('slips.foot.page')} {foot.page_code} {self.page_no()}/{{nb}}"
        written = (
            f"{both('slips.foot.number')} {foot.grouped_number}",
            f"{printed}  ·  {both('slips.foot.operator')} {foot.operator}",
            f"{page}  ·  {both('slips.foot.version')} {foot.version}",
            "  ·  ".join(f"{name} {number}" for name, number in foot.hotlines),
        )
        for line in written:
            paper.write(line, width=WIDTH - QR_SIDE - 4, points=9)


def both(key: str, **facts: Fact) -> str:
    """A word in both languages on one line."""
    return "  ".join(words.text(key, language, **facts) for language in LANGUAGES)


def side(fact: object, at: int) -> Fact:
    """The side of a pair of facts that belongs to a language."""
    return fact[at] if isinstance(fact, tuple) else fact  # type: ignore[return-value]


def runs(line: Iterable[int]) -> list[tuple[int, int]]:
    """Where dark modules stand side by side: (first, how many)."""
    runs: list[tuple[int, int]] = []
    for place, dark in enumerate(line):
        if not dark:
            continue
        if runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((place, 1))
    return runs
