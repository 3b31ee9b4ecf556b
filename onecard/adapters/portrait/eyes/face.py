"""A face as an engine found it, and the lengths and angles that follow (photo design 6)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from onecard.adapters.portrait.eyes.picture import Point

EYES = ((33, 133), (362, 263))
"""The corners of the eye on the picture's left, then of the one on its right."""

CHEEK_LEFT, CHEEK_RIGHT, FOREHEAD, CHIN = 234, 454, 10, 152
LIPS = ((13, 14), (82, 87), (312, 317))
CHEEKS = (50, 280)
BRIDGE = (168, 6)


class Placed(Protocol):
    """What the measures of the frame need to know of a face."""

    @property
    def eye_mid(self) -> Point:
        """E."""

    @property
    def width(self) -> float:
        """Fw."""

    @property
    def eye_to_chin(self) -> float:
        """T."""

    @property
    def chin_y(self) -> float:
        """The row of the chin."""


@dataclass(frozen=True)
class Face:
    """468 points x, y, z in px of the picture (z smaller = nearer); lid openings once measured."""

    score: float
    box: tuple[float, float, float, float]
    box_side: float
    points: NDArray[Any]
    lids: tuple[float, float] | None = None

    def with_lids(self, right: float, left: float) -> Face:
        """The same face with its lids."""
        return replace(self, lids=(right, left))

    def at(self, index: int) -> NDArray[Any]:
        """x, y of a point."""
        return self.points[index, :2]

    @cached_property
    def eyes(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """The middles of both eyes."""
        right, left = ((self.at(a) + self.at(b)) / 2 for a, b in EYES)
        return right, left

    @cached_property
    def eye_mid(self) -> Point:
        """E: the middle between the eyes."""
        x, y = ((self.eyes[0] + self.eyes[1]) / 2).tolist()
        return x, y

    @property
    def eye_distance(self) -> float:
        """IED."""
        return _apart(self.eyes[0], self.eyes[1])

    @property
    def width(self) -> float:
        """fw: cheek to cheek where the ears join."""
        return _apart(self.at(CHEEK_LEFT), self.at(CHEEK_RIGHT))

    @property
    def eye_to_chin(self) -> float:
        """T."""
        return _apart(np.array(self.eye_mid, np.float32), self.at(CHIN))

    @property
    def chin_y(self) -> float:
        """The row of the chin."""
        return float(self.points[CHIN, 1])

    @property
    def yaw(self) -> float:
        """Degrees; plus = turned to the picture's right."""
        across = self.points[CHEEK_RIGHT] - self.points[CHEEK_LEFT]
        return math.degrees(math.atan2(across[2], across[0]))

    @property
    def raw_pitch(self) -> float:
        """Degrees before the norm's correction; plus = lowered."""
        down = self.points[CHIN] - self.points[FOREHEAD]
        return math.degrees(math.atan2(down[2], math.hypot(down[0], down[1])))

    @property
    def roll(self) -> float:
        """Degrees; plus = clockwise."""
        right, left = self.eyes
        return math.degrees(math.atan2(left[1] - right[1], left[0] - right[0]))

    @property
    def mouth(self) -> float:
        """How far the mouth is open, of T."""
        return max(_apart(self.at(a), self.at(b)) for a, b in LIPS) / self.eye_to_chin

    @property
    def eye_to_mouth(self) -> float:
        """From E to the middle of the inner lips."""
        middle = (self.at(LIPS[0][0]) + self.at(LIPS[0][1])) / 2
        return _apart(middle, np.array(self.eye_mid, np.float32))


def _apart(one: NDArray[Any], other: NDArray[Any]) -> float:
    x, y = (one - other).tolist()
    return math.hypot(x, y)
