"""Judging a kept photo again from what was measured of it: no picture is opened, nothing changes.

The numbers kept with a photo are those the engine gave on the day. Under the profile of that day
they give the same findings; under another profile they say what would be found now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import cattrs

from onecard.actions._keeping import walk
from onecard.actions.photo.gate import Judged, norm_of
from onecard.domain import photo
from onecard.domain.authority import Actor
from onecard.domain.photo import Checked, Finding, Intake, PhotoFile, Seen, Verdict
from onecard.domain.refusal import NotFound
from onecard.records.models import Photo
from onecard.seams.clock import local_day

_converter = cattrs.Converter()


@dataclass(frozen=True)
class Replayed:
    """A decision made again. `same` says that every check of the file as it is kept is the same.

    `kept_profile` is the profile of the decision, `profile` that of the replay.
    """

    photo: str
    kept_profile: str
    profile: str
    verdict: Verdict
    checks: tuple[Finding, ...]
    kept_checks: tuple[Finding, ...]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return self.checks == self.kept_checks


def measured_of(judged: Judged) -> dict[str, Any]:
    """What was measured, as a record keeps it; empty for a file that could not be opened."""
    if judged.file is None:
        return {}
    file = _converter.unstructure(judged.file)
    return {"file": file, "seen": judged.seen.as_plain() if judged.seen else None}


def judged_again(kept: dict[str, Any], on: date) -> Checked:
    """The checks that kept measurements give under the norm of a day."""
    norm = norm_of(on)
    file = _converter.structure(kept["file"], PhotoFile)
    seen = Seen.of_plain(kept["seen"]) if kept["seen"] else None
    return photo.check(file, seen, figures=norm.figures, norm=norm.person, intake=Intake.WITH_FIXER)


@walk("photo.replay")
def replay(*, photo_ref: str, on: date | None = None, actor: Actor) -> Replayed:
    """A kept photo's decision made again, under the norm of its own day unless another is given.

    Raises `NotFound` for whoever may not see it, and for one kept before measurements were.
    """
    row = Photo.objects.visible_to(actor).filter(ref=photo_ref).first()
    measured = row.report.get("measured", {}) if row else {}
    if row is None or not measured.get("after"):
        raise NotFound(Photo.__name__)
    day = on or local_day(row.taken_at)
    before = judged_again(measured["before"], day)
    after = judged_again(measured["after"], day)
    checks = photo.still_open(before.checks, after.checks) if row.edits else after.checks
    return Replayed(
        photo=row.ref,
        kept_profile=row.profile_version,
        profile=norm_of(day).profile,
        verdict=Checked(checks).verdict,
        checks=checks,
        kept_checks=tuple(Finding.of_plain(one) for one in row.report["checks"]),
    )
