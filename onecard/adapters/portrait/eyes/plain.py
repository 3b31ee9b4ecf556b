"""Engines without landmarks: Haar cascades (in OpenCV), and YuNet where its file is given.

They find a face and its eyes; nothing else (photo design 10). The face's width is only good for the
frame of the background, never for the norm.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np

from onecard.adapters.portrait.eyes import ground, tones
from onecard.adapters.portrait.eyes.picture import Pixels, Point
from onecard.adapters.portrait.eyes.runtime import Floats
from onecard.domain.photo.seen import Optics, Seen

_FACE_OF_BOX = 0.860
_EYES_WITHIN, _EYE_LEAST, _EYE_MOST = 0.6, 0.15, 0.40
_FACE_STEP, _NEIGHBOURS, _LEAST = 1.1, 3, 60
_YUNET_SCORE, _YUNET_SAME, _YUNET_MOST = 0.7, 0.3, 50
_CHIN_OF_WIDTH = 0.81
"""T of fw (median 1 / 1.23)."""


@dataclass(frozen=True)
class PlainFace:
    """A box and, where both were found, the eyes: enough for what needs no landmarks."""

    box: tuple[float, float, float, float]
    eyes: tuple[Point, Point] | None

    @property
    def width(self) -> float:
        """Fw as estimated from the box."""
        return _FACE_OF_BOX * self.box[2]

    @property
    def eye_mid(self) -> Point:
        """E; of a face without eyes where they usually are in the box."""
        if self.eyes is None:
            return self.box[0] + self.box[2] / 2, self.box[1] + 0.4 * self.box[3]
        (ax, ay), (bx, by) = self.eyes
        return (ax + bx) / 2, (ay + by) / 2

    @property
    def eye_to_chin(self) -> float:
        """T as estimated from the width."""
        return _CHIN_OF_WIDTH * self.width

    @property
    def chin_y(self) -> float:
        """The row of the chin as estimated."""
        return self.eye_mid[1] + self.eye_to_chin


class HaarEyes:
    """The cascades that OpenCV carries."""

    name = "haar"

    def __init__(self) -> None:
        folder = Path(cv2.__file__).parent / "data"
        names = ("frontalface_alt2", "eye_tree_eyeglasses", "eye")
        loaded = [cv2.CascadeClassifier(str(folder / f"haarcascade_{name}.xml")) for name in names]
        self._face, *self._eyes = loaded

    def look(self, picture: Pixels, optics: Optics) -> Seen:
        """One face, tilt and place of the eyes, a white frame, colour."""
        grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
        half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        least = (_LEAST // 2, _LEAST // 2)
        boxes = self._face.detectMultiScale(half, _FACE_STEP, _NEIGHBOURS, minSize=least)
        found = [tuple(2.0 * float(value) for value in box) for box in boxes]
        faces = [PlainFace((x, y, w, h), self._pair(grey, (x, y, w, h))) for x, y, w, h in found]
        return seen_plainly(self.name, picture, faces, optics)

    def outline(self, _picture: Pixels) -> Floats | None:
        """None: a cascade cannot tell."""
        return None

    def _pair(self, grey: Any, box: tuple[float, ...]) -> tuple[Point, Point] | None:
        """The largest eye in each half of the upper part of the face."""
        x, y, width, height = (int(value) for value in box)
        part = grey[y : y + int(_EYES_WITHIN * height), x : x + width]
        least, most = int(_EYE_LEAST * width), int(_EYE_MOST * width)
        for cascade in self._eyes:
            eyes = cascade.detectMultiScale(part, minSize=(least, least), maxSize=(most, most))
            middles = [(ex + ew / 2, ey + eh / 2, ew) for ex, ey, ew, eh in eyes]
            left = [one for one in middles if one[0] < width / 2]
            right = [one for one in middles if one[0] >= width / 2]
            if left and right:
                (ax, ay, _), (bx, by, _) = (
                    max(side, key=lambda one: one[2]) for side in (left, right)
                )
                return (x + ax, y + ay), (x + bx, y + by)
        return None


class YunetEyes:
    """YuNet, an ONNX file by path: it replaces only the detector."""

    name = "yunet"

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise ValueError(f"{path} is not there: give YuNet's ONNX file as yunet:<path>")
        self._net = cv2.FaceDetectorYN.create(
            str(path), "", (320, 320), _YUNET_SCORE, _YUNET_SAME, _YUNET_MOST
        )

    def look(self, picture: Pixels, optics: Optics) -> Seen:
        """As Haar, with eyes from the detector's own points."""
        self._net.setInputSize((picture.shape[1], picture.shape[0]))
        rows = self._net.detect(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))[1]
        found = [] if rows is None else [[float(value) for value in row] for row in rows]
        faces = [
            PlainFace((row[0], row[1], row[2], row[3]), ((row[4], row[5]), (row[6], row[7])))
            for row in found
        ]
        return seen_plainly(self.name, picture, faces, optics)

    def outline(self, _picture: Pixels) -> Floats | None:
        """None: a detector cannot tell."""
        return None


def seen_plainly(name: str, picture: Pixels, faces: list[PlainFace], optics: Optics) -> Seen:
    """What a box and two eyes are enough for."""
    if len(faces) != 1:
        return Seen(name, faces=len(faces))
    face = faces[0]
    small = ground.reduced(picture)
    scale = ground.Scale.of(small, picture)
    behind = ground.ring(small, face, scale)
    even = ground.shade_share(small, face, scale) <= optics.shade_share
    white = even and behind.share >= optics.ring_share and behind.delta_e <= optics.delta_e
    chroma, tint = tones.head_colour(small, face, picture.shape[:2]) or (None, None)
    return Seen(
        name,
        faces=1,
        **cast("Any", _placed(face)),
        background_by="ring" if white else "",
        background_share=behind.share if white else None,
        background_delta_e=behind.delta_e if white else None,
        chroma=chroma,
        tint=tint,
    )


def _placed(face: PlainFace) -> dict[str, float]:
    if face.eyes is None:
        return {}
    (ax, ay), (bx, by) = face.eyes
    (x, y), tilt = face.eye_mid, math.degrees(math.atan2(by - ay, bx - ax))
    return {"roll": tilt, "eye_x": x, "eye_y": y}
