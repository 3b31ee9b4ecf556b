"""I01-I23: the measures of the person in the picture, each one rule over what was seen.

Every rule gives a finding, a pass too; None of a value is never a pass. Measures that depend on the
colour of a skin (I14, I15, I19, I22) refer to a person and never reject.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from onecard.domain.photo.face_figures import FacePolicy, Span
from onecard.domain.photo.findings import Finding, Measure, Outcome
from onecard.domain.photo.framing import (
    Framing,
    frame_of,
    is_bottom_missing,
    is_enlarged_too_much,
)
from onecard.domain.photo.seen import Seen, head_of
from onecard.domain.refusal import Fact

_R, _H, _F, _A = Outcome.RETAKE, Outcome.HUMAN, Outcome.FIXABLE, Outcome.ADVICE


@dataclass(frozen=True)
class Case:
    """What was seen in a picture of `width` x `height` (upright), and the figures.

    `framed` says that the picture has the asked size: only then is its frame judged.
    """

    seen: Seen
    width: int
    height: int
    figures: FacePolicy

    @property
    def framed(self) -> bool:
        """Whether the picture has the asked size."""
        return (self.width, self.height) == (self.figures.width_px, self.figures.height_px)

    @property
    def framing(self) -> Framing | None:
        """How it would be brought into the frame; None where the head was not seen whole."""
        head = head_of(self.seen)
        return frame_of(head, self.height, figures=self.figures) if head else None


Gauge = Callable[[Case], Finding]


def faces(case: Case) -> Finding:
    """I01: one person."""
    count = case.seen.faces
    outcome = Outcome.PASS if count == 1 else _R
    return _told(Measure.FACES, count, outcome, 1, "one_person")


def yaw(case: Case) -> Finding:
    """I02: facing the camera; plus is turned to the picture's right."""
    limits = (case.figures.yaw_refer, case.figures.yaw_reject)
    return _turned(Measure.YAW, case.seen.yaw, limits, "face_camera")


def pitch(case: Case) -> Finding:
    """I03: looking straight ahead; plus is lowered."""
    limits = (case.figures.pitch_refer, case.figures.pitch_reject)
    return _turned(Measure.PITCH, case.seen.pitch, limits, "look_ahead")


def roll(case: Case) -> Finding:
    """I04: upright; a small tilt is levelled; plus is clockwise."""
    figures, value = case.figures, case.seen.roll
    tilt = abs(value or 0)
    outcome = _R if tilt > figures.roll_reject else _F if tilt > figures.roll_max else Outcome.PASS
    remedy = "hold_upright" if outcome is _R else "level"
    return _told(Measure.ROLL, value, outcome, f"<={figures.roll_max:g}", remedy)


def face_width(case: Case) -> Finding:
    """I05: as wide as the norm asks; of another size only whether the face is large enough."""
    figures, value = case.figures, case.seen.face_width
    source = _source_width(case, value)
    if source is not None:
        return source
    low, high = figures.face_width_px
    outcome = _F if case.framed and not low <= (value or 0) <= high else Outcome.PASS
    told = _told(Measure.FACE_WIDTH, value, outcome, _span(figures.face_width_px), "rescale")
    return told if case.framed else _deferred(told)


def eye_x(case: Case) -> Finding:
    """I06: in the middle."""
    span = case.figures.eye_mid_x_px
    value = case.seen.eye_x
    outcome = Outcome.PASS if _within(value, span) else _F
    told = _told(Measure.EYE_X, value, outcome, _span(span), "recentre")
    return told if case.framed else _deferred(told)


def eye_line(case: Case) -> Finding:
    """I07: eyes high enough."""
    eyes = case.seen.eye_y
    value = None if eyes is None else case.height - eyes
    outcome = _F if (value or 0) < case.figures.eye_line_least else Outcome.PASS
    allowed = f">={case.figures.eye_line_to_bottom_px:g}"
    told = _told(Measure.EYE_LINE, value, outcome, allowed, "reframe")
    return told if case.framed else _deferred(told)


