"""What the darkroom is asked: measure a file, look at the person in it, mend it. Answers checked.

Every file is opened by a child with limits (`line.py`); what the child says is believed no further
than it can be checked.
"""

from __future__ import annotations

import base64
import math
from dataclasses import asdict, replace
from typing import Any

import cattrs

from onecard.adapters.portrait.line import DidNotSurvive, Limits, ask
from onecard.domain.photo.facts import ORIENTATIONS, PhotoFile
from onecard.domain.photo.judging import Caps
from onecard.domain.photo.mending import Made, Mending
from onecard.domain.photo.seen import Optics, Seen

_converter = cattrs.Converter()
_PERCENT = 100


def measure(content: bytes, caps: Caps, limits: Limits | None = None) -> PhotoFile:
    """What can be said of a file. Raises `DidNotSurvive`; `HoldsRows` inside an act."""
    said = ask({"ask": "measure", "with": asdict(caps)}, content, limits or Limits())
    try:
        file = _converter.structure(said["file"], PhotoFile)
    except Exception as odd:
        raise DidNotSurvive("no measures") from odd
    if not _can_be_believed(file, content):
        raise DidNotSurvive("measures that cannot be")
    return file


def examine(
    content: bytes, caps: Caps, optics: Optics, limits: Limits | None = None
) -> tuple[PhotoFile, Seen]:
    """The file, and what was seen in it. Raises `DidNotSurvive`; `HoldsRows` inside an act."""
    order = {"ask": "examine", "caps": asdict(caps), "optics": asdict(optics)}
    return _examined(ask(order, content, limits or Limits()), content)


def mend(content: bytes, plan: Mending, limits: Limits | None = None) -> Made:
    """The file mended as planned. Raises `DidNotSurvive`; `HoldsRows` inside an act."""
    return _made(ask({"ask": "mend", "with": asdict(plan)}, content, limits or Limits()))


def treat(
    content: bytes, plan: Mending, caps: Caps, optics: Optics, limits: Limits | None = None
) -> tuple[Made, PhotoFile, Seen]:
    """Mended as planned, and looked at again in the same child. Raises as `mend`."""
    order = {"ask": "mend", "with": asdict(plan), "caps": asdict(caps), "optics": asdict(optics)}
    said = ask(order, content, limits or Limits())
    made = _made(said)
    return made, *_examined(said, made.content)


def _examined(said: dict[str, Any], content: bytes) -> tuple[PhotoFile, Seen]:
    try:
        file = _converter.structure(said["file"], PhotoFile)
        seen = _converter.structure(said["seen"], Seen)
    except Exception as odd:
        raise DidNotSurvive("no measures") from odd
    if not _can_be_believed(file, content) or not _is_finite(seen):
        raise DidNotSurvive("measures that cannot be")
    return file, seen


def _made(said: dict[str, Any]) -> Made:
    try:
        content = base64.b64decode(said["content"], validate=True)
        made = replace(_converter.structure(said | {"content": b""}, Made), content=content)
    except Exception as odd:
        raise DidNotSurvive("no picture") from odd
    if not made.content.startswith(b"\xff\xd8") or not 0 <= made.quality <= _PERCENT:
        raise DidNotSurvive("no JPEG")
    return made


def _can_be_believed(file: PhotoFile, content: bytes) -> bool:
    """The child read foreign bytes; what it says must at least be possible."""
    whole = file.byte_count == len(content) and min(file.width, file.height, file.scans) >= 0
    picture = file.pixels > 0 or not file.complete
    density = not file.dpi or all(math.isfinite(d) and d > 0 for d in file.dpi)
    quality = file.quality is None or 0 <= file.quality <= _PERCENT
    return whole and picture and density and quality and file.orientation in ORIENTATIONS


def _is_finite(seen: Seen) -> bool:
    numbers = (value for value in vars(seen).values() if isinstance(value, float))
    return all(math.isfinite(number) for number in numbers)
