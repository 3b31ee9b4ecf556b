"""Looks at one upright picture with the mesh engine: every measure, the outline only if needed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from onecard.adapters.portrait.eyes import ground, plate, tones
from onecard.adapters.portrait.eyes.face import Face
from onecard.adapters.portrait.eyes.ground import Background, Scale
from onecard.adapters.portrait.eyes.mesh import MeshEyes
from onecard.adapters.portrait.eyes.picture import Pixels, luma
from onecard.adapters.portrait.eyes.runtime import Floats
from onecard.domain.photo.seen import Optics, Seen

_PITCH_OF_LEVEL = 7
"""Degrees that the mesh reads of a face that looks straight ahead (median 7.5, photo design 6)."""


class MeshEngine:
    """The mesh as the gate uses it."""

    def __init__(self, contents: dict[str, bytes], which: str) -> None:
        self._eyes = MeshEyes(contents, which)
        self.name = self._eyes.name

    def look(self, picture: Pixels, optics: Optics) -> Seen:
        """Every measure there is."""
        return look(self._eyes, picture, optics)

    def outline(self, picture: Pixels) -> Floats | None:
        """The person's outline."""
        return self._eyes.outline(picture)

    def faces(self, picture: Pixels) -> list[Face]:
        """Only the faces: the floor that everything else is measured against."""
        return self._eyes.faces(picture)


def look(engine: MeshEyes, picture: Pixels, optics: Optics) -> Seen:
    """Everything that can be measured; only the number of faces unless there is exactly one."""
    faces = engine.faces(picture)
    seen = Seen(engine.name, engine.models, faces=len(faces))
    if len(faces) != 1:
        return seen
    face = faces[0]
    small = ground.reduced(picture)
    scale = Scale.of(small, picture)
    frame = _of_the_frame(picture, small, face, scale, optics)
    values = _of_the_face(picture, small, face) | frame
    seen = replace(seen, **values)
    if _needs_outline(seen, picture, optics):
        return replace(seen, **_by_outline(engine, picture, small, face, scale))
    return seen


def _of_the_face(picture: Pixels, small: Pixels, face: Face) -> dict[str, Any]:
    grey = luma(picture)
    colour = tones.head_colour(small, face, picture.shape[:2])
    told = tones.tones(tones.canonical(picture, face))
    return vars(told) | {
        "yaw": face.yaw,
        "pitch": face.raw_pitch - _PITCH_OF_LEVEL,
        "roll": face.roll,
        "face_width": face.width,
        "eye_x": face.eye_mid[0],
        "eye_y": face.eye_mid[1],
        "chin_y": face.chin_y,
        "eyes_open": min(face.lids) if face.lids else None,
        "mouth": face.mouth,
        "face_ratio": face.width / max(face.eye_to_chin, 1e-6),
        "eye_ratio": face.eye_distance / max(face.eye_to_mouth, 1e-6),
        "glasses": tones.glasses(grey, face),
        "lens_ratio": tones.lens_ratio(grey, face),
        "chroma": colour[0] if colour else None,
        "tint": colour[1] if colour else None,
    }


def _of_the_frame(
    picture: Pixels, small: Pixels, face: Face, scale: Scale, optics: Optics
) -> dict[str, Any]:
    """What white and not white say without any model."""
    return {
        **_told("ring", ground.ring(small, face, scale)),
        "shade_share": ground.shade_share(small, face, scale),
        "crown_y": ground.crown_by_white(picture, small, face, scale),
        "top_light_share": ground.top_light_share(small, face, scale, optics.light),
        "blank_share": ground.blank_share(picture, face),
    }


def _needs_outline(seen: Seen, picture: Pixels, optics: Optics) -> bool:
    """Unless the frame is white, the clothing is dark and the crown is where it should be."""
    if picture.shape[:2] != (optics.height, optics.width):
        return True
    white = (seen.background_share or 0) >= optics.ring_share
    even = (seen.shade_share or 0) <= optics.shade_share
    near = (seen.background_delta_e or 0) <= optics.delta_e
    low, high = optics.crown
    crown = seen.crown_y is not None and low <= seen.crown_y <= high
    dark = (seen.top_light_share or 0) <= optics.light_share
    return not (white and near and even and crown and dark)


def _by_outline(
    engine: MeshEyes, picture: Pixels, small: Pixels, face: Face, scale: Scale
) -> dict[str, Any]:
    outline = engine.outline(picture)
    top = ground.top_colour(small, outline, face, scale)
    wall = plate.fit(small, outline)
    behind = ground.background(picture, outline, face)
    return {
        **(_told("mask", behind) if behind else {}),
        "plate_residual": wall.residual if wall else None,
        "crown_y": ground.crown_by_outline(outline, picture, face),
        "top_lightness": top[0] if top else None,
        "top_chroma": top[1] if top else None,
    }


def _told(by: str, found: Background) -> dict[str, Any]:
    return {
        "background_by": by,
        "background_share": found.share,
        "background_delta_e": found.delta_e,
        "background_pixels": found.pixels,
        "background_range": found.range,
        "background_spread": found.spread,
    }
