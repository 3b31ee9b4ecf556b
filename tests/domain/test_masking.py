"""Personal values are shown so that nobody is found by them (guarantees 11.3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.domain.masking import last4, mask_address, mask_name, mask_number, mask_phone
from tests import cast


@pytest.mark.rule("guarantees 11.3")
def test_a_number_shows_its_first_and_last_character_only() -> None:
    """证件号码只显示首尾各一位。"""
    assert mask_number(cast.ADULT) == "3****************4"
    assert mask_number("E12345678") == "E*******8"
    assert mask_number("1234") == "****"
    assert mask_number("") == ""


@given(st.text(min_size=1))
def test_a_masked_number_is_as_long_and_tells_at_most_two_characters(number: str) -> None:
    masked = mask_number(number)
    assert len(masked) == len(number)
    assert masked.count("*") >= len(number) - 2
    assert len(number) > 4 or set(masked) == {"*"}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("王小明", "王*"),
        ("欧阳修", "欧阳*"),
        ("欧阳", "欧*"),
        ("司马相如", "司马*"),
        ("諸葛亮", "諸葛*"),
        ("阿卜杜拉·买买提", "阿*"),
        ("John Smith", "J*"),
        ("𠮷田", "𠮷*"),
        (" 张三 ", "张*"),
        ("", ""),
    ],
)
def test_a_name_shows_the_surname_only(name: str, shown: str) -> None:
    """只显示姓氏，复姓显示两个字。"""
    assert mask_name(name) == shown


def test_a_telephone_number_shows_three_digits_and_four() -> None:
    assert mask_phone("13800138000") == "138****8000"
    assert mask_phone("8613800138000") == "861******8000"
    assert mask_phone("12345") == "*****"
    assert mask_phone("") == ""


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("江苏省常州市天宁区雕庄街道1号3幢502室", "江苏省常州市天宁区****"),
        ("常州市天宁区雕庄街道", "常州市天宁区****"),
        ("天宁区雕庄街道", "天宁区****"),
        ("江苏省常州市溧阳市昆仑街道", "江苏省常州市溧阳市****"),
        ("北京市朝阳区建国路1号", "北京市朝阳区****"),
        ("内蒙古自治区呼和浩特市新城区1号", "内蒙古自治区呼和浩特市新城区****"),
        ("阳光小区3幢502", "****"),
        ("常州市阳光小区3幢502", "常州市****"),
        ("常州市雕庄街道工业园区3号", "常州市****"),
        ("新疆维吾尔自治区伊犁哈萨克自治州伊宁市1号", "新疆维吾尔自治区伊犁哈萨克自治州伊宁市****"),
        ("1 Sample Road", "****"),
        ("", ""),
    ],
)
def test_an_address_is_shown_as_far_as_the_district(address: str, shown: str) -> None:
    assert mask_address(address) == shown


@given(st.text())
def test_no_address_shows_a_house_number(address: str) -> None:
    shown = mask_address(f"江苏省常州市天宁区{address}")
    assert shown == "江苏省常州市天宁区****"


def test_a_bank_card_shows_its_last_four_digits() -> None:
    assert last4("6214990000000019") == "****0019"
    assert last4("123456789") == "****6789"
    assert last4("12345678") == "********"
    assert last4("1234") == "****"
    assert last4("") == ""
