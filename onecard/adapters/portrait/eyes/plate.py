"""The wall behind a person as a smooth plate of colour, and how badly it fits (photo design 9)."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from onecard.adapters.portrait.eyes.ground import REDUCED
from onecard.adapters.portrait.eyes.picture import Pixels
from onecard.adapters.portrait.eyes.runtime import Floats

_SURE, _LEAST, _STOP = 0.15, 200, 150
_RIDGE, _ROUNDS, _NEAR, _MEDIANS = 0.001, 3, 6.0, 2.5


@dataclass(frozen=True)
class Plate:
    """The wall at the reduced size, the residual (8-bit RMS), its mean colour."""

    colours: Floats
    residual: float
    mean: tuple[int, int, int]

    def at(self, size: tuple[int, int]) -> Floats:
        """The wall at a picture's size (width, height)."""
        return np.asarray(
            cv2.resize(self.colours, size, interpolation=cv2.INTER_LINEAR), np.float32
        )


def fit(small: Pixels, outline: Floats) -> Plate | None:
    """A plate of second order through all that is surely wall; None if that is too little."""
    mask = cv2.resize(outline, REDUCED, interpolation=cv2.INTER_LINEAR)
    person = cv2.dilate((mask > _SURE).astype(np.uint8), np.ones((3, 3), np.uint8))
    wall = person.reshape(-1) == 0
    if wall.sum() < _LEAST:
        return None
    terms, colours = _TERMS[wall], small.reshape(-1, 3)[wall].astype(np.float32)
    weights = _solved(terms, colours)
    whole = (_TERMS @ weights).reshape(REDUCED[1], REDUCED[0], 3)
    residual = float(np.sqrt(np.mean((colours - terms @ weights) ** 2)))
    red, green, blue = (round(float(value)) for value in colours.mean(0))
    return Plate(np.clip(whole, 0, 255).astype(np.float32), residual, (red, green, blue))


def _terms() -> Floats:
    y, x = np.mgrid[0 : REDUCED[1], 0 : REDUCED[0]].astype(np.float32)
    x, y = x.ravel() / (REDUCED[0] - 1) - 0.5, y.ravel() / (REDUCED[1] - 1) - 0.5
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], 1)


_TERMS = _terms()


def _solved(terms: Floats, colours: Floats) -> NDArray[np.float64]:
    """Least squares; three rounds that keep what lies near the plate."""
    kept = np.ones(len(terms), bool)
    weights = _least_squares(terms, colours)
    for _ in range(_ROUNDS):
        error = np.abs(colours - terms @ weights).max(1)
        kept = error < max(_NEAR, _MEDIANS * float(np.median(error)))
        if kept.sum() < _STOP:
            break
        weights = _least_squares(terms[kept], colours[kept])
    return weights


def _least_squares(terms: Floats, colours: Floats) -> NDArray[np.float64]:
    normal = terms.T @ terms + _RIDGE * np.eye(terms.shape[1])
    return np.asarray(np.linalg.solve(normal, terms.T @ colours), np.float64)
