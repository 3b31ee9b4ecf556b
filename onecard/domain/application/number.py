"""受理号: the number people hold in their hands; a slip of the pen is found by its last digit."""

from __future__ import annotations

import re
from datetime import date

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_10

CHANCE_DIGITS = 8
_WHOLE = re.compile(r"[0-9]{15}", re.ASCII)
_GROUPS = ((0, 6), (6, 10), (10, 14), (14, 15))
_BETWEEN = str.maketrans("", "", " -\u3000")


def receipt_number(*, day: date, chance: str) -> str:
    """Six digits for the day, eight of chance, one check digit (ISO 7064 MOD 11-10).

    Nothing in it tells who or how many; chance keeps one person from guessing another's.
    """
    body = f"{day:%y%m%d}{chance}"
    return body + str(mod_11_10.calc_check_digit(body))


def plain(text: str) -> str:
    """A number as it was typed or read out, without the gaps between its groups."""
    return text.translate(_BETWEEN)


def is_receipt_number(text: str) -> bool:
    """Whether the text is such a number, typed with or without gaps."""
    number = plain(text)
    if not _WHOLE.fullmatch(number):
        return False
    try:
        mod_11_10.validate(number)
    except ValidationError:
        return False
    return True


def grouped(number: str) -> str:
    """As it is shown and read out: `260302 4839 2011 7`."""
    return " ".join(number[start:end] for start, end in _GROUPS)
