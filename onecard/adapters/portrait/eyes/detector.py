"""Finds faces: the short-range detector, its anchors, its weighted suppression (photo design 4)."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from onecard.adapters.portrait.eyes.picture import Pixels
from onecard.adapters.portrait.eyes.runtime import Floats, Net

_SIDE = 128
_ROWS, _NUMBERS = 896, 16
_FOUND = 0.5
_SAME = 0.3
_LAYERS = ((16, 2), (8, 6))
"""Cells a side, anchors a cell."""


@dataclass(frozen=True)
class Detected:
    """A face as the detector sees it: a score 0-1, a box, six points; px of the picture."""

    score: float
    box: tuple[float, float, float, float]
    points: Floats

    @property
    def side(self) -> float:
        """The longer side of the box."""
        left, top, right, bottom = self.box
        return max(right - left, bottom - top)

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the box."""
        left, top, right, bottom = self.box
        return (left + right) / 2, (top + bottom) / 2


def detect(net: Net, picture: Pixels) -> list[Detected]:
    """Every face the detector finds, the surest first."""
    height, width = picture.shape[:2]
    factor = _SIDE / max(width, height)
    across, down = round(width * factor), round(height * factor)
    left, top = (_SIDE - across) // 2, (_SIDE - down) // 2
    rows = np.full((1, _SIDE, _SIDE, 3), -1.0, np.float32)
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    small = cv2.resize(picture, (across, down), interpolation=how)
    rows[0, top : top + down, left : left + across] = (small.astype(np.float32) - 127.5) / 127.5
    scores, places = _decoded(net(rows))
    kept = _suppressed(scores, places)
    shift = np.array([left, top], np.float32)
    return [_told(score, (row.reshape(-1, 2) * _SIDE - shift) / factor) for score, row in kept]


def _anchors() -> Floats:
    """The middles of all anchors, 0-1: layer, row, column, anchor."""
    grids = []
    for cells, each in _LAYERS:
        middle = (np.arange(cells, dtype=np.float32) + 0.5) / cells
        row, column = np.meshgrid(middle, middle, indexing="ij")
        grids.append(np.repeat(np.stack([column.ravel(), row.ravel()], 1), each, 0))
    return np.concatenate(grids)


_ANCHORS = _anchors()


def _decoded(found: dict[int, Floats]) -> tuple[Floats, Floats]:
    """Scores over the threshold and, for each, two corners and six points (0-1)."""
    logits = np.clip(found[_ROWS][0], -80, 80)
    scores = 1 / (1 + np.exp(-logits))
    over = np.flatnonzero(scores > _FOUND)
    raw = found[_ROWS * _NUMBERS].reshape(_ROWS, _NUMBERS)[over] / _SIDE
    middle = _ANCHORS[over] + raw[:, :2]
    half = raw[:, 2:4] / 2
    points = raw[:, 4:].reshape(-1, 6, 2) + _ANCHORS[over][:, None]
    places = np.concatenate([middle - half, middle + half, points.reshape(-1, 12)], 1)
    return scores[over], places


def _suppressed(scores: Floats, places: Floats) -> list[tuple[float, Floats]]:
    """One row for each face: what overlaps is averaged by its scores, the best score kept."""
    kept = []
    left = np.argsort(-scores)
    while left.size:
        same = _overlap(places[left[0]], places[left]) > _SAME
        group = left[same]
        weights = scores[group][:, None]
        kept.append((float(scores[left[0]]), (places[group] * weights).sum(0) / weights.sum()))
        left = left[~same]
    return kept


def _overlap(one: Floats, others: Floats) -> Floats:
    """Intersection over union; a box always overlaps itself."""
    low = np.maximum(one[:2], others[:, :2])
    high = np.minimum(one[2:4], others[:, 2:4])
    shared = np.clip(high - low, 0, None).prod(1)
    whole = (one[2:4] - one[:2]).prod() + (others[:, 2:4] - others[:, :2]).prod(1) - shared
    told: Floats = shared / np.maximum(whole, 1e-9)
    told[0] = 1
    return told


def _told(score: float, points: Floats) -> Detected:
    (left, top), (right, bottom) = points[:2].tolist()
    return Detected(score, (left, top, right, bottom), points[2:])
