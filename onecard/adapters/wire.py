"""How values travel: JSON with the other side's field names and codes, read back without mercy.

One converter per partner serves both ends, so that the real client and the simulation cannot drift
apart. Reading converts nothing by guess: a number is no text, `"false"` is no truth, a string has a
limit. Whatever does not fit raises `Malformed`.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Generic, TypeVar

import cattrs
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

MAX_TEXT = 2000
"""Characters of one text field; files and portraits travel as base64 and have their own limit."""
MAX_CONTENT = 16 * 1024 * 1024

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")
Codes = Mapping[Any, str]
Names = Mapping[str, Any]
"""By field: what `named` and `coded` make."""


class Malformed(ValueError):
    """What arrived is not what was agreed. Carries no value of it."""


@dataclass(frozen=True)
class Verb(Generic[Ask, Answer]):
    """One thing a partner can be asked. Every verb may be repeated unless it says otherwise.

    Repeating is safe because it only reads, or because the partner knows the message id, the file
    name or the number again.
    """

    name: str
    ask: type[Ask]
    answer: type[Answer]
    repeatable: bool = True


@dataclass(frozen=True)
class Done:
    """The answer of a verb that has nothing to tell."""


def converter(*, names: Mapping[type, Names], codes: Mapping[type[Enum], Codes]) -> Converter:
    """A strict converter with the other side's `names` of fields and `codes` of enums."""
    made = Converter(detailed_validation=False)
    for plain in (str, int, bool):
        made.register_structure_hook(plain, _strictly(plain))
    made.register_structure_hook(bytes, _content)
    made.register_unstructure_hook(bytes, lambda value: base64.b64encode(value).decode())
    made.register_structure_hook(date, lambda value, _: date.fromisoformat(_text(value)))
    made.register_unstructure_hook(date, date.isoformat)
    made.register_structure_hook(datetime, _instant)
    made.register_unstructure_hook(datetime, datetime.isoformat)
    for kind, table in codes.items():
        _register_codes(made, kind, table)
    for shape, fields in names.items():
        _register_names(made, shape, fields)
    return made


def named(name: str) -> Any:
    """The field's name on the other side."""
    return override(rename=name)


def coded(name: str, codes: Mapping[str, str]) -> Any:
    """A text field by another name, whose known values are codes there; others pass unchanged."""
    keys = {code: key for key, code in codes.items()}
    return override(
        rename=name,
        struct_hook=lambda value, _: keys.get(_text(value), value),
        unstruct_hook=lambda value: codes.get(value, value),
    )


def write(made: Converter, value: object) -> bytes:
    """A dataclass as JSON."""
    return json.dumps(made.unstructure(value), ensure_ascii=False).encode()


def read(made: Converter, body: bytes, shape: type[Answer]) -> Answer:
    """JSON as a dataclass. Raises `Malformed`."""
    return structure(made, read_json(body), shape)


def read_json(body: bytes) -> dict[str, Any]:
    """A JSON object. Raises `Malformed` for anything else."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as broken:
        raise Malformed("not JSON") from broken
    if not isinstance(value, dict):
        raise Malformed("not a JSON object")
    return value


def structure(made: Converter, value: object, shape: type[Answer]) -> Answer:
    """Plain values as a dataclass. Raises `Malformed`."""
    try:
        return made.structure(value, shape)
    except (ValueError, TypeError, KeyError, AttributeError, cattrs.BaseValidationError) as broken:
        message = f"not a {getattr(shape, '__name__', 'value')}"
        raise Malformed(message) from broken


def _strictly(kind: type) -> Any:
    def hook(value: object, _: object) -> object:
        if type(value) is not kind:
            message = f"not a {kind.__name__}"
            raise Malformed(message)
        return _text(value) if kind is str else value

    return hook


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT or "\0" in value:
        raise Malformed("not a text")
    return value


def _content(value: object, _: object) -> bytes:
    if not isinstance(value, str) or len(value) > MAX_CONTENT:
        raise Malformed("not a content")
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as broken:
        raise Malformed("not base64") from broken


def _instant(value: object, _: object) -> datetime:
    at = datetime.fromisoformat(_text(value))
    if at.tzinfo is None:
        raise Malformed("an instant without zone")
    return at


def _register_codes(made: Converter, kind: type[Enum], codes: Codes) -> None:
    members = {code: member for member, code in codes.items()}
    made.register_structure_hook(kind, lambda value, _: members[_text(value)])
    made.register_unstructure_hook(kind, lambda member: codes[member])


def _register_names(made: Converter, shape: type, names: Names) -> None:
    if not is_dataclass(shape):
        raise TypeError(shape)
    made.register_structure_hook(shape, make_dict_structure_fn(shape, made, **names))
    made.register_unstructure_hook(shape, make_dict_unstructure_fn(shape, made, **names))
