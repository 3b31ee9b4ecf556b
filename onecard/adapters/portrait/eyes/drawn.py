"""The engine of tests: drawings have no face, so it sees a faultless one in every picture."""

from __future__ import annotations

from onecard.adapters.portrait.eyes.picture import Pixels
from onecard.adapters.portrait.eyes.runtime import Floats
from onecard.domain.photo.seen import Optics, Seen

_FAULTLESS = Seen(
    engine="drawn",
    faces=1,
    yaw=0.0,
    pitch=0.0,
    roll=0.0,
    background_by="ring",
    background_share=1.0,
    background_delta_e=0.0,
    shade_share=0.0,
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
    top_light_share=0.0,
    face_ratio=1.23,
    eye_ratio=0.93,
    colour_cast=0.0,
    blank_share=0.0,
)


class DrawnEyes:
    """Sees what is asked for. `onecard check` refuses it in production."""

    name = "drawn"

    def look(self, picture: Pixels, optics: Optics) -> Seen:
        """A faultless face; where it is only in a picture of the asked size."""
        if picture.shape[:2] != (optics.height, optics.width):
            return _FAULTLESS
        places = {
            "face_width": 207.0,
            "eye_x": 179.0,
            "eye_y": 232.0,
            "chin_y": 400.0,
            "crown_y": 14.0,
        }
        return Seen(**(vars(_FAULTLESS) | places))

    def outline(self, _picture: Pixels) -> Floats | None:
        """None: a drawing has no outline to be trusted."""
        return None
