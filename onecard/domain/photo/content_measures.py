"""I09-I22: the background, and what the face itself is like.

Measures that depend on the colour of a skin (I14, I15, I19, I22) refer to a person, never reject.
"""

from __future__ import annotations

from onecard.domain.photo.findings import Finding, Measure, Outcome
from onecard.domain.photo.gauging import (
    Case,
    Gauge,
    at_least,
    at_most,
    graded,
    span_said,
    told,
    within,
)
from onecard.domain.refusal import Fact

_R, _H, _F, _A = Outcome.RETAKE, Outcome.HUMAN, Outcome.FIXABLE, Outcome.ADVICE


def background(case: Case) -> Finding:
    """I09: pure white behind."""
    seen, figures = case.seen, case.figures
    share, delta = seen.background_share, seen.background_delta_e
    by_ring = seen.background_by == "ring"
    least = figures.ring_share_min if by_ring else figures.background_share_min
    white = (share or 0) >= least and (delta or 0) <= figures.background_delta_e_max
    allowed = f"<={figures.background_delta_e_max:g}"
    if not by_ring and _is_hidden(case):
        return told(Measure.BACKGROUND, delta, _H, allowed, "show_background")
    if by_ring and not white and seen.plate_residual is None:
        return told(Measure.BACKGROUND, None, _H, allowed, "")
    return _wall(Measure.BACKGROUND, case, delta, allowed, white=white)


def shadow(case: Case) -> Finding:
    """I10: no shadow, no gradient; a white frame has none."""
    seen, figures = case.seen, case.figures
    allowed = f"<={max(figures.shadow_range_max, figures.shadow_spread_max):g}"
    if seen.background_by == "ring" and background(case).outcome is Outcome.PASS:
        return told(Measure.SHADOW, 0.0, Outcome.PASS, allowed, "")
    wide, spread = seen.background_range, seen.background_spread
    if wide is None or spread is None:
        return told(Measure.SHADOW, None, _H, allowed, "")
    even = wide <= figures.shadow_range_max and spread <= figures.shadow_spread_max
    if _is_hidden(case):
        return told(Measure.SHADOW, max(wide, spread), _H, allowed, "show_background")
    return _wall(Measure.SHADOW, case, max(wide, spread), allowed, white=even)


def colour(case: Case) -> Finding:
    """I11: a colour photo."""
    least = case.figures.chroma_min
    return at_least(Measure.COLOUR, case.seen.chroma, (least, _R), "colour_photo")


def tint(case: Case) -> Finding:
    """I12: not toned."""
    return at_least(Measure.TINT, case.seen.tint, (case.figures.tint_min, _H), "no_filter")


def sharpness(case: Case) -> Finding:
    """I13: in focus."""
    limits = (case.figures.sharpness_refer, case.figures.sharpness_reject)
    return graded(Measure.SHARPNESS, case.seen.sharpness, limits, "hold_still")


def exposure(case: Case) -> Finding:
    """I14: not too dark, not too bright, not flat; says which."""
    seen, figures = case.seen, case.figures
    light, (low, high) = seen.face_light, figures.face_light
    allowed = span_said(figures.face_light)
    if light is None:
        return told(Measure.EXPOSURE, None, _H, allowed, "")
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
    return at_most(Measure.SIDE_LIGHT, case.seen.side_light, most, "no_side_light")


def eyes_open(case: Case) -> Finding:
    """I16: both eyes open; the smaller counts."""
    limits = (case.figures.eyes_open_refer, case.figures.eyes_open_reject)
    return graded(Measure.EYES_OPEN, case.seen.eyes_open, limits, "open_eyes")


def mouth(case: Case) -> Finding:
    """I17: closed."""
    return at_most(Measure.MOUTH, case.seen.mouth, case.figures.mouth_max, "close_mouth")


def glasses(case: Case) -> Finding:
    """I18: whether glasses are worn: advice, for only the person knows whether they usually are."""
    value, worn = case.seen.glasses, case.figures.glasses_worn
    outcome = _A if (value or 0) >= worn else Outcome.PASS
    return told(Measure.GLASSES, value, outcome, f"<{worn:g}", "usual_glasses")


def dark_lenses(case: Case) -> Finding:
    """I19: eyes to be seen, not behind tint or glare."""
    least = case.figures.lens_ratio_min
    return at_least(Measure.DARK_LENSES, case.seen.lens_ratio, (least, _H), "clear_lenses")


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
    return told(Measure.WHITE_TOP, lightness, outcome, allowed, "darker_top")


def distortion(case: Case) -> Finding:
    """I21: not stretched."""
    seen, figures = case.seen, case.figures
    spans = ((seen.face_ratio, figures.face_ratio), (seen.eye_ratio, figures.eye_ratio))
    wrong = [(value, span) for value, span in spans if not within(value, span)]
    value, span = wrong[0] if wrong else spans[0]
    outcome = _H if wrong else Outcome.PASS
    return told(Measure.DISTORTION, value, outcome, span_said(span), "unstretched")


def colour_cast(case: Case) -> Finding:
    """I22: skin within the range of skins."""
    most = case.figures.colour_cast_max
    return at_most(Measure.COLOUR_CAST, case.seen.colour_cast, most, "white_balance")


def _wall(
    measure: Measure, case: Case, value: float | None, allowed: Fact, *, white: bool
) -> Finding:
    """White or not; else whitened where the wall is plain enough and the city allows it."""
    if white:
        return told(measure, value, Outcome.PASS, allowed, "")
    outcome = _F if may_be_whitened(case) else _H
    return told(measure, value, outcome, allowed, "whiten" if outcome is _F else "white_wall")


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


def _is_hidden(case: Case) -> bool:
    pixels = case.seen.background_pixels
    return pixels is not None and pixels < case.figures.background_pixels_min


CONTENT_MEASURES: tuple[Gauge, ...] = (
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
)
"""In the order of the report."""
