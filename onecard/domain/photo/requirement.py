"""Who must have a photo, and which photo may go onto a card (rule book 6, P10; 8.1)."""

from __future__ import annotations

from datetime import date

from onecard.domain.person import age_on
from onecard.domain.photo.figures import PhotoPolicy
from onecard.domain.photo.findings import Verdict
from onecard.domain.refusal import Fix, FixKind, Refusal


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
