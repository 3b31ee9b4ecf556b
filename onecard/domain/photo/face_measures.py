"""I01-I08 and I23: who is in the picture, how the head is held, where it is in the frame.

Every rule gives a finding, a pass too; None of a value is never a pass.
"""

from __future__ import annotations

from onecard.domain.photo.content_measures import CONTENT_MEASURES
from onecard.domain.photo.findings import Finding, Measure, Outcome
from onecard.domain.photo.framing import is_bottom_missing, is_enlarged_too_much
from onecard.domain.photo.gauging import (
    Case,
    Gauge,
    at_most,
    deferred,
    span_said,
    told,
    turned,
    within,
)

_R, _H, _F, _A = Outcome.RETAKE, Outcome.HUMAN, Outcome.FIXABLE, Outcome.ADVICE


def faces(case: Case) -> Finding:
    """I01: one person."""
    count = case.seen.faces
    outcome = Outcome.PASS if count == 1 else _R
    return told(Measure.FACES, count, outcome, 1, "one_person")


def yaw(case: Case) -> Finding:
    """I02: facing the camera; plus is turned to the picture's right."""
    limits = (case.figures.yaw_refer, case.figures.yaw_reject)
    return turned(Measure.YAW, case.seen.yaw, limits, "face_camera")


def pitch(case: Case) -> Finding:
    """I03: looking straight ahead; plus is lowered."""
    limits = (case.figures.pitch_refer, case.figures.pitch_reject)
    return turned(Measure.PITCH, case.seen.pitch, limits, "look_ahead")


def roll(case: Case) -> Finding:
    """I04: upright; a small tilt is levelled; plus is clockwise."""
    figures, value = case.figures, case.seen.roll
    tilt = abs(value or 0)
    outcome = _R if tilt > figures.roll_reject else _F if tilt > figures.roll_max else Outcome.PASS
    remedy = "hold_upright" if outcome is _R else "level"
    return told(Measure.ROLL, value, outcome, f"<={figures.roll_max:g}", remedy)


def face_width(case: Case) -> Finding:
    """I05: as wide as the norm asks; of another size only whether the face is large enough."""
    figures, value = case.figures, case.seen.face_width
    source = _source_width(case, value)
    if source is not None:
        return source
    low, high = figures.face_width_px
    outcome = _F if case.framed and not low <= (value or 0) <= high else Outcome.PASS
    found = told(Measure.FACE_WIDTH, value, outcome, span_said(figures.face_width_px), "rescale")
    return found if case.framed else deferred(found)


def eye_x(case: Case) -> Finding:
    """I06: in the middle."""
    span = case.figures.eye_mid_x_px
    value = case.seen.eye_x
    outcome = Outcome.PASS if within(value, span) else _F
    found = told(Measure.EYE_X, value, outcome, span_said(span), "recentre")
    return found if case.framed else deferred(found)


def eye_line(case: Case) -> Finding:
    """I07: eyes high enough."""
    eyes = case.seen.eye_y
    value = None if eyes is None else case.height - eyes
    outcome = _F if (value or 0) < case.figures.eye_line_least else Outcome.PASS
    allowed = f">={case.figures.eye_line_to_bottom_px:g}"
    found = told(Measure.EYE_LINE, value, outcome, allowed, "reframe")
    return found if case.framed else deferred(found)


def crown(case: Case) -> Finding:
    """I08: the margin above the hair; hair cut by the edge cannot be brought back."""
    figures, value = case.figures, case.seen.crown_y
    allowed = span_said(figures.crown_px)
    if value is not None and value <= 0 and not _is_conflict(case):
        return told(Measure.CROWN, value, _H, allowed, "whole_head")
    outcome = Outcome.PASS if within(value, figures.crown_allowed) else _F
    if outcome is _F and _is_conflict(case):
        outcome = _A
    remedy = "eye_line_wins" if outcome is _A else "reframe"
    found = told(Measure.CROWN, value, outcome, allowed, remedy)
    return found if case.framed else deferred(found)


def shoulders(case: Case) -> Finding:
    """I23: the person reaches the lower edge; of another size, whether the frame can be filled."""
    figures, framing = case.figures, case.framing
    allowed = f"<={figures.blank_share_max:g}"
    missing = framing is not None and is_bottom_missing(framing, case.height, figures=figures)
    if not case.framed and missing:
        return told(Measure.SHOULDERS, 1.0, _H, allowed, "show_shoulders")
    found = at_most(
        Measure.SHOULDERS, case.seen.blank_share, figures.blank_share_max, "show_shoulders"
    )
    return found if case.framed else deferred(found)


def _source_width(case: Case, value: float | None) -> Finding | None:
    """A face too small to be used, or too small to be enlarged into the frame."""
    figures, framing = case.figures, case.framing
    if value is None:
        return None
    allowed = f">={figures.source_face_width_refer:g}"
    if value < figures.source_face_width_reject:
        return told(Measure.FACE_WIDTH, value, _R, allowed, "come_closer")
    blown_up = framing is not None and is_enlarged_too_much(framing, figures=figures)
    if value < figures.source_face_width_refer or (blown_up and not case.framed):
        return told(Measure.FACE_WIDTH, value, _H, allowed, "larger_picture")
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


FACE_MEASURES: tuple[Gauge, ...] = (
    yaw,
    pitch,
    roll,
    face_width,
    eye_x,
    eye_line,
    crown,
    *CONTENT_MEASURES,
    shoulders,
)
"""I02-I23, in the order of the report."""
