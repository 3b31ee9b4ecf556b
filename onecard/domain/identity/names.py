"""Names and mobile numbers as people give them, and the forms in which they are compared.

A name is stored and shown exactly as given; the canonical form serves matching only. No NFKC
anywhere: it would change compatibility ideographs that stand in people's names (guarantees 11.2).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from onecard.domain.person import IN_APPLICATION
from onecard.domain.refusal import Fix, FixKind, Refusal

MIDDLE_DOT = "\u00b7"
_DOTS = re.compile("\\s*[\u00b7\u2022\u30fb\u2027\u2219\u22c5\uff65\u0387\u318d]\\s*")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_BLANKS = re.compile(r"\s+")
_FORBIDDEN = re.compile(r"[<>&\"\\/{}\[\]|`~!@#$%^*+=?;:_0-9]")
_ALLOWED = frozenset({"Lo", "Lu", "Ll", "Lt", "Lm", "Mn", "Mc", "Zs"})
_MARKS = frozenset({MIDDLE_DOT, "-", "'", "\u2019", ".", ",", "(", ")"})
_MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
_BETWEEN = re.compile(r"[ \t\u3000()-]")
_ABROAD = re.compile(r"(?:\+|00)?86(?=1[3-9][0-9]{9}$)", re.ASCII)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９＋－", "0123456789+-")


_ZERO = "\u3007"
_RARE = range(0x20000, 0x3FFFE)
"""Planes 2 and 3 hold ideographs only. The tables of Python may be older than the character."""


@dataclass(frozen=True)
class NamePolicy:
    """How long a name may be, in characters."""

    name_longest: int = field(metadata=IN_APPLICATION)


def canonical_name(text: str) -> str:
    """The form in which names are compared: one middle dot, one width, no outer or double blanks.

    Letters are compared without case. Storage and display keep what was given.
    """
    narrow = unicodedata.normalize("NFC", text).translate(_WIDE)
    dotted = _DOTS.sub(MIDDLE_DOT, narrow)
    return _BLANKS.sub(" ", dotted).strip().casefold()


def is_same_name(one: str, other: str) -> bool:
    """Whether two written names are one: dot, width, case and blanks make no difference."""
    return canonical_name(one) == canonical_name(other)


def may_be_name(*, name: str, figures: NamePolicy) -> Refusal | None:
    """Whether this can be somebody's name: not empty, not too long, no signs no name has.

    Rare characters of every plane pass; control characters, markup and emoji do not.
    """
    trimmed = name.strip()
    if not trimmed:
        return _refused("empty", figures, 0)
    if len(trimmed) > figures.name_longest:
        return _refused("length", figures, len(trimmed))
    if not all(_may_stand_in_name(character) for character in _DOTS.sub(MIDDLE_DOT, trimmed)):
        return _refused("charset", figures, len(trimmed))
    return None


def canonical_phone(text: str) -> str:
    """A mobile number as 11 digits: blanks, dashes, full-width digits, +86 and 0086 taken away."""
    return _ABROAD.sub("", _BETWEEN.sub("", text.translate(_FULL_WIDTH)), count=1)


def may_be_phone(*, phone: str) -> Refusal | None:
    """Whether this is a mobile number of the mainland (11 digits; 170 and its like count)."""
    if _MOBILE.fullmatch(canonical_phone(phone)):
        return None
    fix = Fix(FixKind.CHANGE_INPUT, {"field": "phone"})
    return Refusal("person.phone", allowed={"digits": 11}, field="phone", fix=fix)


def _may_stand_in_name(character: str) -> bool:
    if character in _MARKS or character == _ZERO or ord(character) in _RARE:
        return True
    return unicodedata.category(character) in _ALLOWED and not _FORBIDDEN.match(character)


def _refused(why: str, figures: NamePolicy, length: int) -> Refusal:
    return Refusal(
        "person.name",
        facts={"why": f"@person.why.{why}"},
        measured={"length": length},
        allowed={"longest": figures.name_longest},
        field="name",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "name"}),
    )
