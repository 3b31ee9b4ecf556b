"""Which portrait goes onto a card: the newest one on file, or the one that was just handed in."""

from __future__ import annotations

from datetime import date, datetime

from onecard import policy
from onecard.actions import _province, photo
from onecard.domain.authority import Actor
from onecard.domain.photo import (
    Intake,
    PhotoPolicy,
    PhotoSource,
    Verdict,
    is_photo_required,
)
from onecard.domain.refusal import Refused
from onecard.records.models import Person, Photo
from onecard.seams.clock import local_day

_KEPT = (Verdict.PASS.value, Verdict.HUMAN.value)


def handed_in(ref: str, person: Person, actor: Actor) -> Photo | None:
    """The photo that was handed in for a held person; without a ref, the one on file.

    Raises `NotFound` for a photo that is somebody else's. One that was declined counts as none.
    """
    if not ref:
        return on_file(person)
    claimed = photo.claim(ref, person, actor)
    return claimed if claimed.verdict in _KEPT else None


def on_file(person: Person) -> Photo | None:
    """The newest photo of a person that a card could carry."""
    return Photo.objects.filter(person=person, verdict__in=_KEPT).order_by("-taken_at").first()


def is_on_file(person: str) -> bool:
    """Whether a photo of this person is here that a card could carry."""
    return Photo.objects.filter(person_id=person, verdict__in=_KEPT).exists()


def is_needed(born_on: date, at: datetime) -> bool:
    """Whether somebody born on that day must have a photo now."""
    day = local_day(at)
    figures = policy.in_force("photo", PhotoPolicy, on=day)
    return is_photo_required(born_on=born_on, on=day, figures=figures)


def fetch(person: str, number: str, *, actor: Actor, at: datetime) -> bool:
    """Ask the province for a portrait and put it through the photo room; outside of any act.

    A portrait the gate cannot mend counts as none. False only when the province did not answer.
    """
    portrait = _province.portrait_of(number)
    if portrait.content is not None:
        try:
            photo.keep_photo(
                person=person,
                content=portrait.content,
                source=PhotoSource.HR_DATABASE,
                intake=Intake.WITH_FIXER,
                actor=actor,
                at=at,
            )
        except Refused:
            return True
    return portrait.answered
