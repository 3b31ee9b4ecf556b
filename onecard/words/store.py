"""Reads the word files once and flattens them to `room.path.to.word -> sentence`."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

LANGUAGES = ("zh", "en")
_FOLDER = Path(__file__).parent


@lru_cache(maxsize=len(LANGUAGES))
def words_of(language: str) -> dict[str, str]:
    """Every word of one language by its key."""
    flat: dict[str, str] = {}
    for file in sorted((_FOLDER / language).glob("*.toml")):
        with file.open("rb") as stream:
            _flatten(file.stem, tomllib.load(stream), flat)
    return flat


def all_keys(language: str) -> frozenset[str]:
    """The keys of one language; equal for all languages (house test)."""
    return frozenset(words_of(language))


def raw(key: str, language: str = "zh") -> str:
    """The sentence as it stands in the file, facts not filled in; empty if there is none."""
    return words_of(language).get(key, "")


def has(key: str, language: str = "zh") -> bool:
    """Whether there is a word for `key`."""
    return key in words_of(language)


def _flatten(prefix: str, table: dict[str, Any], into: dict[str, str]) -> None:
    for key, value in table.items():
        path = f"{prefix}.{key}"
        if isinstance(value, dict):
            _flatten(path, value, into)
        else:
            into[path] = str(value)
