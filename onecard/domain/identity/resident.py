"""The 18-digit numbers with a birth date inside: GB 11643 and its two relatives.

`stdnum.cn.ric` is not used: it refuses county codes its table does not hold for the birth year,
though living people carry them (I1, I2), all Hong Kong, Macau and Taiwan residence permits, and
all new permanent-residence numbers, whose province stands one place further right (I3); and it
accepts separators. `stdnum.iso7064.mod_11_2` is right and does the arithmetic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from stdnum import numdb
from stdnum.iso7064 import mod_11_2

from onecard.domain.identity.canonical import is_plain
from onecard.domain.identity.kinds import NumberKind, Why, malformed, wrong_check, wrong_length
from onecard.domain.person import Sex
from onecard.domain.refusal import Refusal

_PROVINCES = """
    11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71
"""
PROVINCES = frozenset(_PROVINCES.split())
"""First two digits of GB/T 2260. The county behind them never decides (I1, I2)."""
PERMIT_PROVINCES = frozenset(("81", "82", "83"))
"""Hong Kong, Macau and Taiwan residents living in the mainland (S26)."""
EARLIEST_BIRTH = date(1900, 1, 1)

_WHOLE = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_OLD_RESIDENT = re.compile(r"[0-9]{15}", re.ASCII)
_OLD_PERMANENT = re.compile(r"[A-Z]{3}[0-9]{12}", re.ASCII)
_LENGTH, _OLD_LENGTH = 18, 15
_CENTURY = 100


@dataclass(frozen=True)
class Facts:
    """What a number says about its holder; `sex` is None where the number does not say."""

    born_on: date
    sex: Sex | None = None


def check_resident_id(number: str, *, on: date) -> Refusal | None:
    """居民身份证号码: 18 characters, known province, real past birth date, MOD 11-2."""
    return _check(NumberKind.RESIDENT_ID, number, PROVINCES, number[:2], on)


def check_residence_permit(number: str, *, on: date) -> Refusal | None:
    """港澳台居民居住证: the same form with area 81, 82 or 83."""
    return _check(NumberKind.RESIDENCE_PERMIT, number, PERMIT_PROVINCES, number[:2], on)


def check_permanent_residence(number: str, *, on: date) -> Refusal | None:
    """外国人永久居留证: 15 characters (2017), or 18 digits beginning with 9 (since 2023-12-01)."""
    if len(number) == _OLD_LENGTH:
        return _check_old_permanent(number, on)
    if not number.startswith("9") and _WHOLE.fullmatch(number):
        return malformed(NumberKind.PERMANENT_RESIDENCE, Why.FORM)
    return _check(NumberKind.PERMANENT_RESIDENCE, number, PROVINCES, number[1:3], on)


def facts_in(number: str, *, on: date) -> Facts:
    """Birth date and sex out of a number that was checked before."""
    if len(number) == _OLD_LENGTH:
        return Facts(_plausible_birth(number[7:13], on))
    born_on = _date_of(number[6:14])
    if born_on is None:
        message = "facts are read from checked numbers only"
        raise ValueError(message)
    return Facts(born_on, _sex_in(number) if not number.startswith("9") else None)


def is_county_known(number: str) -> bool:
    """Whether the first six digits are in the published tables, for a remark and nothing more."""
    return any("county" in found for _, found in numdb.get("cn/loc").info(number[:6]))


def upgraded(old_number: str) -> str:
    """The 18-character number of a 15-digit one: offered to a clerk, never put in silently."""
    body = old_number[:6] + "19" + old_number[6:]
    return body + str(mod_11_2.calc_check_digit(body))


def _check(
    kind: NumberKind, number: str, provinces: frozenset[str], province: str, on: date
) -> Refusal | None:
    """Characters, length, province, date, check character: the order in which slips are found."""
    if not is_plain(number):
        return malformed(kind, Why.CHARSET)
    if len(number) != _LENGTH:
        old = _OLD_RESIDENT.fullmatch(number) and kind is NumberKind.RESIDENT_ID
        return wrong_length(kind, len(number), "18", Why.OLD_NUMBER if old else Why.LENGTH)
    if not _WHOLE.fullmatch(number):
        return malformed(kind, Why.CHARSET)
    if province not in provinces:
        return malformed(kind, Why.REGION)
    return _check_date(kind, _date_of(number[6:14]), on) or _check_last(kind, number)


def _check_date(kind: NumberKind, born_on: date | None, on: date) -> Refusal | None:
    if born_on is None or born_on < EARLIEST_BIRTH:
        return malformed(kind, Why.DATE)
    return malformed(kind, Why.DATE_FUTURE) if born_on > on else None


def _check_last(kind: NumberKind, number: str) -> Refusal | None:
    expected = str(mod_11_2.calc_check_digit(number[:-1]))
    return None if number[-1] == expected else wrong_check(kind, number[-1], expected)


def _check_old_permanent(number: str, on: date) -> Refusal | None:
    kind = NumberKind.PERMANENT_RESIDENCE
    if not is_plain(number):
        return malformed(kind, Why.CHARSET)
    if not _OLD_PERMANENT.fullmatch(number):
        return malformed(kind, Why.FORM)
    try:
        _plausible_birth(number[7:13], on)
    except ValueError:
        return malformed(kind, Why.DATE)
    return None


def _plausible_birth(yymmdd: str, on: date) -> date:
    """The latest date with those six digits that does not lie in the future. Raises ValueError."""
    year = on.year - on.year % _CENTURY + int(yymmdd[:2])
    for candidate in (year, year - _CENTURY):
        born_on = _date_of(f"{candidate:04d}{yymmdd[2:]}")
        if born_on is not None and born_on <= on:
            return born_on
    message = "no such birth date in this century or the last"
    raise ValueError(message)


def _date_of(yyyymmdd: str) -> date | None:
    try:
        return date(int(yyyymmdd[:4]), int(yyyymmdd[4:6]), int(yyyymmdd[6:8]))
    except ValueError:
        return None


def _sex_in(number: str) -> Sex:
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
