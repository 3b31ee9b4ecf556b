"""What an engine saw of the person in a picture: numbers only, before anybody judges them.

Lengths and places are px of the upright picture at its stored size; None says that the engine
could not measure it. With the profile they were judged under, these numbers are enough to judge
again (photo norm, sections 6 and 8).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Optics:
    """How closely the engine looks: figures that spare it the outline where it is not needed.

    `short_side` is the size in px at which a large picture is looked at, `face_px` the least
    width of a face before a larger one is decoded. `ring_share` and `delta_e` say when the frame
    of the picture is white enough, `shade_share` how much grey beside the head is no shadow;
    `crown` is the band in px, of a picture of `width` and `height`, in which the crown is believed
    without the outline. From `light_share` on below the chin, as light and colourless as `light`
    (L*, chroma), the clothing is looked at.
    """

    short_side: int
    face_px: float
    ring_share: float
    delta_e: float
    shade_share: float
    crown: tuple[float, float]
    light_share: float
    light: tuple[float, float]
    width: int
    height: int


@dataclass(frozen=True)
class Seen:
    """The measures I01-I23 as raw values. `background_by` is `ring`, `mask` or empty."""

    engine: str
    models: tuple[str, ...] = ()
    faces: int | None = None
    yaw: float | None = None
    pitch: float | None = None
    roll: float | None = None
    face_width: float | None = None
    eye_x: float | None = None
    eye_y: float | None = None
    chin_y: float | None = None
    crown_y: float | None = None
    background_by: str = ""
    background_share: float | None = None
    shade_share: float | None = None
    background_delta_e: float | None = None
    background_pixels: int | None = None
    background_range: float | None = None
    background_spread: float | None = None
    plate_residual: float | None = None
    chroma: float | None = None
    tint: float | None = None
    sharpness: float | None = None
    face_light: float | None = None
    dark_share: float | None = None
    bright_share: float | None = None
    light_range: float | None = None
    side_light: float | None = None
    eyes_open: float | None = None
    mouth: float | None = None
    glasses: float | None = None
    lens_ratio: float | None = None
    top_light_share: float | None = None
    top_lightness: float | None = None
    top_chroma: float | None = None
    face_ratio: float | None = None
    eye_ratio: float | None = None
    colour_cast: float | None = None
    blank_share: float | None = None

    def as_plain(self) -> dict[str, Any]:
        """As a record keeps it: what was measured, nothing else."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def of_plain(cls, kept: Mapping[str, Any]) -> Seen:
        """Back from the record."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in kept.items() if name in known}
        return cls(**(values | {"models": tuple(values.get("models", ()))}))


@dataclass(frozen=True)
class HeadPlace:
    """Where the head is, in px of the upright stored picture; `roll` in degrees, clockwise."""

    face_width: float
    eye_x: float
    eye_y: float
    chin_y: float
    crown_y: float
    roll: float


def head_of(seen: Seen | None) -> HeadPlace | None:
    """Where the one head is; None unless an engine saw all of it."""
    if seen is None or seen.faces != 1:
        return None
    found = (seen.face_width, seen.eye_x, seen.eye_y, seen.chin_y, seen.crown_y, seen.roll)
    known = tuple(value for value in found if value is not None)
    return HeadPlace(*known) if len(known) == len(found) else None
