"""Numbers of employers, bank cards, parcels and cards: what is known about things, not people."""

from __future__ import annotations

import re
from datetime import date

from stdnum import luhn
from stdnum.cn import uscc

from onecard.domain.identity.canonical import is_plain
from onecard.domain.identity.kinds import NumberKind, Why, malformed, wrong_check, wrong_length
from onecard.domain.refusal import Refusal

_CREDIT_LENGTH = 18
_CREDIT_CODE = re.compile(
    r"[0-9ABCDEFGHJKLMNPQRTUWXY]{2}[0-9]{6}[0-9ABCDEFGHJKLMNPQRTUWXY]{10}", re.ASCII
)
_BANK_CARD = re.compile(r"62[0-9]{14,17}", re.ASCII)
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_EMS_PLAIN = re.compile(r"[0-9]{13}", re.ASCII)
_S10 = re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}", re.ASCII)
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_S10_MODULUS = 11
_CARD_NUMBER_LENGTH = 9
_CARD_IDENTIFIER = re.compile(r"[0-9A-F]{32}", re.ASCII)


def check_credit_code(number: str, *, on: date) -> Refusal | None:
    """统一社会信用代码 (GB 32100).

    The check character is `stdnum`'s; its form test is not, because it wants a digit where the
    standard has a letter (department N, Y and A).
    """
    del on
    kind = NumberKind.CREDIT_CODE
    if not is_plain(number):
        return malformed(kind, Why.CHARSET)
    if len(number) != _CREDIT_LENGTH:
        return wrong_length(kind, len(number), "18")
    if not _CREDIT_CODE.fullmatch(number):
        return malformed(kind, Why.FORM)
    expected = str(uscc.calc_check_digit(number[:-1]))
    return None if number[-1] == expected else wrong_check(kind, number[-1], expected)


def check_bank_card(number: str, *, on: date) -> Refusal | None:
    """银行卡号: 16 to 19 digits beginning with 62, Luhn. No table of issuers in code."""
    del on
    kind = NumberKind.BANK_CARD
    if not _DIGITS.fullmatch(number):
        return malformed(kind, Why.CHARSET)
    if not _BANK_CARD.fullmatch(number):
        return malformed(kind, Why.FORM)
    expected = str(luhn.calc_check_digit(number[:-1]))
    return None if number[-1] == expected else wrong_check(kind, number[-1], expected)


def check_ems(number: str, *, on: date) -> Refusal | None:
    """EMS: 13 digits (they carry no check), or UPU S10 with its check digit."""
    del on
    kind = NumberKind.EMS
    if not is_plain(number):
        return malformed(kind, Why.CHARSET)
    if _EMS_PLAIN.fullmatch(number):
        return None
    if not _S10.fullmatch(number):
        return malformed(kind, Why.FORM)
    expected = s10_check_digit(number[2:10])
    return None if number[10] == expected else wrong_check(kind, number[10], expected)


def s10_check_digit(body: str) -> str:
    """The check digit for the eight digits of an S10 number: 10 becomes 0, 11 becomes 5."""
    weighted = sum(int(digit) * weight for digit, weight in zip(body, _S10_WEIGHTS, strict=True))
    left = _S10_MODULUS - weighted % _S10_MODULUS
    return {10: "0", 11: "5"}.get(left, str(left))


def check_card_number(number: str, *, on: date) -> Refusal | None:
    """社会保障卡卡号: 9 characters, another one with every card. It carries no check."""
    del on
    if not is_plain(number):
        return malformed(NumberKind.CARD_NUMBER, Why.CHARSET)
    if len(number) != _CARD_NUMBER_LENGTH:
        return wrong_length(NumberKind.CARD_NUMBER, len(number), "9")
    return None


def check_card_identifier(number: str, *, on: date) -> Refusal | None:
    """卡识别码: 32 hexadecimal characters (16 bytes). It carries no check."""
    del on
    if _CARD_IDENTIFIER.fullmatch(number):
        return None
    return malformed(NumberKind.CARD_IDENTIFIER, Why.FORM)
