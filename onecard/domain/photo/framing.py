"""How a picture is brought into the norm's frame: one similarity, never a stretch (photo norm 9).

The head keeps its proportions: turned by its own tilt, scaled equally across and down, moved so
that hair and eyes come to lie where the norm wants them. Where a tall head cannot have both margins
it is made smaller, and where that is too small the eye line wins and hair may be cut.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from onecard.domain.photo.face_figures import FacePolicy
from onecard.domain.photo.seen import HeadPlace

Point = tuple[float, float]
_NOISE = 3.0
"""Px by which a face may read wider when it is measured again (sd 1.3, photo norm 6)."""

_SLACK = 1.0
"""Px of a source by which its edge may be missed: the last row is as good as the next."""


@dataclass(frozen=True)
class Framing:
    """The transform: `at` (px of the upright stored picture) comes to lie on `to` (px of the card).

    `degrees` is the tilt that is taken out, clockwise; `face_width` is what the face becomes;
    `note` is `shrunk`, `hair_cut` or empty.
    """

    scale: float
    degrees: float
    at: Point
    to: Point
    face_width: float
    note: str = ""

    def back(self, point: Point) -> Point:
        """Where a point of the card comes from."""
        turn = math.radians(self.degrees)
        x, y = (point[0] - self.to[0]) / self.scale, (point[1] - self.to[1]) / self.scale
        across = math.cos(turn) * x - math.sin(turn) * y
        down = math.sin(turn) * x + math.cos(turn) * y
        return self.at[0] + across, self.at[1] + down


def frame_of(head: HeadPlace, height: float, *, figures: FacePolicy) -> Framing:
    """The transform into the norm's frame (photo norm 9, step 3), of a picture so high.

    Where the picture does not reach down to the card's lower edge, what the norm leaves free is
    used: the largest margin above the hair, then the widest face.
    """
    first = _aimed(head, figures.target_face_width, figures.target_crown, figures)
    widths = (figures.target_face_width, figures.face_width_px[1] - _NOISE)
    others = (_aimed(head, width, figures.crown_px[1], figures) for width in widths)
    tried = (framing for framing in (first, *others))
    return next((f for f in tried if not is_bottom_missing(f, height, figures=figures)), first)


def _aimed(head: HeadPlace, face_width: float, margin: float, figures: FacePolicy) -> Framing:
    """The transform for a face so wide with so much room above the hair, if both are possible."""
    crown = max(head.eye_y - head.crown_y, 1.0)
    lowest = figures.height_px - figures.eye_line_to_bottom_px
    scale, note = face_width / head.face_width, ""
    if figures.target_crown + crown * scale > lowest:
        scale, note = _of_a_tall_head(head, crown, scale, figures)
    eye_y = min(margin + crown * scale, lowest)
    at, to = (head.eye_x, head.eye_y), (figures.target_eye_x, eye_y)
    return Framing(scale, head.roll, at, to, scale * head.face_width, note)


def _of_a_tall_head(
    head: HeadPlace, crown: float, asked: float, figures: FacePolicy
) -> tuple[float, str]:
    """Smaller, down to the norm's narrowest face; then hair is cut, for the eye line is kept."""
    room = figures.height_px - figures.eye_line_to_bottom_px - figures.crown_px[0]
    least = figures.face_width_px[0] / head.face_width
    scale = min(room / crown, asked)
    if scale < least:
        return least, "hair_cut"
    return scale, "shrunk" if scale * head.face_width < figures.target_face_width else ""


def is_enlarged_too_much(framing: Framing, *, figures: FacePolicy) -> bool:
    """Whether the picture would have to be blown up further than is allowed."""
    return framing.scale > figures.max_upscale


def is_bottom_missing(framing: Framing, height: float, *, figures: FacePolicy) -> bool:
    """Whether the card's lower edge would show what the picture does not hold."""
    corners = ((0.0, figures.height_px - 1.0), (figures.width_px - 1.0, figures.height_px - 1.0))
    return any(framing.back(corner)[1] > height - 1 + _SLACK for corner in corners)
