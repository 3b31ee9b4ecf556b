"""The norm's lines and the head's, to be drawn over a picture: numbers in px, no drawing here."""

from __future__ import annotations

from dataclasses import dataclass

from onecard.domain.photo.face_figures import FacePolicy, Span
from onecard.domain.photo.facts import PhotoFile
from onecard.domain.photo.seen import Seen, head_of


@dataclass(frozen=True)
class NormLines:
    """Where the norm wants a head, in px of a picture of `width` x `height`, from top left.

    The hair ends within `crown` (rows); the eyes lie on `eye_lowest` or above it, their middle
    within `eye_x` (columns); the cheeks lie within `face_left` and `face_right` (columns, for a
    face in the middle).
    """

    width: int
    height: int
    crown: Span
    eye_lowest: float
    eye_x: Span
    face_left: Span
    face_right: Span


@dataclass(frozen=True)
class HeadLines:
    """Where the head is, in px of the upright picture of `width` x `height`; roll in degrees."""

    width: int
    height: int
    crown_y: float
    eye_x: float
    eye_y: float
    chin_y: float
    face_left: float
    face_right: float
    roll: float


def norm_lines(figures: FacePolicy) -> NormLines:
    """The lines of a norm."""
    low, high = figures.face_width_px
    middle = figures.target_eye_x
    return NormLines(
        width=figures.width_px,
        height=figures.height_px,
        crown=figures.crown_px,
        eye_lowest=figures.height_px - figures.eye_line_to_bottom_px,
        eye_x=figures.eye_mid_x_px,
        face_left=(middle - high / 2, middle - low / 2),
        face_right=(middle + low / 2, middle + high / 2),
    )


def head_lines(seen: Seen | None, file: PhotoFile | None) -> HeadLines | None:
    """The lines of the one head that was seen whole."""
    head = head_of(seen)
    if head is None or file is None:
        return None
    width, height = file.upright_size()
    return HeadLines(
        width=width,
        height=height,
        crown_y=head.crown_y,
        eye_x=head.eye_x,
        eye_y=head.eye_y,
        chin_y=head.chin_y,
        face_left=head.eye_x - head.face_width / 2,
        face_right=head.eye_x + head.face_width / 2,
        roll=head.roll,
    )
