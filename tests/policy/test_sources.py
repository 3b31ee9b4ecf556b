"""A source in brackets is one that a reader can look up."""

import re
from pathlib import Path

import pytest

from onecard import policy

SOURCES = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
MARK = re.compile(r"(?<![A-Za-z])([SCK]\d+)(?!\d)")


@pytest.mark.parametrize("name", policy.pack_names())
def test_every_mark_of_a_source_is_explained(name: str) -> None:
    """出处的代号都能查到。"""
    explained = set(MARK.findall(SOURCES))
    for figure in policy.find_pack(name):
        cited = [value.source + value.note for value in figure.values]
        cited += [loser["source"] for loser in figure.also]
        assert set(MARK.findall("".join(cited))) <= explained, f"{figure.room}.{figure.key}"
