"""The one written form in which numbers are compared, indexed and stored (guarantees R20).

No general NFKC: it would turn a superscript two into a two. No `str.isdigit`: it calls
Arabic-Indic digits digits. Only full-width digits and X are folded, as an input method writes them.
"""

from __future__ import annotations

import re

_FOLDED = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789XX")
_SMALL = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_BLANKS = " \t\r\n\u3000"
_PLAIN = re.compile(r"[0-9A-Z]+", re.ASCII)


def canonical(text: str) -> str:
    """The number as it is compared: full-width digits and X folded, trimmed, upper-case.

    Never raises and never drops a character from inside; `is_plain` judges what comes out.
    """
    return text.strip(_BLANKS).translate(_FOLDED).translate(_SMALL)


def is_plain(number: str) -> bool:
    """Whether a canonical number consists of ASCII digits and capital letters only."""
    return _PLAIN.fullmatch(number) is not None


def is_same_number(one: str, other: str) -> bool:
    """Whether two written numbers are one: `x` and `X`, or a blank behind, make no difference."""
    return canonical(one) == canonical(other)
