"""Passports, permits for travel, and the social security number of a foreigner: form only."""

from __future__ import annotations

import re
from datetime import date

from onecard.domain.identity.canonical import is_plain
from onecard.domain.identity.kinds import NumberKind, Why, malformed, wrong_length
from onecard.domain.identity.resident import (
    PERMIT_PROVINCES,
    check_permanent_residence,
    check_residence_permit,
    check_resident_id,
)
from onecard.domain.refusal import Refusal

_HK_MACAU = re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?", re.ASCII)
_TAIWAN = re.compile(r"[0-9]{8}|(?=.{10}$)[0-9]+[A-Z][0-9]*", re.ASCII)
_FOREIGNER = re.compile(r"[A-Z]{3}[0-9][0-9A-Z]{1,14}", re.ASCII)
_PASSPORT_SHORTEST, _PASSPORT_LONGEST = 5, 20
_LONGEST_SOCIAL_SECURITY = 18
_RESERVED = "0"


def check_travel_permit(number: str, *, on: date) -> Refusal | None:
    """来往内地通行证: H or M and 8 digits, older 2 more; Taiwan 8 digits, older 10 characters."""
    del on
    kind = NumberKind.TRAVEL_PERMIT
    if not is_plain(number):
        return malformed(kind, Why.CHARSET)
    if _HK_MACAU.fullmatch(number) or _TAIWAN.fullmatch(number):
        return None
    return malformed(kind, Why.FORM)


def check_passport(number: str, *, on: date) -> Refusal | None:
    """护照: 5 to 20 letters and digits, kept as given, upper-case."""
    del on
    if not is_plain(number):
        return malformed(NumberKind.PASSPORT, Why.CHARSET)
    if _PASSPORT_SHORTEST <= len(number) <= _PASSPORT_LONGEST:
        return None
    return wrong_length(NumberKind.PASSPORT, len(number), "5-20")


def check_foreigner_social_security(number: str, *, on: date) -> Refusal | None:
    """外国人社会保障号码: country (3 letters), one reserved digit, document number; at most 18.

    The annex of Decree 16 could not be read, so that everything known of it stands here (5.3).
    Holders of the new permanent-residence card use that number itself.
    """
    kind = NumberKind.FOREIGNER_SOCIAL_SECURITY
    if not is_plain(number):
        return malformed(kind, Why.CHARSET)
    if len(number) > _LONGEST_SOCIAL_SECURITY:
        return wrong_length(kind, len(number), "18")
    if number.startswith("9"):
        return check_permanent_residence(number, on=on)
    return None if _FOREIGNER.fullmatch(number) else malformed(kind, Why.FORM)


def foreigner_number(*, country: str, document: str) -> str:
    """The social security number of a passport holder, as far as the form is known (5.3).

    Country, the reserved digit 0, the document number. A number too long for that stands for
    itself: cutting it could make one person of two.
    """
    whole = f"{country}{_RESERVED}{document}"
    return whole if len(whole) <= _LONGEST_SOCIAL_SECURITY else document


def check_social_security(number: str, *, on: date) -> Refusal | None:
    """社会保障号码: the citizen's ID number, the residence-permit number, or a foreigner's own."""
    if number[:1] == "9" or number[:1].isalpha():
        return check_foreigner_social_security(number, on=on)
    if number[:2] in PERMIT_PROVINCES:
        return check_residence_permit(number, on=on)
    return check_resident_id(number, on=on)
