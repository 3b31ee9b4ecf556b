"""The receipt number: every slip of the pen is found, and it tells nothing about anybody."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.domain.application import grouped, is_receipt_number, plain, receipt_number

CHANCE = st.text("0123456789", min_size=8, max_size=8)


def test_it_begins_with_the_day_and_ends_with_a_check_digit() -> None:
    """受理号:年月日6位、随机8位、校验1位。"""
    number = receipt_number(day=date(2026, 3, 2), chance="12345678")
    assert number == "260302123456785"
    assert grouped(number) == "260302 1234 5678 5"


@given(CHANCE)
def test_it_is_recognised_however_it_is_typed(chance: str) -> None:
    """可带空格、横线输入。"""
    number = receipt_number(day=date(2026, 3, 2), chance=chance)
    assert is_receipt_number(number)
    assert is_receipt_number(grouped(number))
    assert plain(grouped(number).replace(" ", "-")) == number


@given(CHANCE, st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(chance: str, place: int, more: int) -> None:
    """任何一位写错都能发现。"""
    number = receipt_number(day=date(2026, 3, 2), chance=chance)
    wrong = str((int(number[place]) + more) % 10)
    assert not is_receipt_number(number[:place] + wrong + number[place + 1 :])


@pytest.mark.parametrize("text", ["", "26030212345678", "2603021234567856", "２６０３０２", "abc"])
def test_what_is_no_number_is_none(text: str) -> None:
    """长度、字符不对的不是受理号。"""
    assert not is_receipt_number(text)
