"""A policy pack: one folder of TOML files, one file per room, one table per figure.

[temporary_valid_days]
title  = "人社功能临时挂失有效期"
unit   = "day"
values = [{ from = 2021-06-22, value = 7, standing = "provincial", source = "..." }]
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

STANDINGS = ("seed", "city", "provincial", "national", "other_city", "assumption")
CITIES = Path(__file__).parent / "cities"


@dataclass(frozen=True)
class Value:
    """One dated value of a figure: in force from `since` until the next value begins."""

    since: date
    value: Any
    standing: str
    source: str
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A figure with everything that was ever in force, oldest first."""

    room: str
    key: str
    title: str
    unit: str
    values: tuple[Value, ...]
    also: tuple[Any, ...] = ()

    def on(self, day: date) -> Value | None:
        """The value in force on `day`, or None."""
        in_force = [value for value in self.values if value.since <= day]
        return in_force[-1] if in_force else None


@dataclass(frozen=True)
class Pack:
    """A city's figures. `version` changes whenever one byte of the pack changes."""

    name: str
    version: str
    figures: dict[tuple[str, str], Figure]

    def rooms(self) -> tuple[str, ...]:
        """The rooms that have figures, sorted."""
        return tuple(sorted({room for room, _ in self.figures}))

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.figures[key] for key in sorted(self.figures))


def pack_names() -> tuple[str, ...]:
    """The packs that ship with onecard."""
    return tuple(sorted(folder.name for folder in CITIES.iterdir() if folder.is_dir()))


@lru_cache(maxsize=8)
def find_pack(name_or_folder: str) -> Pack:
    """Read a pack by its name, or from a folder outside the package.

    Raises `FileNotFoundError` if there is no such pack, `ValueError` for a figure without its
    title, unit, source or standing, or with values out of order.
    """
    named = CITIES / name_or_folder.replace("-", "_")
    folder = named if named.is_dir() else Path(name_or_folder)
    files = sorted(folder.glob("*.toml"))
    if not files:
        message = f"no policy pack {name_or_folder!r}; there are: {', '.join(pack_names())}"
        raise FileNotFoundError(message)
    figures = {}
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        digest.update(file.name.encode() + content)
        for key, table in tomllib.loads(content.decode()).items():
            figures[file.stem, key] = _figure(file.stem, key, table)
    return Pack(folder.name.replace("_", "-"), digest.hexdigest()[:12], figures)


def _figure(room: str, key: str, table: dict[str, Any]) -> Figure:
    try:
        values = tuple(
            Value(v["from"], _frozen(v["value"]), v["standing"], v["source"], v.get("note", ""))
            for v in table["values"]
        )
        figure = Figure(
            room, key, table["title"], table["unit"], values, tuple(table.get("also", ()))
        )
    except KeyError as missing:
        message = f"{room}.toml [{key}] lacks {missing}"
        raise ValueError(message) from missing
    _check(figure)
    return figure


def _check(figure: Figure) -> None:
    days = [value.since for value in figure.values]
    wrong = [v.standing for v in figure.values if v.standing not in STANDINGS]
    if not days or days != sorted(set(days)) or wrong:
        where = f"{figure.room}.toml [{figure.key}]"
        message = f"{where}: values must be dated, ascending, with a known standing"
        raise ValueError(message)


def _frozen(value: Any) -> Any:
    """Lists become tuples, so that nobody changes a figure; the word "none" becomes None."""
    if value == "none":
        return None
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return value
