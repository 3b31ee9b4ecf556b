"""Exchange files as the rules see them: identity, direction, day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from onecard import words
from onecard.domain import exchange
from onecard.domain.exchange import FileKind, Header
from onecard.domain.refusal import Refusal
from tests import cast

HEADER = Header(FileKind.ACCOUNT_RETURN, "icbc", cast.MONDAY, 7, cast.MONDAY_9AM)


def test_the_name_of_a_file_says_what_its_header_says() -> None:
    """文件名 = 机构-类型-业务日期-编号。"""
    assert HEADER.name == "icbc-account_return-20260302-000007.csv"
    assert replace(HEADER, kind=FileKind.CARD_ORDER).name.endswith(".txt")


def test_a_file_of_tomorrow_is_refused_and_of_today_is_not() -> None:
    """业务日期不得晚于今天。"""
    assert exchange.is_from_the_future(header=HEADER, today=cast.MONDAY) is None
    yesterday = cast.MONDAY - timedelta(days=1)
    refusal = exchange.is_from_the_future(header=HEADER, today=yesterday)
    assert refusal is not None
    assert refusal.code == "exchange.from_the_future"
    assert words.explain(refusal).next


@pytest.mark.parametrize("kind", FileKind)
def test_only_return_files_are_imported(kind: FileKind) -> None:
    """只导入回盘文件。"""
    refusal = exchange.is_a_return(header=replace(HEADER, kind=kind))
    assert (refusal is None) == (kind in exchange.RETURNS)


def test_the_same_name_with_other_content_is_refused() -> None:
    """同名不同内容拒绝导入;同名同内容不变。"""
    assert exchange.is_same_content(name=HEADER.name, known_digest="a", digest="a") is None
    refusal = exchange.is_same_content(name=HEADER.name, known_digest="a", digest="b")
    assert isinstance(refusal, Refusal)
    assert words.explain(refusal, "en").headline.startswith("File icbc-account_return")
