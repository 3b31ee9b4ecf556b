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
    Checked,
    Edit,
    FacePolicy,
    Finding,
    Intake,
    LookedAt,
    Mending,
    Outcome,
    PhotoFile,
    PhotoPolicy,
    Scope,
    Seen,
    Verdict,
)
from onecard.domain.refusal import Refusal


@dataclass(frozen=True)
class Judged:
    """A file and everything found in it. `file` is None if it could not even be measured.

    `profile` names the norm, its version and the policy pack under which it was judged: the same
    bytes under the same profile and engine always give the same findings. `seen` holds what the
    engine measured of the person, enough to judge again; `checks` every measure, passes too.
    """

    sha256: str
    profile: str
    checked: Checked
    file: PhotoFile | None = None
    seen: Seen | None = None
    scope: Scope = Scope.FACE

    @property
    def checks(self) -> tuple[Finding, ...]:
        """Every measure in the order of the report."""
        return self.checked.checks

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong or could not be measured."""
        return self.checked.findings

    @property
    def engine(self) -> str:
        """Which engine looked; empty if none did."""
        return self.seen.engine if self.seen else ""

    @property
    def verdict(self) -> Verdict:
        """What becomes of the file."""
        return self.checked.verdict

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

    `after` also holds what the machine could not, or may not, put right. `plate_residual` says how
    well the wall was understood where the picture was framed or whitened.
    """

    before: Judged
    after: Judged
    content: bytes
    edits: tuple[Edit, ...] = ()
    plate_residual: float | None = None


@dataclass(frozen=True)
class Norm:
    """The figures of one day, and the name they are kept under."""

    figures: PhotoPolicy
    person: FacePolicy
    profile: str


def norm_of(on: date) -> Norm:
    """The norm in force on a day."""
    figures = policy.in_force("photo", PhotoPolicy, on=on)
    person = policy.in_force("photo", FacePolicy, on=on)
    return Norm(figures, person, f"{figures.profile} {policy_version()}")


@walk("photo.look_over")
def look_over(*, content: bytes, intake: Intake, on: date, scope: Scope = Scope.FACE) -> Judged:
    """Every defect of a file and of the person in it at once. Needs no database, stores nothing."""
    norm = norm_of(on)
    blank = _judged(content, norm, scope)
    unopened = photo.may_be_opened(byte_count=len(content), figures=norm.figures, intake=intake)
    if unopened is not None:
        return replace(blank, checked=Checked((unopened,)))
    try:
        file, seen = _examined(content, norm, intake, scope)
    except DidNotSurvive:
        return replace(blank, checked=Checked((photo.stopped(),)))
    return _checked(blank, file, seen, norm, intake)


@walk("photo.develop")
def develop(
    *,
    content: bytes,
    intake: Intake,
    on: date,
    scope: Scope = Scope.FACE,
    keep_background: bool = False,
) -> Developed:
    """Look over, mend what may be mended, and look over again by the same rules.

    A file that passes is given back byte for byte. `keep_background` asks to frame only and leave
    the wall as it is. Needs no database and stores nothing.
    """
    before = look_over(content=content, intake=intake, on=on, scope=scope)
    norm, file = norm_of(on), before.file
    looked = LookedAt(before.seen, norm.person, keep_background) if before.seen else None
    plan = (
        photo.plan_mending(file, before.findings, figures=norm.figures, looked=looked)
        if file
        else None
    )
    if file is None or plan is None or intake is Intake.AS_IT_IS:
        return Developed(before, before, content)
    return _mended(before, file, plan, content, norm)


def _mended(
    before: Judged, file: PhotoFile, plan: Mending, content: bytes, norm: Norm
) -> Developed:
    caps = photo.caps(figures=norm.figures, intake=Intake.WITH_FIXER)
    seen: Seen | None = None
    try:
        if before.scope is Scope.FACE:
            made, again, seen = portrait.treat(content, plan, caps, norm.person.optics())
        else:
            made = portrait.mend(content, plan)
            again = portrait.measure(made.content, caps)
    except DidNotSurvive:
        stopped = replace(before, checked=Checked((photo.stopped(),)))
        return Developed(before, stopped, content)
    blank = _judged(made.content, norm, before.scope)
    after = _checked(blank, again, seen, norm, Intake.WITH_FIXER)
    left = photo.still_open(before.checks, after.checks)
    edits = photo.edits_of(file, plan, made)
    after = replace(after, checked=Checked(left))
    return Developed(before, after, made.content, edits, made.plate_residual)


def _judged(content: bytes, norm: Norm, scope: Scope) -> Judged:
    sha256 = hashlib.sha256(content).hexdigest()
    return Judged(sha256, norm.profile, Checked(()), scope=scope)


def _examined(
    content: bytes, norm: Norm, intake: Intake, scope: Scope
) -> tuple[PhotoFile, Seen | None]:
    caps = photo.caps(figures=norm.figures, intake=intake)
    if scope is Scope.FILE:
        return portrait.measure(content, caps), None
    return portrait.examine(content, caps, norm.person.optics())


def _checked(
    blank: Judged, file: PhotoFile, seen: Seen | None, norm: Norm, intake: Intake
) -> Judged:
    checked = photo.check(file, seen, figures=norm.figures, norm=norm.person, intake=intake)
    return replace(blank, file=file, seen=seen, checked=checked)
