"""Questions in words: labels, hints, errors by cause; what was typed stays."""

from __future__ import annotations

from datetime import date

import pytest
from django.template import engines

from onecard import words
from onecard.web.forms import folded
from onecard.web.reader import Reader
from onecard.web.style.forms import WRONG, EveryKind


def drawn(template: str, **context: object) -> str:
    made = engines["django"].from_string("{% load words look %}" + template)
    return str(made.render({"reader": Reader(), **context}))


def test_each_cause_has_its_own_sentence() -> None:
    """空、太长、日期不存在、没选、没勾,各有各的说法。"""
    form = EveryKind(WRONG, language="zh")
    said = {problem.anchor: problem.sentence for problem in form.problems()}
    assert said["name"] == "姓名最多20个字"
    assert said["phone"] == "填写手机号码"
    assert said["expiry_year"] == "证件有效期至里的日期不存在，核对年、月、日"
    assert said["bank_0"] == "选择银行"
    assert said["agree"] == "勾选「我知道邮费到付」才能继续"


@pytest.mark.parametrize("code", ["null_characters_not_allowed", "min_value", "max_value"])
@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_check_of_the_framework_speaks_our_words(code: str, language: str) -> None:
    """框架自带的检查，也用我们的话说。"""
    assert words.has(f"common.error.{code}", language)


def test_an_unseen_character_is_said_in_the_readers_language() -> None:
    form = EveryKind({**WRONG, "phone": "138\x00"}, language="zh")
    said = {problem.anchor: problem.sentence for problem in form.problems()}
    assert said["phone"] == "手机号码里有看不见的字符，删去后重新输入"


def test_the_summary_and_the_field_say_the_same_word_for_word() -> None:
    form = EveryKind(WRONG, language="en")
    for problem in form.problems():
        assert problem.sentence in form.errors.as_json().encode().decode("unicode_escape")


def test_a_wrong_field_keeps_what_was_typed_and_names_its_error() -> None:
    html = drawn("{% field form.name %}", form=EveryKind(WRONG, language="zh"))
    assert WRONG["name"] in html
    assert 'aria-describedby="name-hint name-error"' in html
    assert 'aria-invalid="true"' in html


def test_a_day_in_three_boxes_keeps_each_box() -> None:
    html = drawn("{% field form.expiry %}", form=EveryKind(WRONG, language="zh"))
    assert 'id="expiry_month" name="expiry_month" value="2"' in html


def test_full_width_digits_make_a_day() -> None:
    """全角数字照样认。"""
    typed = {"expiry_year": "２０３１", "expiry_month": " ５ ", "expiry_day": "２０"}
    form = EveryKind(typed, language="zh")
    assert not form.is_valid()
    assert form.cleaned_data["expiry"] == date(2031, 5, 20)


def test_folding_touches_width_and_outer_space_only() -> None:
    assert folded("　１２Ａ　b ") == "12A b"
    assert folded(None) == ""
    assert folded("𠮷野") == "𠮷野"


@pytest.mark.parametrize("kind", ["ok", "wait", "warn", "stop", "off"])
def test_a_state_is_word_shape_and_colour(kind: str) -> None:
    """状态有文字、有形状、有颜色。"""
    html = drawn("{% tag kind 'ready' %}", kind=kind)
    assert f"tag--{kind}" in html
    assert "<svg" in html
    assert "Ready" in html


def test_words_are_escaped() -> None:
    html = drawn("{% w 'common.error.required' label=evil %}", evil="<script>")
    assert "&lt;script&gt;" in html
    assert "<script>" not in drawn("{% zh evil %}", evil="<script>")
