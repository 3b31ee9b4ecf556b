"""照片质检: judges what was measured of a portrait file against one dated profile (rule book 6).

Every defect is said at once, each with what was measured, what is allowed and what to do. Judging
is pure; opening the file and looking at the person is the business of `adapters/portrait`. `check`
judges both together; `plan_mending` says what the doctor may do.
"""

from onecard.domain.photo.checking import Checked, check
from onecard.domain.photo.face_figures import FacePolicy
from onecard.domain.photo.face_measures import FACE_MEASURES
from onecard.domain.photo.facts import (
    Coding,
    Colour,
    Copy,
    Extra,
    Intake,
    PhotoFile,
    PhotoSource,
    Scope,
)
from onecard.domain.photo.figures import PhotoPolicy
from onecard.domain.photo.findings import Finding, Measure, Outcome, Verdict, verdict_of
from onecard.domain.photo.framing import Framing
from onecard.domain.photo.judging import Caps, Rule, caps, judge, may_be_opened, stopped
from onecard.domain.photo.lines import HeadLines, NormLines, head_lines, norm_lines
from onecard.domain.photo.measures import FILE_MEASURES
from onecard.domain.photo.mending import (
    Edit,
    LookedAt,
    Made,
    Mending,
    Whitening,
    edits_of,
    plan_mending,
    still_open,
)
from onecard.domain.photo.requirement import (
    DeclineReason,
    is_photo_required,
    may_be_another_persons,
    may_be_printed,
    must_have_photo,
    original_kept_until,
)
from onecard.domain.photo.seen import HeadPlace, Optics, Seen, head_of

__all__ = [
    "FACE_MEASURES",
    "FILE_MEASURES",
    "Caps",
    "Checked",
    "Coding",
    "Colour",
    "Copy",
    "DeclineReason",
    "Edit",
    "Extra",
    "FacePolicy",
    "Finding",
    "Framing",
    "HeadLines",
    "HeadPlace",
    "Intake",
    "LookedAt",
    "Made",
    "Measure",
    "Mending",
    "NormLines",
    "Optics",
    "Outcome",
    "PhotoFile",
    "PhotoPolicy",
    "PhotoSource",
    "Rule",
    "Scope",
    "Seen",
    "Verdict",
    "Whitening",
    "caps",
    "check",
    "edits_of",
    "head_lines",
    "head_of",
    "is_photo_required",
    "judge",
    "may_be_another_persons",
    "may_be_opened",
    "may_be_printed",
    "must_have_photo",
    "norm_lines",
    "original_kept_until",
    "plan_mending",
    "still_open",
    "stopped",
    "verdict_of",
]
