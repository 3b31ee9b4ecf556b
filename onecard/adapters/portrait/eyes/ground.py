"""What is around the person: background, crown, clothing, the bottom edge (photo design 6, 8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from onecard.adapters.portrait.eyes.face import Placed
from onecard.adapters.portrait.eyes.picture import Pixels, lab
from onecard.adapters.portrait.eyes.runtime import Floats

REDUCED = (90, 111)
"""Width and height of the small picture most of this is measured on."""

WHITE = 235
"""A channel from which a pixel may be called white."""

_GREYISH, _NOT_WHITE, _BLANK = 14, 225, 250
_RING_ROWS, _RING_SIDE, _RING_CHIN = 4, 0.95, 0.15
_SHADE, _SHADE_SIDE = 150, 0.5
_CROWN_COLUMNS, _CROWN_SHARE, _CROWN_NEAR, _CROWN_BAND = 0.6, 0.12, 8, 4
_GROUND = (128, 158)
_CHIN_ROWS = (40, 158)
_ZONE_COLUMNS, _ZONE_ROWS, _ZONE_LEAST = 18, 14, 20
_PERSON, _AROUND = 0.1, 3
"""Closer to the hair than the design, for there a shadow shows: it spreads 4.7 and more, a plain
wall 1.6 at most (22 photos)."""
_TOP_BELOW, _NECK, _TOP_SURE, _TOP_LEAST = 0.30, 0.22, 0.8, 200
_BOTTOM = 9 / 441
_INSIDE = 0.5


@dataclass(frozen=True)
class Background:
    """I09, I10: how much is white, how far the mean is from white, how even it is."""

    share: float
    delta_e: float
    pixels: int
    range: float | None = None
    spread: float | None = None


@dataclass(frozen=True)
class Scale:
    """From px of the picture to px of a reduction of it."""

    across: float
    down: float

    @classmethod
    def of(cls, small: NDArray[Any], picture: Pixels) -> Scale:
        """The scale between two sizes of one picture."""
        return cls(small.shape[1] / picture.shape[1], small.shape[0] / picture.shape[0])


def lowest(pixels: NDArray[Any]) -> NDArray[Any]:
    """The smallest of red, green and blue; three steps are faster than one over a short axis."""
    return np.asarray(np.minimum(np.minimum(pixels[..., 0], pixels[..., 1]), pixels[..., 2]))


def highest(pixels: NDArray[Any]) -> NDArray[Any]:
    """The largest of red, green and blue."""
    return np.asarray(np.maximum(np.maximum(pixels[..., 0], pixels[..., 1]), pixels[..., 2]))


def reduced(picture: Pixels) -> Pixels:
    """The small picture."""
    return np.asarray(cv2.resize(picture, REDUCED, interpolation=cv2.INTER_AREA), np.uint8)


def ring(small: Pixels, face: Placed, scale: Scale) -> Background:
    """The frame of the picture without any model: top rows, and the sides beside the head."""
    chosen = np.zeros(small.shape[:2], bool)
    chosen[:_RING_ROWS] = True
    x = face.eye_mid[0]
    last = _row(face.chin_y - _RING_CHIN * face.eye_to_chin, scale, small)
    left = max(int((x - _RING_SIDE * face.width) * scale.across), 0)
    right = max(int((x + _RING_SIDE * face.width) * scale.across), 0)
    chosen[:last, :left] = True
    chosen[:last, right:] = True
    pixels = small[chosen]
    white = pixels[_is_white(pixels)]
    delta = _from_white(white) if len(white) else 100.0
    return Background(len(white) / len(pixels), delta, len(pixels))


def shade_share(small: Pixels, face: Placed, scale: Scale) -> float:
    """How much beside the head is a colourless grey, as a shadow on a white wall is, or grey hair.

    Ours, not in the design: the top rows alone let a shadow beside the head pass.
    """
    last = _row(face.chin_y - _RING_CHIN * face.eye_to_chin, scale, small)
    x, half = face.eye_mid[0], _SHADE_SIDE * face.width
    left = max(int((x - half) * scale.across), 0)
    right = max(int((x + half) * scale.across), 0)
    beside = np.concatenate([small[:last, :left], small[:last, right:]], 1).reshape(-1, 3)
    if not len(beside):
        return 0.0
    low, high = lowest(beside), highest(beside)
    return float(((low >= _SHADE) & (low < WHITE) & (high - low <= _GREYISH)).mean())


def background(picture: Pixels, outline: Floats, face: Placed) -> Background | None:
    """Everything above the chin that is not the person. None if too little of it is to be seen."""
    small = cv2.resize(picture, _GROUND, interpolation=cv2.INTER_AREA)
    mask = cv2.resize(outline, _GROUND, interpolation=cv2.INTER_LINEAR)
    person = cv2.dilate((mask > _PERSON).astype(np.uint8), np.ones((_AROUND, _AROUND), np.uint8))
    behind = person == 0
    chin = int(face.chin_y * _GROUND[1] / picture.shape[0])
    behind[min(max(chin, _CHIN_ROWS[0]), _CHIN_ROWS[1]) :] = False
    pixels = np.asarray(small, np.uint8)[behind]
    if not len(pixels):
        return Background(0.0, 0.0, 0)
    colours = lab(pixels)
    return Background(
        share=float((lowest(pixels) >= WHITE).mean()),
        delta_e=_from_white(pixels),
        pixels=len(pixels),
        range=_range(colours[:, 0], behind),
        spread=float(colours.std(0).max()),
    )


def crown_by_outline(outline: Floats, picture: Pixels, face: Placed) -> float | None:
    """I08: the first row in which the person is wide enough to be hair, by the outline.

    Looked for in the outline itself, then around that row at the picture's size.
    """
    side, (height, width) = outline.shape[0], picture.shape[:2]
    left, right = _head_columns(face, width)
    part = outline[:, left * side // width : max(right * side // width, left * side // width + 1)]
    least = _CROWN_SHARE * face.width
    wide = (part > _INSIDE).sum(1) > least * side / width
    if not wide.any() or right <= left:
        return None
    first = int(wide.argmax())
    start, stop = max(first - _CROWN_BAND, 0), min(first + _CROWN_BAND, side)
    rows = max(round((stop - start) * height / side), 1)
    band = cv2.resize(part[start:stop], (right - left, rows), interpolation=cv2.INTER_LINEAR)
    found = (band > _INSIDE).sum(1) > least
    return float(start * height / side + found.argmax())


def crown_by_white(picture: Pixels, small: Pixels, face: Placed, scale: Scale) -> float | None:
    """I08 without a model: the first row that is not white, looked for small, then at full size."""
    left, right = _head_columns(face, picture.shape[1])
    columns = slice(round(left * scale.across), max(round(right * scale.across), 1))
    least = _CROWN_SHARE * face.width
    wide = (lowest(small[:, columns]) < _NOT_WHITE).sum(1) > least * scale.across
    if not wide.any():
        return None
    near = round(float(wide.argmax()) / scale.down)
    start = max(near - _CROWN_NEAR, 0)
    strip = picture[start : near + _CROWN_NEAR + 1, left:right]
    found = (lowest(strip) < _NOT_WHITE).sum(1) > least
    return float(start + found.argmax()) if found.any() else float(near)


def top_light_share(
    small: Pixels, face: Placed, scale: Scale, light: tuple[float, float]
) -> float | None:
    """How much below the chin is as light and colourless as `light`: a light top, or nothing."""
    part = _below_chin(small, face, scale)
    if not len(part):
        return None
    colours = lab(part)
    lightness, chroma = light
    pale = np.hypot(colours[:, 1], colours[:, 2]) < chroma
    return float(((colours[:, 0] >= lightness) & pale).mean())


def top_colour(
    small: Pixels, outline: Floats, face: Placed, scale: Scale
) -> tuple[float, float] | None:
    """I20: median lightness and chroma of the clothing. None if too little of it is to be seen."""
    mask = cv2.resize(outline, REDUCED, interpolation=cv2.INTER_LINEAR)
    sure = _below_chin(mask, face, scale) > _TOP_SURE
    part = _below_chin(small, face, scale)
    cloth = part[sure & (lowest(part) < _BLANK)]
    if len(cloth) < _TOP_LEAST * REDUCED[0] * REDUCED[1] / (358 * 441):
        return None
    colours = lab(cloth)
    chroma = np.hypot(colours[:, 1], colours[:, 2])
    return float(np.median(colours[:, 0])), float(np.median(chroma))


def blank_share(picture: Pixels, face: Placed) -> float | None:
    """I23: how much of the bottom edge below the head is blank."""
    height, width = picture.shape[:2]
    left, right = _head_columns(face, width)
    rows = max(round(_BOTTOM * height), 1)
    part = picture[height - rows :, left:right]
    return float((lowest(part) >= _BLANK).mean()) if part.size else None


def _below_chin(small: NDArray[Any], face: Placed, scale: Scale) -> NDArray[Any]:
    """The pixels below the chin without the neck's columns, at least the last rows; flat."""
    below = _row(face.chin_y + _TOP_BELOW * face.width, scale, small)
    first = min(below, int(small.shape[0] * (1 - _BOTTOM)))
    x = face.eye_mid[0]
    left = max(int((x - _NECK * face.width) * scale.across), 0)
    right = max(int((x + _NECK * face.width) * scale.across), 0)
    rows = small[first:]
    both = np.concatenate([rows[:, :left], rows[:, right:]], 1)
    return both.reshape(-1, *small.shape[2:])


