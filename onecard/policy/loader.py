"""Fills a room's figures (a frozen dataclass) with the values in force on a day."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar, cast

import cattrs

from onecard.policy.pack import Pack, find_pack

Shape = TypeVar("Shape")

DEFAULT_PACK = "changzhou"
_installed: list[str] = [DEFAULT_PACK]
_replaced: ContextVar[str | None] = ContextVar("policy_pack", default=None)

_converter = cattrs.Converter(forbid_extra_keys=True)
_converter.register_structure_hook(date, lambda value, _: value)
_converter.register_structure_hook(datetime, lambda value, _: value)


class NoFigureInForce(Exception):
    """A figure is asked for a day on which none is in force: stop, never guess."""

    def __init__(self, room: str, key: str, on: date) -> None:
        super().__init__(f"no figure in force: {room}.{key} on {on.isoformat()}")
        self.room, self.key, self.on = room, key, on


def use_pack(name_or_folder: str) -> None:
    """Choose the city of this installation. Raises as `find_pack`."""
    find_pack(name_or_folder)
    _installed[0] = name_or_folder


@contextmanager
def in_pack(name_or_folder: str) -> Iterator[Pack]:
    """Another city's figures for the length of a block: for tests and the policy lab."""
    token = _replaced.set(name_or_folder)
    try:
        yield find_pack(name_or_folder)
    finally:
        _replaced.reset(token)


def pack_name() -> str:
    """The pack whose figures are in force here."""
    return _replaced.get() or _installed[0]


def in_force(room: str, shape: type[Shape], *, on: date) -> Shape:
    """The figures of `room` on the local day `on`, as the dataclass `shape`.

    Each field of `shape` is one table of `<room>.toml`; a field that borrows a figure says in its
    metadata from which `room` and under which `key`. Raises `NoFigureInForce` when a field has no
    value on that day.
    """
    return cast("Shape", _in_force(pack_name(), room, cast("Hashable", shape), on))


@lru_cache(maxsize=4096)
def _in_force(name: str, room: str, shape: Any, on: date) -> Any:
    pack = find_pack(name)
    raw: dict[str, Any] = {}
    for field in fields(shape):
        home, key = field.metadata.get("room", room), field.metadata.get("key", field.name)
        figure = pack.figures.get((home, key))
        value = figure.on(on) if figure else None
        if value is None:
            raise NoFigureInForce(home, key, on)
        raw[field.name] = value.value
    return _converter.structure(raw, shape)
