"""The whole gate: file and person judged together, every measure told, a pass as well as a defect.

A photo's verdict comes from what is wrong (`findings`); the report holds everything (`checks`),
also what passed, what waits for the re-check and what nobody could measure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from onecard.domain.photo.face_figures import FacePolicy
from onecard.domain.photo.face_measures import FACE_MEASURES, faces
from onecard.domain.photo.facts import Intake, PhotoFile
from onecard.domain.photo.figures import PhotoPolicy
from onecard.domain.photo.findings import (
    FOR_PEOPLE,
    HEAD_MEASURES,
    Finding,
    Measure,
    Outcome,
    Verdict,
    verdict_of,
)
from onecard.domain.photo.framing import is_bottom_missing
from onecard.domain.photo.gauging import Case
from onecard.domain.photo.judging import judge, of_the_door
from onecard.domain.photo.measures import values_of
from onecard.domain.photo.seen import Seen, head_of

_SILENT = frozenset({Outcome.PASS, Outcome.DEFERRED})
_IN_THE_WAY = frozenset({Measure.FACE_WIDTH, Measure.SHOULDERS})
_OF_THE_FRAME = frozenset({Outcome.HUMAN, Outcome.RETAKE})


@dataclass(frozen=True)
class Checked:
    """Every measure in the order of the report."""

    checks: tuple[Finding, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong, what is advised, and what had to be measured but could not be."""
        return tuple(check for check in self.checks if _is_said(check))

    @property
    def verdict(self) -> Verdict:
        """What becomes of the photo."""
        return verdict_of(self.findings)


def check(
    file: PhotoFile,
    seen: Seen | None,
    *,
    figures: PhotoPolicy,
    norm: FacePolicy,
    intake: Intake,
) -> Checked:
    """Judge a file and what was seen in it; without `seen` nobody was asked to look."""
    found = judge(file, figures=figures, intake=intake)
    if seen is None or seen.faces is None or not _could_be_opened(file, found):
        return Checked(_file_report(file, found, figures, opened=_could_be_opened(file, found)))
    person = of_the_door(_of_the_person(seen, file, norm), intake)
    if head_of(seen) is not None:
        found = tuple(_framed_by_the_head(one, person, intake) for one in found)
    report = _file_report(file, found, figures, opened=True)
    return Checked((*report, *person, *_for_people()))


def _of_the_person(seen: Seen, file: PhotoFile, norm: FacePolicy) -> tuple[Finding, ...]:
    width, height = file.upright_size()
    case = Case(seen, width, height, norm)
    count = faces(case)
    if count.outcome is not Outcome.PASS:
        return (count,)
    told = {one.measure: one for one in (count, *(rule(case) for rule in FACE_MEASURES))}
    if case.framing and is_bottom_missing(case.framing, height, figures=norm):
        told |= {one: _by_hand(told[one]) for one in HEAD_MEASURES if told[one].fixable}
    top = told[Measure.WHITE_TOP]
    if told[Measure.SHOULDERS].outcome is Outcome.HUMAN or told[Measure.ROLL].fixable:
        top = replace(top, outcome=Outcome.DEFERRED, remedy="")
    told[Measure.WHITE_TOP] = top
    return tuple(told.values())


def _by_hand(finding: Finding) -> Finding:
    """Framing it would show what the picture does not hold."""
    return replace(finding, outcome=Outcome.HUMAN, remedy="frame_by_hand")


def _framed_by_the_head(finding: Finding, person: tuple[Finding, ...], intake: Intake) -> Finding:
    """F02 of a picture whose head is known: brought into the frame, unless the frame says no."""
    if finding.measure is not Measure.SIZE or "turn" in finding.remedy:
        return finding
    outcomes = {one.outcome for one in person if one.measure in _IN_THE_WAY}
    if outcomes & _OF_THE_FRAME:
        return replace(finding, outcome=Outcome.HUMAN, remedy="frame_by_hand")
    (told,) = of_the_door((replace(finding, outcome=Outcome.FIXABLE, remedy="crop"),), intake)
    return told


def _could_be_opened(file: PhotoFile, found: tuple[Finding, ...]) -> bool:
    """Whether anything beside the one finding that stopped it could be measured."""
    stops = {Measure.PIXELS, Measure.METADATA_SIZE, Measure.COST}
    return file.complete and not any(one.measure in stops for one in found)


def _file_report(
    file: PhotoFile, found: tuple[Finding, ...], figures: PhotoPolicy, *, opened: bool
) -> tuple[Finding, ...]:
    """F01-F09 with those that pass; of a file that could not be opened only what stopped it."""
    if not opened:
        return found
    wrong = {one.measure: one for one in found}
    passed = (
        Finding(measure, Outcome.PASS, measured, allowed, "")
        for measure, (measured, allowed) in values_of(file, figures).items()
    )
    return tuple(wrong.get(one.measure, one) for one in passed)


def _for_people() -> tuple[Finding, ...]:
    return tuple(Finding(one, Outcome.NOT_ASSESSED, None, None, "") for one in FOR_PEOPLE)


def _is_said(check: Finding) -> bool:
    if check.outcome is Outcome.NOT_ASSESSED:
        return check.measure.blocks
    return check.outcome not in _SILENT