def crown(case: Case) -> Finding:
    """I08: the margin above the hair; hair cut by the edge cannot be brought back."""
    figures, value = case.figures, case.seen.crown_y
    allowed = _span(figures.crown_px)
    if value is not None and value <= 0 and not _is_conflict(case):
        return _told(Measure.CROWN, value, _H, allowed, "whole_head")
    outcome = Outcome.PASS if _within(value, figures.crown_allowed) else _F
    if outcome is _F and _is_conflict(case):
        outcome = _A
    remedy = "eye_line_wins" if outcome is _A else "reframe"
    told = _told(Measure.CROWN, value, outcome, allowed, remedy)
    return told if case.framed else _deferred(told)


def background(case: Case) -> Finding:
    """I09: pure white behind."""
    seen, figures = case.seen, case.figures
    share, delta = seen.background_share, seen.background_delta_e
    by_ring = seen.background_by == "ring"
    least = figures.ring_share_min if by_ring else figures.background_share_min
    white = (share or 0) >= least and (delta or 0) <= figures.background_delta_e_max
    allowed = f"<={figures.background_delta_e_max:g}"
    if not by_ring and _is_hidden(case):
        return _told(Measure.BACKGROUND, delta, _H, allowed, "show_background")
    if by_ring and not white and seen.plate_residual is None:
        return _told(Measure.BACKGROUND, None, _H, allowed, "")
    return _wall(Measure.BACKGROUND, case, delta, allowed, white=white)


def shadow(case: Case) -> Finding:
    """I10: no shadow, no gradient; a white frame has none."""
    seen, figures = case.seen, case.figures
    allowed = f"<={max(figures.shadow_range_max, figures.shadow_spread_max):g}"
    if seen.background_by == "ring" and background(case).outcome is Outcome.PASS:
        return _told(Measure.SHADOW, 0.0, Outcome.PASS, allowed, "")
    wide, spread = seen.background_range, seen.background_spread
    if wide is None or spread is None:
        return _told(Measure.SHADOW, None, _H, allowed, "")
    even = wide <= figures.shadow_range_max and spread <= figures.shadow_spread_max
    if _is_hidden(case):
        return _told(Measure.SHADOW, max(wide, spread), _H, allowed, "show_background")
    return _wall(Measure.SHADOW, case, max(wide, spread), allowed, white=even)


def colour(case: Case) -> Finding:
    """I11: a colour photo."""
    least = case.figures.chroma_min
    return _least(Measure.COLOUR, case.seen.chroma, (least, _R), "colour_photo")


def tint(case: Case) -> Finding:
    """I12: not toned."""
    return _least(Measure.TINT, case.seen.tint, (case.figures.tint_min, _H), "no_filter")


def sharpness(case: Case) -> Finding:
    """I13: in focus."""
    limits = (case.figures.sharpness_refer, case.figures.sharpness_reject)
    return _graded(Measure.SHARPNESS, case.seen.sharpness, limits, "hold_still")


def exposure(case: Case) -> Finding:
    """I14: not too dark, not too bright, not flat; says which."""
    seen, figures = case.seen, case.figures
    light, (low, high) = seen.face_light, figures.face_light
    allowed = _span(figures.face_light)
    if light is None:
        return _told(Measure.EXPOSURE, None, _H, allowed, "")
    wrong = {
        "too_dark": light < low or (seen.dark_share or 0) > figures.dark_share_max,
        "too_bright": light > high or (seen.bright_share or 0) > figures.bright_share_max,
        "flat": (seen.light_range or 0) < figures.light_range_min,
    }
    named = tuple(f"@photo.value.{name}" for name, is_so in wrong.items() if is_so)
    outcome = _H if named else Outcome.PASS
    return Finding(
        Measure.EXPOSURE, outcome, named or round(light, 1), allowed, "even_light" if named else ""
    )


def side_light(case: Case) -> Finding:
    """I15: both cheeks about equally light."""
    most = case.figures.side_light_max
    return _most(Measure.SIDE_LIGHT, case.seen.side_light, most, "no_side_light")


