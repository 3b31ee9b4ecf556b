"""The whole of a look: the file measured, the picture decoded once, the engine's eyes on it."""

from __future__ import annotations

import functools
from dataclasses import fields, replace

from onecard.adapters.portrait import decoding, jpeg, pixels
from onecard.adapters.portrait.eyes.engines import Eyes
from onecard.adapters.portrait.measuring import measure
from onecard.domain.photo.facts import PhotoFile
from onecard.domain.photo.judging import Caps
from onecard.domain.photo.seen import Optics, Seen

_LENGTHS = ("face_width", "eye_x", "eye_y", "chin_y", "crown_y")
_DECIMALS = 4


def examine(content: bytes, caps: Caps, optics: Optics, eyes: Eyes) -> tuple[PhotoFile, Seen]:
    """What can be said of a file, and what was seen; nothing is seen in what cannot be opened."""
    walked = jpeg.walk(content) if content.startswith(b"\xff\xd8") else None
    if walked is None or not pixels.is_plain(walked):
        return _by_pillow(content, caps, optics, eyes)
    file = measure(content, caps, decoding_later=True)
    if not file.complete:
        return file, Seen(eyes.name)
    is_whole = functools.partial(decoding.is_whole, walked, caps)
    try:
        decoded = pixels.of_jpeg(walked, file.orientation, optics.short_side, is_whole)
        seen = eyes.look(decoded.pixels, optics)
        if not pixels.is_looked_at_large_enough(seen.face_width, decoded, optics):
            side = optics.short_side * optics.face_px / max(seen.face_width or 1.0, 1.0)
            decoded = pixels.of_jpeg(walked, file.orientation, side, is_whole)
            seen = eyes.look(decoded.pixels, optics)
    except pixels.NotWhole:
        return replace(file, complete=False), Seen(eyes.name)
    return file, _in_stored_px(seen, decoded.scale)


def _by_pillow(content: bytes, caps: Caps, optics: Optics, eyes: Eyes) -> tuple[PhotoFile, Seen]:
    file = measure(content, caps)
    if not file.complete:
        return file, Seen(eyes.name)
    try:
        decoded = pixels.of_anything(content, file.orientation, caps.decode_pixels, file.width)
    except decoding.BROKEN:
        return replace(file, complete=False), Seen(eyes.name)
    return file, _in_stored_px(eyes.look(decoded.pixels, optics), decoded.scale)


def _in_stored_px(seen: Seen, scale: float) -> Seen:
    """Lengths in px of the stored picture, every number rounded so that it can be kept."""
    told: dict[str, float] = {}
    for one in fields(seen):
        value = getattr(seen, one.name)
        if isinstance(value, float):
            factor = scale if one.name in _LENGTHS else 1.0
            told[one.name] = round(float(value) / factor, _DECIMALS)
    return replace(seen, **told)  # type: ignore[arg-type]
