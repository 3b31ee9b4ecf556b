"""Pictures as numbers: the types, a warp, a luma, a lightness."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""Height, width, and red, green, blue."""

Grey = NDArray[Any]
Point = tuple[float, float]


def similarity(*, at: Point, to: Point, scale: float, degrees: float) -> NDArray[np.float64]:
    """The 2 x 3 matrix that turns by `-degrees` (clockwise in the picture), scales, moves."""
    turn = math.radians(degrees)
    a, b = scale * math.cos(turn), scale * math.sin(turn)
    return np.array(
        [
            [a, b, to[0] - a * at[0] - b * at[1]],
            [-b, a, to[1] + b * at[0] - a * at[1]],
        ]
    )


def warped(picture: Pixels, matrix: NDArray[np.float64], size: tuple[int, int]) -> Pixels:
    """The picture through a matrix, bilinear, its border repeated outwards."""
    return np.asarray(
        cv2.warpAffine(
            picture, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        ),
        np.uint8,
    )


def through(matrix: NDArray[np.float64], points: NDArray[Any]) -> NDArray[Any]:
    """Points through a matrix."""
    moved = points @ matrix[:, :2].T + matrix[:, 2]
    return moved.astype(np.float32)


def inverse(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """The way back."""
    return np.asarray(cv2.invertAffineTransform(matrix), np.float64)


def luma(picture: Pixels) -> Grey:
    """The usual grey, 0-255."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32)


def lab(colours: NDArray[Any] | Pixels) -> NDArray[Any]:
    """L*a*b* of colours 0-255, in whatever shape they come (the last axis is red, green, blue)."""
    flat = np.asarray(colours, np.float32).reshape(-1, 1, 3) / 255
    return np.asarray(cv2.cvtColor(flat, cv2.COLOR_RGB2LAB), np.float32).reshape(colours.shape)


def patch(
    picture: NDArray[np.uint8] | Grey, rows: tuple[float, float], columns: tuple[float, float]
) -> NDArray[np.uint8] | Grey:
    """A part of the picture, clamped to it; it may be empty."""
    height, width = picture.shape[:2]
    top, bottom = (min(max(int(row), 0), height) for row in rows)
    left, right = (min(max(int(column), 0), width) for column in columns)
    return picture[top : max(bottom, top), left : max(right, left)]
