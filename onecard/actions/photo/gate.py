"""The gate: measures a file far from us, judges it here, mends what a machine may mend."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date

from onecard import policy
from onecard.actions._keeping import policy_version, walk
from onecard.adapters import portrait
from onecard.adapters.portrait import DidNotSurvive
from onecard.domain import photo
from onecard.domain.photo import (
    Edit,
    Finding,
    Intake,
    Mending,
    Outcome,
    PhotoFile,
    PhotoPolicy,
    Verdict,
    verdict_of,
)
from onecard.domain.refusal import Refusal


@dataclass(frozen=True)
class Judged:
    """A file and everything found in it. `file` is None if it could not even be measured.

    `profile` names the norm, its version and the policy pack under which it was judged: the same
    bytes under the same profile always give the same findings.
    """

    sha256: str
    profile: str
    findings: tuple[Finding, ...]
    file: PhotoFile | None = None

    @property
    def verdict(self) -> Verdict:
        """What becomes of the file."""
        return verdict_of(self.findings)

    @property
    def stopped(self) -> bool:
        """Whether opening it had to be stopped: such a file is kept apart for a while."""
        return photo.stopped() in self.findings

    def refusals(self) -> tuple[Refusal, ...]:
        """Every defect as a named no; advice is none."""
        return tuple(
            finding.refusal() for finding in self.findings if finding.outcome is not Outcome.ADVICE
        )


@dataclass(frozen=True)
class Developed:
    """A file before and after mending. `content` is the print-size copy, equal if nothing changed.

    `after` also holds what the machine could not, or may not, put right.
    """

    before: Judged
    after: Judged
    content: bytes
    edits: tuple[Edit, ...] = ()


@walk("photo.look_over")
def look_over(*, content: bytes, intake: Intake, on: date) -> Judged:
    """Every defect of a file at once. Needs no database and stores nothing."""
    figures = policy.in_force("photo", PhotoPolicy, on=on)
    profile = f"{figures.profile} {policy_version()}"
    blank = Judged(hashlib.sha256(content).hexdigest(), profile, ())
    unopened = photo.may_be_opened(byte_count=len(content), figures=figures, intake=intake)
    if unopened is not None:
        return replace(blank, findings=(unopened,))
    try:
        file = portrait.measure(content, photo.caps(figures=figures, intake=intake))
    except DidNotSurvive:
        return replace(blank, findings=(photo.stopped(),))
    findings = photo.judge(file, figures=figures, intake=intake)
    return replace(blank, file=file, findings=findings)


@walk("photo.develop")
def develop(*, content: bytes, intake: Intake, on: date) -> Developed:
    """Look over, mend what may be mended, and look over again by the same rules.

    A file that passes is given back byte for byte. Needs no database and stores nothing.
    """
    before = look_over(content=content, intake=intake, on=on)
    figures = policy.in_force("photo", PhotoPolicy, on=on)
    file = before.file
    plan = photo.plan_mending(file, before.findings, figures=figures) if file else None
    if file is None or plan is None or intake is Intake.AS_IT_IS:
        return Developed(before, before, content)
    return _mended(before, file, plan, content, on)


def _mended(before: Judged, file: PhotoFile, plan: Mending, content: bytes, on: date) -> Developed:
    try:
        made = portrait.mend(content, plan)
    except DidNotSurvive:
        stopped = replace(before, findings=(photo.stopped(),))
        return Developed(before, stopped, content)
    again = look_over(content=made.content, intake=Intake.WITH_FIXER, on=on)
    left = photo.still_open(before.findings, again.findings)
    edits = photo.edits_of(file, plan, made)
    return Developed(before, replace(again, findings=left), made.content, edits)
