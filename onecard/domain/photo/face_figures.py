"""The figures by which the person in a portrait is judged (`photo.toml`, version in `profile`)."""

from __future__ import annotations

from dataclasses import dataclass

from onecard.domain.photo.seen import Optics

Span = tuple[float, float]


@dataclass(frozen=True)
class FacePolicy:
    """What the norm and the city ask of the person, the background and the frame.

    `_px` are px of a picture `width_px` wide; `_refer` sends to a person, `_reject` asks for
    another photo; spans are inclusive.
    """

    width_px: int
    height_px: int
    face_width_px: Span
    eye_mid_x_px: Span
    eye_line_to_bottom_px: float
    eye_line_to_bottom_tolerance: float
    crown_px: Span
    crown_tolerance: float
    target_face_width: float
    target_crown: float
    target_eye_x: float
    source_face_width_refer: float
    source_face_width_reject: float
    max_upscale: float
    plate_residual_max: float
    background_replacement: str
    yaw_refer: float
    yaw_reject: float
    pitch_refer: float
    pitch_reject: float
    roll_max: float
    roll_reject: float
    background_share_min: float
    background_delta_e_max: float
    background_pixels_min: float
    ring_share_min: float
    ring_shade_max: float
    near_white_delta_e_max: float
    shadow_range_max: float
    shadow_spread_max: float
    chroma_min: float
    tint_min: float
    sharpness_refer: float
    sharpness_reject: float
    face_light: Span
    dark_share_max: float
    bright_share_max: float
    light_range_min: float
    side_light_max: float
    eyes_open_refer: float
    eyes_open_reject: float
    mouth_max: float
    glasses_worn: float
    lens_ratio_min: float
    white_top_lightness: float
    white_top_chroma: float
    top_light_share: float
    face_ratio: Span
    eye_ratio: Span
    colour_cast_max: float
    blank_share_max: float
    look_short_side: int
    look_face_px: float

    @property
    def crown_allowed(self) -> Span:
        """The margin above the hair, tolerance included."""
        low, high = self.crown_px
        return low - self.crown_tolerance, high + self.crown_tolerance

    @property
    def eye_line_least(self) -> float:
        """From the eyes to the bottom edge, tolerance included."""
        return self.eye_line_to_bottom_px - self.eye_line_to_bottom_tolerance

    def optics(self) -> Optics:
        """How closely the engine has to look under these figures."""
        return Optics(
            short_side=self.look_short_side,
            face_px=self.look_face_px,
            ring_share=self.ring_share_min,
            delta_e=self.background_delta_e_max,
            shade_share=self.ring_shade_max,
            crown=self.crown_allowed,
            light_share=self.top_light_share,
            light=(self.white_top_lightness, self.white_top_chroma),
            width=self.width_px,
            height=self.height_px,
        )
