"""Breaking text into lines the way Chinese is set: between characters, never inside a number.

A line does not begin with closing punctuation nor end with opening punctuation; Latin words and
digits stay together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_NOT_FIRST = "，。、；：？！）」』》〕,.;:?!)%"
_NOT_LAST = "（「『《〔("
_PIECES = re.compile(r"[^\W\u2e80-\uffff]+[^\w\s\u2e80-\uffff]*|\s+|.", re.DOTALL)


def broken(text: str, *, width: float, measure: Callable[[str], float]) -> list[str]:
    """The lines of a paragraph, none wider than `width` unless one piece alone is."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _unbreakable(paragraph):
            if line and measure(line + piece.rstrip()) > width:
                lines.append(line.rstrip())
                line = ""
            line += piece if line else piece.lstrip()
        lines.append(line.rstrip())
    return lines


def _unbreakable(text: str) -> Iterator[str]:
    """Pieces after each of which a line may end."""
    kept = ""
    pieces = _PIECES.findall(text)
    for piece, after in zip(pieces, [*pieces[1:], " "], strict=False):
        kept += piece
        if piece[-1] in _NOT_LAST or after[0] in _NOT_FIRST:
            continue
        yield kept
        kept = ""
    if kept:
        yield kept
