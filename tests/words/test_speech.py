"""How refusals are put into one line, as beside a field or in a history."""

from __future__ import annotations

import pytest

from onecard import words
from onecard.domain.refusal import Refusal


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("zh", "须出示原件。带原件再办。"),
        ("en", "The original must be shown. Come back"),
    ],
)
def test_answer_and_next_step_are_two_sentences(language: str, line: str) -> None:
    """一行里的两句话,中间有句号。"""
    said = words.in_one_breath(Refusal("documents.not_original"), language)
    assert said.startswith(line)


def test_no_line_has_two_stops() -> None:
    assert "。。" not in words.in_one_breath(Refusal("documents.conflict"))
