"""Reads a JSON body and refuses what two parsers could read in two ways (guarantees 10.5).

Refused with a named code: more than the size limit, not UTF-8, a byte-order mark, lone surrogates
and NUL (which not every database keeps), duplicate keys, nesting beyond the limit, numbers that are
no numbers (`NaN`, `1e400`).
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from onecard.domain.refusal import Refusal, Refused

BODY_BYTES = 1 << 20
DEPTH = 32
NO_TEXT = re.compile("[\0\ud800-\udfff]")
BYTE_ORDER_MARK = "\ufeff"


def read(body: bytes) -> Any:
    """The JSON value of a body; an empty body is an empty object.

    Raises `Refused` with `request.body_size`, `.encoding`, `.duplicate_key`, `.depth` or `.syntax`.
    """
    if len(body) > BODY_BYTES:
        raise _refused("body_size", measured={"bytes": len(body)}, allowed={"max": BODY_BYTES})
    text = _text(body)
    if not text.strip():
        return {}
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except RecursionError:
        raise _refused("depth", allowed={"max": DEPTH}) from None
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise _refused("syntax", measured=place) from None
    _check(value, 1)
    return value


def _text(body: bytes) -> str:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused("encoding", measured={"byte": error.start}) from None
    if text.startswith(BYTE_ORDER_MARK):
        raise _refused("encoding", measured={"byte": 0})
    return text


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            raise _refused("duplicate_key", measured={"key": key[:40]})
        seen[key] = value
    return seen


def _no_constant(name: str) -> Any:
    raise _refused("number", measured={"number": name})


def _check(value: Any, depth: int) -> None:
    if depth > DEPTH:
        raise _refused("depth", allowed={"max": DEPTH})
    if isinstance(value, dict):
        for key, inner in value.items():
            _check(key, depth)
            _check(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth + 1)
    elif isinstance(value, float) and not math.isfinite(value):
        raise _refused("number", measured={"number": "infinity"})
    elif isinstance(value, str) and (odd := NO_TEXT.search(value)):
        raise _refused("encoding", measured={"byte": f"U+{ord(odd.group()):04X}"})


def _refused(reason: str, **facts: Any) -> Refused:
    return Refused(Refusal(f"request.{reason}", **facts))
