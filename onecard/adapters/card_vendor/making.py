"""How a simulated card comes out of the machine: its numbers, and what can go wrong.

The numbers follow from seed, application and attempt, and no card number is ever given twice.
"""

from __future__ import annotations

from datetime import date

from onecard.adapters import chance, validity
from onecard.adapters.card_vendor import PrintedCard
from onecard.adapters.store import Shelf

FAILS_ONCE, FAILS_ALWAYS = "920", "921"
"""Magic sequences in the identity number (characters 15 to 17)."""
SPOILT_ENDING = "999"
"""A blank whose serial ends so comes out spoiled."""
_CITY = "320400"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_ANSWER_TO_RESET = "3B6D00000081"
"""TS, T0 (13 historical bytes follow), TB1, TC1, then the bytes of a third-generation card."""


def reason_to_fail(identity_number: str, attempt: int) -> str:
    """Why a card cannot be made in the factory, or an empty string."""
    sequence = identity_number[14:17]
    if sequence == FAILS_ALWAYS:
        return "照片数据损坏,无法打印"
    if sequence == FAILS_ONCE and attempt <= 1:
        return "芯片写入失败"
    return ""


def make(shelf: Shelf, *, seed: int, application: str, attempt: str, today: date) -> PrintedCard:
    """A new card."""
    made_as = (seed, "card", application, attempt)
    return PrintedCard(
        card_number=_new_number(shelf, seed, application, attempt),
        card_identifier=_CITY + chance.hexadecimal(26, *made_as),
        answer_to_reset=_ANSWER_TO_RESET + chance.hexadecimal(22, *made_as, "reset"),
        issued_on=today,
        valid_to=validity.last_day(today),
    )


def _new_number(shelf: Shelf, seed: int, application: str, attempt: str) -> str:
    """A letter and eight digits (社会保障卡卡号 has nine characters)."""
    salt = 0
    while True:
        digits = chance.digits(10, seed, "card number", application, attempt, str(salt))
        number = _LETTERS[int(digits[:2]) % len(_LETTERS)] + digits[2:]
        if shelf.add("card number", number, {}):
            return number
        salt += 1
