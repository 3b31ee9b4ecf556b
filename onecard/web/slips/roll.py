"""A slip from the till printer: a strip of 80 mm, as long as what stands on it.

Sizes follow platform 6.8: 72 mm can be printed on, body 11 pt (18 pt in large type), square code
20 mm and more at level M, a quiet zone of four modules around it. Head and foot say what A4 says.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import segno
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from onecard import words
from onecard.seams.clock import LOCAL
from onecard.web.slips import font, lines
from onecard.web.slips.paper import (
    LANGUAGES,
    LEADING,
    POINT,
    QUIET_MODULES,
    Foot,
    both,
    runs,
    side,
)

STRIP, MARGIN = 80.0, 4.0
WIDTH = STRIP - 2 * MARGIN
QR_SIDE = 26.0
SMALL = 9.0


@dataclass(frozen=True)
class _Piece:
    """A paragraph, or with `rule` a line across the strip under it; `code` is a square code."""

    text: str
    points: float = 0
    rule: bool = False
    code: str = ""
    gap: float = 0.3


@dataclass
class Roll:
    """One strip in the making. `missing` collects the characters that had to be spelled out."""

    foot: Foot
    title: str
    place: str
    large: bool = False
    missing: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._pieces: list[_Piece] = []
        brand = " ".join(words.text("common.name", language) for language in LANGUAGES)
        self._add(f"{brand} · {self.place}", SMALL)
        for language in LANGUAGES:
            self._add(words.text(f"{self.title}.title", language), self.body + 3, gap=0)
        if self.foot.copy:
            self._add(both("slips.reprint", number=self.foot.copy), self.body + 2)
        self._add("", 2, rule=True)

    @property
    def body(self) -> int:
        """Points of the body text."""
        return 18 if self.large else 11

    def say(self, key: str, **facts: object) -> None:
        """A sentence in Chinese, then in English. A pair of facts is (zh, en)."""
        for place, language in enumerate(LANGUAGES):
            told = {name: side(fact, place) for name, fact in facts.items()}
            self._add(words.text(key, language, **told), gap=0.1)
        self._add("", 4, gap=0)

    def heading(self, key: str) -> None:
        """A heading in both languages over a line, with room above."""
        self._add("", 4)
        self._add(both(key), self.body + 1, rule=True)

    def fact(self, key: str, *values: str) -> None:
        """A named value: the name small above, the value under it."""
        self._add(both(key), SMALL, gap=0)
        self._add("\n".join(filter(None, values)))

    def output(self) -> bytes:
        """The finished strip, cut to its length."""
        if self.missing:
            self.say("slips.rare", characters=", ".join(sorted(self.missing)))
        self._finish()
        length = self._draw(self._sheet(2000.0)) + MARGIN
        pdf = self._sheet(length)
        self._draw(pdf)
        return bytes(pdf.output())

    def _add(
        self, text: str, points: float = 0, *, rule: bool = False, code: str = "", gap: float = 0.3
    ) -> None:
        drawn = font.drawable(text)
        self.missing.update(drawn.missing)
        self._pieces.append(_Piece(drawn.text, points or self.body, rule, code, gap))

    def _finish(self) -> None:
        """Receipt number and its square code, time, operator, rule version, hotlines."""
        foot, local = self.foot, self.foot.printed_at.astimezone(LOCAL)
        self._add("", 2, rule=True)
        self._add(f"{both('slips.foot.number')} {foot.grouped_number}", SMALL)
        self._add("", code=foot.number)
        for line in (
            f"{both('slips.foot.printed')} {local:%Y-%m-%d %H:%M:%S}",
            f"{both('slips.foot.operator')} {foot.operator}",
            f"{both('slips.foot.page')} {foot.page_code}",
            f"{both('slips.foot.version')} {foot.version}",
            *(f"{name} {number}" for name, number in foot.hotlines),
        ):
            self._add(line, SMALL, gap=0)

    def _sheet(self, length: float) -> FPDF:
        pdf = FPDF(format=(STRIP, length), unit="mm")
        font.put_into(pdf)
        pdf.set_title(words.text(f"{self.title}.title", "zh"))
        pdf.set_lang("zh-CN")
        pdf.set_creation_date(self.foot.printed_at)
        pdf.set_margins(MARGIN, MARGIN, MARGIN)
        pdf.set_auto_page_break(auto=False)
        pdf.add_page()
        return pdf

    def _draw(self, pdf: FPDF) -> float:
        """Draw every piece; gives where the last one ends."""
        for piece in self._pieces:
            self._draw_piece(pdf, piece)
        return float(pdf.get_y())

    def _draw_piece(self, pdf: FPDF, piece: _Piece) -> None:
        pdf.set_font(font.FAMILY, size=piece.points)
        height = piece.points * POINT * LEADING
        room = WIDTH - 2 * pdf.c_margin
        broken = lines.broken(piece.text, width=room, measure=pdf.get_string_width)
        for line in broken if piece.text else ():
            pdf.set_x(MARGIN)
            pdf.cell(WIDTH, height, line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        if piece.code:
            _square(pdf, piece.code)
        if piece.rule:
            pdf.line(MARGIN, pdf.get_y() + 0.5, MARGIN + WIDTH, pdf.get_y() + 0.5)
            pdf.set_y(pdf.get_y() + 1.5)
        pdf.set_y(pdf.get_y() + piece.gap * self.body * POINT)


def _square(pdf: FPDF, content: str) -> None:
    code = segno.make(content, error="m", micro=False)
    rows, top = list(code.matrix_iter(border=QUIET_MODULES)), pdf.get_y()
    module = QR_SIDE / len(rows)
    for row, line in enumerate(rows):
        for start, length in runs(line):
            x = MARGIN + start * module
            pdf.rect(x, top + row * module, length * module, module, "F")
    pdf.set_y(top + QR_SIDE)
