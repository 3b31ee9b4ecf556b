"""A relation that moves: inside the province nothing to do, outside nothing switched off (15)."""

from __future__ import annotations

import pytest

from onecard import policy, words
from onecard.domain.transfer import (
    RECORDED,
    TransferPolicy,
    is_in_province,
    may_record_transfer,
    provinces,
)
from tests import cast

FIGURES = policy.in_force("card", TransferPolicy, on=cast.MONDAY)


@pytest.mark.rule("SEED, FAQ 7; NATIONAL S19")
def test_inside_the_province_there_is_nothing_to_do() -> None:
    """省内转移,卡继续使用,不需办理手续。"""
    said = is_in_province(to_province="32", figures=FIGURES)
    assert said is not None
    assert "不需办理" in words.notice(said)
    assert is_in_province(to_province="31", figures=FIGURES) is None


def test_the_province_is_a_figure_of_the_city() -> None:
    """省份随城市数据。"""
    with policy.in_pack("shanghai-sample"):
        other = policy.in_force("card", TransferPolicy, on=cast.MONDAY)
    assert is_in_province(to_province="31", figures=other) is not None
    assert is_in_province(to_province="32", figures=other) is None


@pytest.mark.rule("NATIONAL S19, S46")
@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_notice_says_that_the_card_goes_on_and_may_be_cancelled(language: str) -> None:
    """省外转移:不自动停用,可以注销。"""
    text = words.text(f"card.notice.{RECORDED.partition('.')[2]}", language)
    assert ("不会自动停用" in text) or ("not switched off" in text)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_province_has_a_name(language: str) -> None:
    """省份都有中英文名称。"""
    assert len(provinces()) == 32
    assert all(words.text(f"card.province.{code}", language) for code in provinces())


@pytest.mark.parametrize("code", ["", "3", "99", "320", "江苏"])
def test_a_place_that_is_no_province_is_not_written_down(code: str) -> None:
    """省份代码须存在。"""
    refusal = may_record_transfer(to_province=code)
    assert refusal is not None
    assert words.explain(refusal).next
