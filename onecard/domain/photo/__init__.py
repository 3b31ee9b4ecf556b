"""照片质检: judges what was measured of a portrait file against one dated profile (rule book 6).

Every defect is said at once, each with what was measured, what is allowed and what to do. Judging
is pure; opening the file is the business of `adapters/portrait`. More measures join by being added
to the list that `judge` walks through.
"""

from onecard.domain.photo.facts import Coding, Colour, Copy, Extra, Intake, PhotoFile, PhotoSource
from onecard.domain.photo.figures import PhotoPolicy
from onecard.domain.photo.findings import Finding, Measure, Outcome, Verdict, verdict_of
from onecard.domain.photo.judging import Caps, Rule, caps, judge, may_be_opened, stopped
from onecard.domain.photo.measures import FILE_MEASURES
from onecard.domain.photo.mending import Edit, Made, Mending, edits_of, plan_mending, still_open
from onecard.domain.photo.requirement import (
    DeclineReason,
    is_photo_required,
    may_be_another_persons,
    may_be_printed,
    must_have_photo,
    original_kept_until,
)

__all__ = [
    "FILE_MEASURES",
    "Caps",
    "Coding",
    "Colour",
    "Copy",
    "DeclineReason",
    "Edit",
    "Extra",
    "Finding",
    "Intake",
    "Made",
    "Measure",
    "Mending",
    "Outcome",
    "PhotoFile",
    "PhotoPolicy",
    "PhotoSource",
    "Rule",
    "Verdict",
    "caps",
    "edits_of",
    "is_photo_required",
    "judge",
    "may_be_another_persons",
    "may_be_opened",
    "may_be_printed",
    "must_have_photo",
    "original_kept_until",
    "plan_mending",
    "still_open",
    "stopped",
    "verdict_of",
]
