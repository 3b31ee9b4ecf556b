"""Decodes a picture into upright pixels for whoever looks at it, no larger than needed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import simplejpeg

from onecard.adapters.portrait import decoding, jpeg
from onecard.adapters.portrait.eyes.picture import Pixels
from onecard.domain.photo.facts import UPRIGHT
from onecard.domain.photo.seen import Optics

_TURNS = {1: (0, 0), 2: (0, 1), 3: (2, 0), 4: (2, 1), 5: (3, 1), 6: (3, 0), 7: (1, 1), 8: (1, 0)}
"""Quarter turns against the clock, then whether it is mirrored left to right."""


class NotWhole(Exception):
    """The coded picture ends before its last line, or cannot be decoded."""


@dataclass(frozen=True)
class Decoded:
    """Upright pixels; `scale` is their size of the stored size."""

    pixels: Pixels
    scale: float


def of_jpeg(
    walked: jpeg.Jpeg, orientation: int, short_side: float, is_whole: Callable[[], bool]
) -> Decoded:
    """A JPEG of one or three colours, scaled down while it is decoded.

    The decoder warns of every missing or damaged part. Whether such a file is
    taken all the same says `is_whole`, the slower proof, which forgives what harms no pixel.
    Raises `NotWhole`.
    """
    frame = walked.frame()
    if frame is None:
        raise NotWhole
    least = math.ceil(min(short_side, frame.width, frame.height))
    how = {"min_height": least, "min_width": least, "min_factor": 1}
    try:
        pixels = simplejpeg.decode_jpeg(walked.bare(), "RGB", **how)
    except ValueError as warned:
        if not is_whole():
            raise NotWhole from warned
        pixels = _forgiving(walked, how)
    return Decoded(upright(pixels, orientation), pixels.shape[1] / frame.width)


def _forgiving(walked: jpeg.Jpeg, how: dict[str, int]) -> Pixels:
    try:
        return np.asarray(
            simplejpeg.decode_jpeg(walked.bare(), "RGB", strict=False, **how), np.uint8
        )
    except ValueError as broken:
        raise NotWhole from broken


def of_anything(content: bytes, orientation: int, most_pixels: int, stored_width: int) -> Decoded:
    """Any picture that Pillow opens, a large JPEG smaller than its `stored_width`.

    Raises one of `decoding.BROKEN`.
    """
    picture = decoding.in_true_colour(decoding.decode(content, most_pixels))
    stored = max(stored_width, picture.width)
    return Decoded(upright(np.asarray(picture, np.uint8), orientation), picture.width / stored)


def upright(pixels: Pixels, orientation: int) -> Pixels:
    """Turned as the EXIF orientation says."""
    if orientation == UPRIGHT:
        return pixels
    turns, mirrored = _TURNS[orientation]
    turned = np.rot90(pixels, turns)
    return np.ascontiguousarray(turned[:, ::-1] if mirrored else turned)


def is_plain(walked: jpeg.Jpeg) -> bool:
    """Whether the fast decoder takes it: grey or three colours of 8 bits."""
    frame = walked.frame()
    return frame is not None and frame.components in {1, 3} and frame.precision == 8  # noqa: PLR2004


def is_looked_at_large_enough(width: float | None, decoded: Decoded, optics: Optics) -> bool:
    """Whether a face of so many decoded px is worth no larger picture, or there is none."""
    return decoded.scale >= 1 or width is None or width >= optics.face_px