def _head_columns(face: Placed, width: int) -> tuple[int, int]:
    x, half = face.eye_mid[0], _CROWN_COLUMNS * face.width
    left = min(max(int(x - half), 0), width)
    return left, min(max(int(x + half), left), width)


def _row(y: float, scale: Scale, small: NDArray[Any]) -> int:
    return int(min(max(int(y * scale.down), 0), small.shape[0]))


def _is_white(pixels: NDArray[Any]) -> NDArray[np.bool_]:
    low, high = lowest(pixels), highest(pixels)
    white: NDArray[np.bool_] = (low >= WHITE) & (high - low <= _GREYISH)
    return white


def _from_white(pixels: NDArray[np.uint8]) -> float:
    mean = lab(pixels).reshape(-1, 3).mean(0)
    return float(np.linalg.norm(mean - np.array([100, 0, 0], np.float32)))


def _range(lightness: Floats, behind: NDArray[np.bool_]) -> float:
    """How far left, right and top differ in their mean lightness."""
    rows, columns = np.nonzero(behind)
    zones = (
        columns < _ZONE_COLUMNS,
        columns >= _GROUND[0] - _ZONE_COLUMNS,
        rows < _ZONE_ROWS,
    )
    means = [float(lightness[zone].mean()) for zone in zones if zone.sum() > _ZONE_LEAST]
    return max(means) - min(means) if means else 0.0
