"""The mesh engine: detector, 468 points of the face, both irises, the outline (photo design 4)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from onecard.adapters.portrait.eyes import models, runtime
from onecard.adapters.portrait.eyes.detector import Detected, detect
from onecard.adapters.portrait.eyes.face import EYES, Face
from onecard.adapters.portrait.eyes.picture import Pixels, inverse, similarity, through, warped
from onecard.adapters.portrait.eyes.runtime import Floats, Net

_MESH_SIDE, _IRIS_SIDE, _MASK_SIDE = 192, 64, 256
_MESH_CROP, _IRIS_CROP = 1.5, 2.3
_MESH_NUMBERS, _LID_NUMBERS = 1404, 213
_SURE = 0.6
_PRESENT = 0.5
_LOWER, _UPPER, _OUTER, _INNER = 4, 12, 0, 8
"""Points of an eye's contour."""


@dataclass(frozen=True)
class Nets:
    """The four models, ready to run."""

    detector: Net
    mesh: Net
    iris: Net
    segmenter: Net


class MeshEyes:
    """The full engine. `name` says which runtime runs it."""

    def __init__(self, contents: dict[str, bytes], which: str) -> None:
        load = runtime.RUNTIMES[which]
        self.name = f"mesh+{which}"
        self.models = models.fingerprints()
        self._nets = Nets(
            detector=load(contents["detector"], 1),
            mesh=load(contents["mesh"], 1),
            iris=load(contents["iris"], 2),
            segmenter=load(contents["segmenter"], 1),
        )

    def faces(self, picture: Pixels) -> list[Face]:
        """Every face, the largest first; the lids are measured of the largest only."""
        detected = [one for one in detect(self._nets.detector, picture) if one.score > _SURE]
        found = [mesh for one in detected if (mesh := self._mesh(picture, one)) is not None]
        found.sort(key=lambda face: -face.box_side)
        return [self._with_lids(picture, face) for face in found[:1]] + found[1:]

    def outline(self, picture: Pixels) -> Floats:
        """How surely each pixel belongs to a person, 0-1, 256 x 256 over the whole picture."""
        side = (_MASK_SIDE, _MASK_SIDE)
        small = cv2.resize(picture, side, interpolation=cv2.INTER_AREA)
        rows = (small.astype(np.float32) / 255)[None]
        return self._nets.segmenter(rows)[_MASK_SIDE * _MASK_SIDE].reshape(side)

    def _mesh(self, picture: Pixels, face: Detected) -> Face | None:
        right, left = face.points[0], face.points[1]
        turned = math.degrees(math.atan2(left[1] - right[1], left[0] - right[0]))
        scale = _MESH_SIDE / max(_MESH_CROP * face.side, 1)
        middle = (_MESH_SIDE / 2, _MESH_SIDE / 2)
        matrix = similarity(at=face.middle, to=middle, scale=scale, degrees=turned)
        crop = warped(picture, matrix, (_MESH_SIDE, _MESH_SIDE))
        found = self._nets.mesh((crop.astype(np.float32) / 255)[None])
        presence = 1 / (1 + math.exp(-max(min(float(found[1][0, 0]), 100), -100)))
        if presence <= _PRESENT:
            return None
        points = found[_MESH_NUMBERS].reshape(-1, 3)
        flat = through(inverse(matrix), points[:, :2])
        depth = points[:, 2] / scale
        return Face(face.score, face.box, face.side, np.column_stack([flat, depth]))

    def _with_lids(self, picture: Pixels, face: Face) -> Face:
        """How far each eye is open, of its width."""
        crops = np.stack(
            [_eye(picture, face.points, *EYES[0]), _eye(picture, face.points, *EYES[1])]
        )
        crops[1] = crops[1][:, ::-1]
        contours = self._nets.iris(crops.astype(np.float32) / 255)[_LID_NUMBERS]
        right, left = (_opening(one.reshape(-1, 3)) for one in contours)
        return face.with_lids(right, left)


def _eye(picture: Pixels, points: Floats, first: int, second: int) -> Pixels:
    """The square around one eye, levelled by the line through its corners."""
    a, b = points[first, :2].astype(float), points[second, :2].astype(float)
    apart = max(float(np.hypot(*(b - a))), 1.0)
    turned = math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))
    middle = (_IRIS_SIDE / 2, _IRIS_SIDE / 2)
    at = (a + b) / 2
    scale = _IRIS_SIDE / (_IRIS_CROP * apart)
    matrix = similarity(at=(at[0], at[1]), to=middle, scale=scale, degrees=turned)
    return warped(picture, matrix, (_IRIS_SIDE, _IRIS_SIDE))


def _opening(contour: NDArray[Any]) -> float:
    width = max(float(np.hypot(*(contour[_OUTER, :2] - contour[_INNER, :2]))), 1e-6)
    return float(contour[_LOWER, 1] - contour[_UPPER, 1]) / width
