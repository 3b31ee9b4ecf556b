"""Pictures with a face in them, without a photo of ours: an astronaut whose picture is free.

scikit-image carries it (Eileen Collins, NASA, public domain). The portrait set beside the checkout
is used where it is there (ONECARD_PHOTOS, or ../shared/photos); nothing of it is committed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import skimage.data

from onecard import policy
from onecard.adapters.portrait import line
from onecard.adapters.portrait.eyes.picture import Pixels, similarity
from onecard.domain.photo import FacePolicy, Framing, HeadPlace, Intake, PhotoPolicy, Seen
from onecard.simulator.photo_accuracy.lab import Lab, coded

ON = date(2026, 3, 2)
FIGURES = policy.in_force("photo", PhotoPolicy, on=ON)
NORM = policy.in_force("photo", FacePolicy, on=ON)
SIZE = (NORM.width_px, NORM.height_px)
WITH_FIXER = Intake.WITH_FIXER

PHOTOS = Path(os.environ.get("ONECARD_PHOTOS", Path(__file__).parents[2] / "shared" / "photos"))


def portraits(*folders: str) -> list[Path]:
    """Files of the portrait set, none where it is not there."""
    return [file for folder in folders for file in sorted((PHOTOS / folder).glob("*.jpg"))]


def astronaut() -> Pixels:
    """The picture as it comes: 512 x 512, one face 91 px wide."""
    return np.asarray(skimage.data.astronaut(), np.uint8)


@cache
def framed() -> Pixels:
    """The astronaut enlarged into the norm's frame: nearly compliant but for her background."""
    matrix = similarity(at=(225.49, 103.3), to=(178.95, 213.3), scale=2.28, degrees=3.43)
    out = cv2.warpAffine(
        astronaut(), matrix, SIZE, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(out, np.uint8)


@cache
def lab(engine: str = "mesh") -> Lab:
    """The gate in this process, its models read once for all tests."""
    return Lab(ON, engine)


@cache
def before_a_wall(colour: tuple[int, int, int] = (255, 255, 255)) -> Pixels:
    """The framed astronaut before a plain wall."""
    picture = framed()
    alpha = np.clip((lab().mask(picture) - 0.35) / 0.4, 0, 1)[..., None]
    return np.asarray(picture * alpha + (1 - alpha) * np.array(colour), np.uint8)


def compliant() -> bytes:
    """A file that a mesh engine passes, or nearly."""
    return coded(before_a_wall())


@contextmanager
def eyes(engine: str = "mesh") -> Iterator[None]:
    """A darkroom with another engine for the length of a block."""
    before = os.environ.get("ONECARD_PHOTO_ENGINE")
    os.environ["ONECARD_PHOTO_ENGINE"] = engine
    line.close()
    try:
        yield
    finally:
        line.close()
        os.environ["ONECARD_PHOTO_ENGINE"] = before or "auto"


def faultless(**more: Any) -> Seen:
    """What would be seen of a faultless photo."""
    seen = Seen(
        engine="mesh+litert",
        faces=1,
        yaw=0.0,
        pitch=0.0,
        roll=0.0,
        face_width=207.0,
        eye_x=179.0,
        eye_y=232.0,
        chin_y=400.0,
        crown_y=14.0,
        background_by="mask",
        background_share=1.0,
        background_delta_e=0.2,
        background_pixels=6000,
        background_range=0.1,
        background_spread=0.1,
        plate_residual=0.5,
        chroma=37.0,
        tint=3.7,
        sharpness=0.57,
        face_light=160.0,
        dark_share=0.0,
        bright_share=0.0,
        light_range=180.0,
        side_light=5.0,
        eyes_open=0.29,
        mouth=0.08,
        glasses=2.0,
        lens_ratio=0.66,
        top_light_share=0.1,
        top_lightness=20.0,
        top_chroma=7.0,
        face_ratio=1.23,
        eye_ratio=0.93,
        colour_cast=0.0,
        blank_share=0.0,
    )
    return replace(seen, **more)


HEAD = HeadPlace(face_width=414.0, eye_x=500.0, eye_y=500.0, chin_y=838.0, crown_y=100.0, roll=0.0)
"""A head twice too large, in a picture of 1024 x 1024 or more."""

__all__ = ["FIGURES", "HEAD", "NORM", "ON", "WITH_FIXER", "Framing"]