def eyes_open(case: Case) -> Finding:
    """I16: both eyes open; the smaller counts."""
    limits = (case.figures.eyes_open_refer, case.figures.eyes_open_reject)
    return _graded(Measure.EYES_OPEN, case.seen.eyes_open, limits, "open_eyes")


def mouth(case: Case) -> Finding:
    """I17: closed."""
    return _most(Measure.MOUTH, case.seen.mouth, case.figures.mouth_max, "close_mouth")


def glasses(case: Case) -> Finding:
    """I18: whether glasses are worn: advice, for only the person knows whether they usually are."""
    value, worn = case.seen.glasses, case.figures.glasses_worn
    outcome = _A if (value or 0) >= worn else Outcome.PASS
    return _told(Measure.GLASSES, value, outcome, f"<{worn:g}", "usual_glasses")


def dark_lenses(case: Case) -> Finding:
    """I19: eyes to be seen, not behind tint or glare."""
    least = case.figures.lens_ratio_min
    return _least(Measure.DARK_LENSES, case.seen.lens_ratio, (least, _H), "clear_lenses")


def white_top(case: Case) -> Finding:
    """I20: no white top; clothing cannot be changed for anybody."""
    seen, figures = case.seen, case.figures
    allowed = f"<{figures.white_top_lightness:g}"
    lightness, chroma = seen.top_lightness, seen.top_chroma
    if lightness is None or chroma is None:
        dark = (seen.top_light_share or 0) <= figures.top_light_share
        known = seen.top_light_share is not None and dark
        return Finding(
            Measure.WHITE_TOP, Outcome.PASS if known else Outcome.NOT_ASSESSED, None, allowed, ""
        )
    white = lightness >= figures.white_top_lightness and chroma < figures.white_top_chroma
    outcome = _H if white else Outcome.PASS
    return _told(Measure.WHITE_TOP, lightness, outcome, allowed, "darker_top")


def distortion(case: Case) -> Finding:
    """I21: not stretched."""
    seen, figures = case.seen, case.figures
    spans = ((seen.face_ratio, figures.face_ratio), (seen.eye_ratio, figures.eye_ratio))
    wrong = [(value, span) for value, span in spans if not _within(value, span)]
    value, span = wrong[0] if wrong else spans[0]
    outcome = _H if wrong else Outcome.PASS
    return _told(Measure.DISTORTION, value, outcome, _span(span), "unstretched")


def colour_cast(case: Case) -> Finding:
    """I22: skin within the range of skins."""
    most = case.figures.colour_cast_max
    return _most(Measure.COLOUR_CAST, case.seen.colour_cast, most, "white_balance")


def shoulders(case: Case) -> Finding:
    """I23: the person reaches the lower edge; of another size, whether the frame can be filled."""
    figures, framing = case.figures, case.framing
    allowed = f"<={figures.blank_share_max:g}"
    missing = framing is not None and is_bottom_missing(framing, case.height, figures=figures)
    if not case.framed and missing:
        return _told(Measure.SHOULDERS, 1.0, _H, allowed, "show_shoulders")
    told = _most(
        Measure.SHOULDERS, case.seen.blank_share, figures.blank_share_max, "show_shoulders"
    )
    return told if case.framed else _deferred(told)


FACE_MEASURES: tuple[Gauge, ...] = (
    yaw,
    pitch,
    roll,
    face_width,
    eye_x,
    eye_line,
    crown,
    background,
    shadow,
    colour,
    tint,
    sharpness,
    exposure,
    side_light,
    eyes_open,
    mouth,
    glasses,
    dark_lenses,
    white_top,
    distortion,
    colour_cast,
    shoulders,
)
"""I02-I23, in the order of the report."""


def _told(
    measure: Measure, value: float | None, outcome: Outcome, allowed: Fact, remedy: str
) -> Finding:
    """A finding with its value as people say it; without a value it is not assessed."""
    if value is None:
        return Finding(measure, Outcome.NOT_ASSESSED, None, allowed, "")
    said = round(value, measure.digits) if measure.digits else round(value)
    return Finding(measure, outcome, said, allowed, "" if outcome is Outcome.PASS else remedy)


