"""Who must have a photo, and which photo may go onto a card (rule book 6, P10; 8.1)."""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum

from onecard.domain.person import age_on
from onecard.domain.photo.figures import PhotoPolicy
from onecard.domain.photo.findings import Verdict
from onecard.domain.refusal import Fix, FixKind, Refusal


class DeclineReason(Enum):
    """Why somebody who looked at a photo asks for another one (P6-P9)."""

    BACKGROUND = "background"
    UNIFORM = "uniform"
    WHITE_TOP = "white_top"
    GLASSES = "glasses"
    NOT_FRONTAL = "not_frontal"
    NOT_CLEAR = "not_clear"
    NOT_RECENT = "not_recent"
    NOT_THE_HOLDER = "not_the_holder"


def is_photo_required(*, born_on: date, on: date, figures: PhotoPolicy) -> bool:
    """满7周岁须有照片: from the seventh birthday on. Younger children's cards carry none."""
    return age_on(born_on, on, figures) >= figures.required_from_age


def must_have_photo(
    *, born_on: date, on: date, has_photo: bool, figures: PhotoPolicy
) -> Refusal | None:
    """满7周岁须有照片."""
    if has_photo or not is_photo_required(born_on=born_on, on=on, figures=figures):
        return None
    return Refusal(
        "photo.required",
        measured={"age": age_on(born_on, on, figures)},
        allowed={"from_age": figures.required_from_age},
        field="photo",
        fix=Fix(FixKind.BRING, {"what": "photo"}),
    )


def may_be_printed(*, verdict: Verdict, looked_at: bool) -> Refusal | None:
    """A photo that a person has to judge goes onto no card before one has looked at it."""
    if verdict is Verdict.PASS or (verdict is Verdict.HUMAN and looked_at):
        return None
    return Refusal(
        "photo.content_review",
        measured={"verdict": f"@photo.verdict.{verdict.value}"},
        allowed={"asked": f"@photo.verdict.{Verdict.PASS.value}"},
        field="photo",
        fix=Fix(FixKind.ASK_PERSON, {"who": "reviewer"}),
    )


def may_be_another_persons(*, others: int) -> Refusal | None:
    """One file for two people of the same employer is somebody's mistake (IMG_DUPLICATE)."""
    if not others:
        return None
    return Refusal(
        "photo.duplicate",
        measured={"others": others},
        allowed={"people": 0},
        field="photo",
        fix=Fix(FixKind.CHANGE_INPUT, {"field": "photo"}),
    )


def original_kept_until(
    *, taken_on: date, made_on: date | None, is_being_made: bool, figures: PhotoPolicy
) -> date | None:
    """The last day of the original file: some days after the card was made; None until then."""
    if made_on is None and is_being_made:
        return None
    return (made_on or taken_on) + timedelta(days=figures.original_days)
