"""Light, colour and sharpness of the face: every measure on the canonical patch or its reduction.

The patch sets the face to one size, level, at one place, so that limits hold for every picture
(photo design 6; limits belong to these formulas only).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from onecard.adapters.portrait.eyes.face import BRIDGE, CHEEKS, Face, Placed
from onecard.adapters.portrait.eyes.picture import (
    Grey,
    Pixels,
    lab,
    luma,
    patch,
    similarity,
    warped,
)

_SIZE = (200, 220)
_FACE_WIDTH, _EYES = 156, (100, 84)
_OVAL, _HALF_AXES, _EROSION = (100, 112), (78, 104), 11
_CHEEK_ROWS = (108, 132)
_CHEEK_COLUMNS = ((40, 64), (136, 160))
_DARK, _BRIGHT = 25, 247
_SKIN_A, _SKIN_B = (5, 25), (5, 35)
_GLASSES_HALF, _GLASSES_EYES, _GLASSES_FLOOR = (0.26, 0.13), 80, 20
_LENS_HALF, _LENS_LEAST = 0.14, 3


@dataclass(frozen=True)
class Tones:
    """I13-I15, I22: sharpness, four figures of light, the difference of the cheeks, the cast."""

    sharpness: float
    face_light: float
    dark_share: float
    bright_share: float
    light_range: float
    side_light: float
    colour_cast: float


def canonical(picture: Pixels, face: Face) -> Pixels:
    """The face at one size, level, at one place."""
    scale = _FACE_WIDTH / max(face.width, 1.0)
    matrix = similarity(at=face.eye_mid, to=_EYES, scale=scale, degrees=face.roll)
    return warped(picture, matrix, _SIZE)


def tones(face_patch: Pixels) -> Tones:
    """All tonal measures of the canonical patch."""
    grey = luma(face_patch)
    counted = np.cumsum(np.bincount(grey[_FACE].astype(np.uint8), minlength=256)) / _FACE.sum()
    low, high = np.searchsorted(counted, (0.01, 0.99))
    right, left = (
        face_patch[slice(*_CHEEK_ROWS), slice(*c)].reshape(-1, 3).mean(0) for c in _CHEEK_COLUMNS
    )
    return Tones(
        sharpness=_sharpness(grey),
        face_light=float(255 - counted[:255].sum()),
        dark_share=float(counted[_DARK]),
        bright_share=float(1 - counted[_BRIGHT - 1]),
        light_range=float(high - low),
        side_light=float(abs(lab(right)[0] - lab(left)[0])),
        colour_cast=_cast((right + left) / 2),
    )


def head_colour(small: Pixels, face: Placed, shape: tuple[int, int]) -> tuple[float, float] | None:
    """I11, I12: the 95th percentile of chroma, and how far colours spread off one line."""
    height, width = shape
    down, across = small.shape[0] / height, small.shape[1] / width
    x, y = face.eye_mid
    rows = ((y - 0.6 * face.width) * down, (face.chin_y + 0.2 * face.width) * down)
    columns = ((x - 0.5 * face.width) * across, (x + 0.5 * face.width) * across)
    part = patch(small, rows, columns)
    return colour_spread(part) if part.size else None


def colour_spread(part: NDArray[np.uint8] | Grey) -> tuple[float, float]:
    """Chroma (95th percentile) and the smaller axis of the colours of some pixels."""
    flat = lab(part).reshape(-1, 3)[:, 1:]
    chroma = float(np.percentile(np.hypot(flat[:, 0], flat[:, 1]), 95))
    covariance = np.cov(flat.T) if len(flat) > 1 else np.zeros((2, 2))
    return chroma, math.sqrt(max(float(np.linalg.eigvalsh(covariance)[0]), 0))


def glasses(grey: Grey, face: Face) -> float | None:
    """I18: the largest step across the bridge of the nose, at the picture's own size."""
    x, y = ((face.at(BRIDGE[0]) + face.at(BRIDGE[1])) / 2).tolist()
    high, wide = (half * face.eye_distance for half in _GLASSES_HALF)
    window = patch(grey, (y - high, y + high), (x - wide, x + wide))
    if window.shape[0] < 2 or not window.shape[1]:  # noqa: PLR2004 - a step needs two rows
        return None
    rows = cv2.GaussianBlur(window, (0, 0), 1).mean(1)
    step = float(np.abs(np.diff(rows)).max()) / max(float(rows.mean()), _GLASSES_FLOOR)
    return 100 * step * face.eye_distance / _GLASSES_EYES


def lens_ratio(grey: Grey, face: Face) -> float | None:
    """I19: how light the eyes are, of how light the cheeks are."""
    half = int(max(_LENS_LEAST, _LENS_HALF * face.eye_distance))

    def around(point: NDArray[Any]) -> float | None:
        x, y = point.tolist()
        square = patch(grey, (y - half, y + half), (x - half, x + half))
        return float(square.mean()) if square.size else None

    eyes = [around(eye) for eye in face.eyes]
    cheeks = [around(face.at(index)) for index in CHEEKS]
    known = [value for value in (*eyes, *cheeks) if value is not None]
    if len(known) < len(eyes) + len(cheeks):
        return None
    return sum(known[:2]) / max(sum(known[2:]), 1.0)


def _oval() -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    mask = np.zeros((_SIZE[1], _SIZE[0]), np.uint8)
    cv2.ellipse(mask, _OVAL, _HALF_AXES, 0, 0, 360, 1, -1)
    inner = cv2.erode(mask, np.ones((_EROSION, _EROSION), np.uint8))
    return mask.astype(bool), inner.astype(bool)


_FACE, _INNER = _oval()


def _sharpness(grey: Grey) -> float:
    """What the finest blur takes away, of what a coarser one does."""
    fine = np.abs(grey - cv2.GaussianBlur(grey, (7, 7), 1))[_INNER].mean()
    coarse = np.abs(grey - cv2.GaussianBlur(grey, (13, 13), 2))[_INNER].mean()
    return float(fine) / max(float(coarse), 1e-6)


def _cast(cheeks: NDArray[Any]) -> float:
    _, a, b = lab(cheeks).tolist()
    return math.hypot(_outside(a, *_SKIN_A), _outside(b, *_SKIN_B))


def _outside(value: float, low: float, high: float) -> float:
    return max(low - value, value - high, 0.0)