def _deferred(finding: Finding) -> Finding:
    """Hidden by another defect that can be put right: the re-check judges it."""
    return Finding(finding.measure, Outcome.DEFERRED, finding.measured, finding.allowed, "")


def _turned(measure: Measure, value: float | None, limits: Span, remedy: str) -> Finding:
    refer, reject = limits
    angle = abs(value or 0)
    outcome = _R if angle > reject else _H if angle > refer else Outcome.PASS
    return _told(measure, value, outcome, f"<={refer:g}", remedy)


def _least(
    measure: Measure, value: float | None, limit: tuple[float, Outcome], remedy: str
) -> Finding:
    least, below = limit
    outcome = below if value is not None and value < least else Outcome.PASS
    return _told(measure, value, outcome, f">={least:g}", remedy)


def _most(measure: Measure, value: float | None, most: float, remedy: str) -> Finding:
    outcome = _H if value is not None and value > most else Outcome.PASS
    return _told(measure, value, outcome, f"<={most:g}", remedy)


def _graded(measure: Measure, value: float | None, limits: Span, remedy: str) -> Finding:
    refer, reject = limits
    known = value if value is not None else refer
    outcome = _R if known < reject else _H if known < refer else Outcome.PASS
    return _told(measure, value, outcome, f">={refer:g}", remedy)


def _wall(
    measure: Measure, case: Case, value: float | None, allowed: Fact, *, white: bool
) -> Finding:
    """White or not; else whitened where the wall is plain enough and the city allows it."""
    if white:
        return _told(measure, value, Outcome.PASS, allowed, "")
    outcome = _F if may_be_whitened(case) else _H
    return _told(measure, value, outcome, allowed, "whiten" if outcome is _F else "white_wall")


def may_be_whitened(case: Case) -> bool:
    """Whether the background may be made white: allowed here, plain enough, near white if asked.

    Of a picture still to be framed only the framed one can say how plain its wall is.
    """
    figures, seen = case.figures, case.seen
    if figures.background_replacement == "off":
        return False
    near = (seen.background_delta_e or 0) <= figures.near_white_delta_e_max
    if figures.background_replacement == "near_white" and not near:
        return False
    plain = seen.plate_residual is not None and seen.plate_residual <= figures.plate_residual_max
    return plain or not case.framed


def _source_width(case: Case, value: float | None) -> Finding | None:
    """A face too small to be used, or too small to be enlarged into the frame."""
    figures, framing = case.figures, case.framing
    if value is None:
        return None
    allowed = f">={figures.source_face_width_refer:g}"
    if value < figures.source_face_width_reject:
        return _told(Measure.FACE_WIDTH, value, _R, allowed, "come_closer")
    blown_up = framing is not None and is_enlarged_too_much(framing, figures=figures)
    if value < figures.source_face_width_refer or (blown_up and not case.framed):
        return _told(Measure.FACE_WIDTH, value, _H, allowed, "larger_picture")
    return None


def _is_conflict(case: Case) -> bool:
    """The norm's own conflict: face as narrow and eyes as low as allowed; then hair may be cut."""
    seen, figures = case.seen, case.figures
    if not case.framed or seen.face_width is None or seen.eye_y is None:
        return False
    margin = case.height - seen.eye_y - figures.eye_line_to_bottom_px
    tolerance = figures.eye_line_to_bottom_tolerance
    narrow = seen.face_width <= figures.face_width_px[0] + figures.crown_tolerance
    low = -tolerance <= margin <= tolerance
    return narrow and low and (seen.crown_y or 0) < figures.crown_px[0]


def _is_hidden(case: Case) -> bool:
    pixels = case.seen.background_pixels
    return pixels is not None and pixels < case.figures.background_pixels_min


def _within(value: float | None, span: Span) -> bool:
    return value is not None and span[0] <= value <= span[1]


def _span(span: Span) -> str:
    return f"{span[0]:g}-{span[1]:g}"
