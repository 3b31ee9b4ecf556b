"""The typeface of slips: Noto Sans CJK in its mainland forms, and what to do about rare characters.

The locked font file draws Taiwan's forms by default and holds the mainland ones behind its `locl`
feature; fpdf2 without a shaping engine does not ask for it, so the substitution is made here once.
A character the font lacks is written as its code point and flagged: never a box, never a `?`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from fpdf import FPDF

FAMILY = "slip"
MAINLAND = "ZHS "
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


@dataclass(frozen=True)
class Drawn:
    """A text as the slip can draw it, and the characters it had to spell out."""

    text: str
    missing: tuple[str, ...]


def put_into(pdf: FPDF) -> None:
    """Make the typeface known to a document, in its mainland forms."""
    pdf.add_font(FAMILY, fname=str(_file()))
    font: Any = pdf.fonts[FAMILY]
    for character, glyph in _mainland().items():
        font.cmap[character] = glyph
        font.glyph_ids[character] = font.ttfont.getGlyphID(glyph)


def drawable(text: str) -> Drawn:
    """The text with every character that cannot be drawn spelled as its code point."""
    known, missing, drawn = _known(), [], []
    for character in text:
        if ord(character) in known or character in "\n ":
            drawn.append(character)
            continue
        missing.append(f"U+{ord(character):04X}")
        drawn.append("" if _selects_a_form(character) else f"〔U+{ord(character):04X}〕")
    return Drawn("".join(drawn), tuple(missing))


def _selects_a_form(character: str) -> bool:
    """A variation selector: the character before it is drawn in its usual form instead."""
    return any(ord(character) in selectors for selectors in _SELECTORS)


@cache
def _file() -> Path:
    with as_file(files("cvttf_NotoSansCJK_Regular") / "NotoSansCJKtc-Regular.otf") as path:
        return path


@cache
def _known() -> frozenset[int]:
    with TTFont(_file(), lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def _mainland() -> dict[int, str]:
    """Character -> the glyph of its mainland form, where that is another one."""
    with TTFont(_file(), lazy=True) as font:
        other = _substitutions(font["GSUB"].table)
        return {
            character: other[glyph]
            for character, glyph in font.getBestCmap().items()
            if glyph in other
        }


def _substitutions(table: Any) -> dict[str, str]:
    """Glyph -> glyph by the single substitutions of the `locl` feature of our language."""
    features = {
        index
        for script in table.ScriptList.ScriptRecord
        for language in script.Script.LangSysRecord
        if language.LangSysTag == MAINLAND
        for index in language.LangSys.FeatureIndex
        if table.FeatureList.FeatureRecord[index].FeatureTag == "locl"
    }
    lookups = {
        lookup
        for index in features
        for lookup in table.FeatureList.FeatureRecord[index].Feature.LookupListIndex
    }
    return {
        glyph: form
        for lookup in sorted(lookups)
        for subtable in table.LookupList.Lookup[lookup].SubTable
        for glyph, form in getattr(
            getattr(subtable, "ExtSubTable", subtable), "mapping", {}
        ).items()
    }
