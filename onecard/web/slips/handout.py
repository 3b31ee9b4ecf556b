"""P9 领卡签收单: whose cards an employer fetches, with a place for each signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard import words
from onecard.queries.slip import Handout, HandoutLine
from onecard.web.slips.acceptance import PrintedSlip
from onecard.web.slips.paper import LANGUAGES, MARGIN, WIDTH, Foot, Paper

PAGE = "C3-07"
ROW = 15.0


@dataclass(frozen=True)
class Column:
    """One column of the list: its word and its share of the width."""

    word: str
    share: float


COLUMNS = (
    Column("line", 0.07),
    Column("number", 0.24),
    Column("name", 0.22),
    Column("identity_number", 0.25),
    Column("signature", 0.22),
)


def draw(
    handout: Handout,
    *,
    list_number: str,
    printed_at: datetime,
    version: str,
    hotlines: tuple[tuple[str, str], ...],
) -> PrintedSlip:
    """The list as PDF; its columns are named again on every page."""
    foot = Foot(
        page_code=PAGE,
        number=list_number,
        grouped_number=list_number,
        printed_at=printed_at,
        operator=handout.operator,
        version=version,
        hotlines=hotlines,
    )
    paper = Paper(foot, "slips.handout", handout.employer_name)
    paper.say("slips.handout.how", people=len(handout.lines))
    for outlet in handout.outlets:
        paper.fact("slips.handout.outlet", outlet.name, outlet.name_en, outlet.address)
    _head(paper)
    for number, line in enumerate(handout.lines, 1):
        if paper.pdf.will_page_break(ROW):
            paper.pdf.add_page()
            _head(paper)
        _row(paper, (str(number), *_values(line), ""))
    paper.gap(1)
    paper.say("slips.handout.fetched_by")
    return PrintedSlip(paper.output(), tuple(sorted(paper.missing)))


def _values(line: HandoutLine) -> tuple[str, ...]:
    return (line.grouped_number, line.name, line.identity_number)


def _head(paper: Paper) -> None:
    names = tuple(
        "\n".join(
            words.text(f"slips.handout.column.{column.word}", language) for language in LANGUAGES
        )
        for column in COLUMNS
    )
    _row(paper, names, points=9)


def _row(paper: Paper, values: tuple[str, ...], *, points: float = 10) -> None:
    """One ruled row; every value stands in a box of its own, a long one on two lines."""
    top, left = paper.pdf.get_y(), MARGIN
    for column, value in zip(COLUMNS, values, strict=True):
        width = column.share * WIDTH
        paper.pdf.rect(left, top, width, ROW)
        paper.pdf.set_xy(left + 1, top + 1.5)
        paper.write(value, width=width - 2, points=points)
        left += width
    paper.pdf.set_xy(MARGIN, top + ROW)
