"""Texts for a person, from the facts that were kept when the text was first sent.

A kept fact is plain JSON: text, a number, a day as `2026-03-05`, an instant as
`2026-03-05T01:00:00+00:00`, or a name in every language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from onecard.domain.refusal import Fact
from onecard.words.speech import text

_A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_AN_INSTANT = re.compile(rf"{_A_DAY.pattern}T\d{{2}}:\d{{2}}[\d:.]*[+-]\d{{2}}:\d{{2}}")


def message(key: str, language: str, facts: Mapping[str, Any]) -> str:
    """The text of a message in one language. Raises `MissingWord`."""
    return text(key, language, **{name: _fact(value, language) for name, value in facts.items()})


def _fact(value: Any, language: str) -> Fact:
    if isinstance(value, Mapping):
        return str(value.get(language) or value.get("zh", ""))
    if isinstance(value, str) and _A_DAY.fullmatch(value):
        return date.fromisoformat(value)
    if isinstance(value, str) and _AN_INSTANT.fullmatch(value):
        return datetime.fromisoformat(value)
    return value if value is None or isinstance(value, (str, int, float)) else str(value)
