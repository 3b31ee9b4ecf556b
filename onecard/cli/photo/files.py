"""The files a photo command is asked about: what a folder holds, never more than the limit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import typer

from onecard.queries import photo as queries
from onecard.seams.clock import local_day
from onecard.seams.world import world

_KINDS = ("jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "tif", "tiff", "webp", "heic", "avif")
PICTURES = frozenset(f".{kind}" for kind in _KINDS)
"""What a folder is searched for."""


def the_day() -> date:
    """The day whose norm is asked."""
    return local_day(world().clock.now())


def found(paths: Iterable[Path]) -> list[Path]:
    """The files themselves, and every picture in the folders, in the order of their names."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.suffix.lower() in PICTURES and p.is_file())
            files += sorted(inside)
        elif path.is_file():
            files.append(path)
        else:
            raise typer.BadParameter(f"{path} is neither a file nor a folder")
    if not files:
        raise typer.BadParameter("there is no picture in there")
    return files


def read(file: Path, day: date) -> bytes:
    """The file, but never more than one byte behind the limit."""
    with file.open("rb") as stream:
        return queries.bounded(stream, on=day)
