"""A finding: one defect with its outcome, what was measured, what is allowed, what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from onecard.domain.refusal import Fact, Fix, FixKind, Refusal

NOT_STATED = "@photo.value.not_stated"
NOT_ASSESSED = "@photo.value.not_assessed"
_BY, _UP_TO = re.compile(r"(?<=\d)x(?=\d)"), re.compile(r"(?<=\d)-(?=\d)")


class Outcome(Enum):
    """What a defect means: 重拍, 转人工, 可自动修正, 提示. Worst first.

    Two ways of having no value are never mixed: 未检测, the engine cannot measure it; 待复检, a
    defect that can be put right hides it, and the re-check judges it.
    """

    RETAKE = "RETAKE"
    HUMAN = "HUMAN"
    FIXABLE = "FIXABLE"
    ADVICE = "ADVICE"
    NOT_ASSESSED = "NOT_ASSESSED"
    DEFERRED = "DEFERRED"
    PASS = "PASS"  # noqa: S105 - an outcome, not a secret


class Verdict(Enum):
    """What becomes of the file."""

    PASS = "PASS"  # noqa: S105 - a verdict, not a secret
    FIXABLE = "FIXABLE"
    HUMAN = "HUMAN"
    RETAKE = "RETAKE"


class Measure(Enum):
    """Everything the gate looks at: the code people quote and the refusal that explains it.

    `unit` is that of the measured value (empty for words and whole numbers), `digits` how many
    decimals of it are said.
    """

    EMPTY = "FILE_EMPTY", "upload.empty"
    FILE_SIZE = "FILE_SIZE", "upload.size"
    PIXELS = "IMG_PIXELS", "photo.pixels"
    METADATA_SIZE = "IMG_META", "photo.metadata"
    COST = "IMG_COST", "upload.cost"
    FORMAT = "F01", "photo.format"
    SIZE = "F02", "photo.size", "px"
    DPI = "F03", "photo.dpi", "dpi"
    BYTES = "F04", "photo.bytes", "KB"
    DEPTH = "F05", "photo.depth"
    ORIENTATION = "F06", "photo.orientation"
    CODING = "F07", "photo.coding"
    QUALITY = "F08", "photo.quality"
    METADATA = "F09", "photo.metadata"
    FACES = "I01", "photo.faces"
    YAW = "I02", "photo.yaw", "deg", 1
    PITCH = "I03", "photo.pitch", "deg", 1
    ROLL = "I04", "photo.roll", "deg", 1
    FACE_WIDTH = "I05", "photo.face_width", "px"
    EYE_X = "I06", "photo.eye_x", "px"
    EYE_LINE = "I07", "photo.eye_line", "px"
    CROWN = "I08", "photo.crown", "px"
    BACKGROUND = "I09", "photo.background", "dE76", 1
    SHADOW = "I10", "photo.shadow", "L*", 1
    COLOUR = "I11", "photo.colour", "chroma", 1
    TINT = "I12", "photo.tint", "chroma", 2
    SHARPNESS = "I13", "photo.sharpness", "ratio", 3
    EXPOSURE = "I14", "photo.exposure", "luma", 1
    SIDE_LIGHT = "I15", "photo.side_light", "L*", 1
    EYES_OPEN = "I16", "photo.eyes_open", "ratio", 3
    MOUTH = "I17", "photo.mouth", "ratio", 3
    GLASSES = "I18", "photo.glasses", "%", 1
    DARK_LENSES = "I19", "photo.dark_lenses", "ratio", 3
    WHITE_TOP = "I20", "photo.white_top", "L*", 1
    DISTORTION = "I21", "photo.distortion", "ratio", 3
    COLOUR_CAST = "I22", "photo.colour_cast", "chroma", 1
    SHOULDERS = "I23", "photo.shoulders", "ratio", 2
    UNIFORM = "N1", "photo.uniform"
    HAT = "N2", "photo.hat"
    RECENCY = "N3", "photo.recency"
    LIKENESS = "N4", "photo.likeness"

    def __init__(self, code: str, refusal: str, unit: str = "", digits: int = 0) -> None:
        self.code = code
        self.refusal = refusal
        self.unit = unit
        self.digits = digits

    @property
    def blocks(self) -> bool:
        """Whether a photo waits for a person when this could not be measured."""
        return self not in {Measure.GLASSES, *FOR_PEOPLE}


HEAD_MEASURES = (
    Measure.ROLL,
    Measure.FACE_WIDTH,
    Measure.EYE_X,
    Measure.EYE_LINE,
    Measure.CROWN,
)
"""What framing the picture anew puts right."""

FOR_PEOPLE = (Measure.UNIFORM, Measure.HAT, Measure.RECENCY, Measure.LIKENESS)
"""What no machine here can see: always 未检测, sampled by staff, never in the way."""


@dataclass(frozen=True)
class Finding:
    """One defect. `measured` and `allowed` are single values; None means the file states nothing.

    `remedy` is the key of the sentence that says what to do (`photo.remedy.<key>`).
    """

    measure: Measure
    outcome: Outcome
    measured: Fact
    allowed: Fact
    remedy: str

    @property
    def code(self) -> str:
        """The code people quote: F01 and its like."""
        return self.measure.code

    @property
    def fixable(self) -> bool:
        """Whether a machine may put it right without touching the face."""
        return self.outcome is Outcome.FIXABLE

    def as_plain(self) -> dict[str, Any]:
        """As a record keeps it."""
        measured = list(self.measured) if isinstance(self.measured, tuple) else self.measured
        return {
            "measure": self.measure.name,
            "outcome": self.outcome.value,
            "measured": measured,
            "allowed": self.allowed,
            "remedy": self.remedy,
        }

    @classmethod
    def of_plain(cls, kept: Mapping[str, Any]) -> Finding:
        """Back from the record."""
        measured = kept["measured"]
        return cls(
            Measure[kept["measure"]],
            Outcome(kept["outcome"]),
            tuple(measured) if isinstance(measured, list) else measured,
            kept["allowed"],
            kept["remedy"],
        )

    @property
    def name(self) -> str:
        """The short name of the measure, also the key of its word (`photo.measure.<name>`)."""
        return self.measure.refusal.rpartition(".")[2]

    def _measured(self) -> Fact:
        if self.outcome is Outcome.NOT_ASSESSED:
            return NOT_ASSESSED
        return NOT_STATED if self.measured is None else typeset(self.measured)

    def refusal(self) -> Refusal:
        """The same defect as a named no, for acts and for whoever explains it."""
        unknown = self.outcome is Outcome.NOT_ASSESSED
        named = {"measure": f"@photo.measure.{self.name}"} if unknown else {}
        return Refusal(
            "photo.not_assessed" if unknown else self.measure.refusal,
            facts={"remedy": f"@photo.remedy.{self.remedy or 'by_a_person'}"} | named,
            measured={"measured": self._measured()},
            allowed={"allowed": typeset(self.allowed)},
            field="photo",
            fix=Fix(FixKind.CHANGE_INPUT, {"field": "photo", "to": self.allowed}),
        )


def typeset(value: Fact) -> Fact:
    """A measured value as people print it: 358×441, 15–100, ≥50."""
    if not isinstance(value, str):
        return value
    return _BY.sub("×", _UP_TO.sub("–", value)).replace(">=", "≥").replace("<=", "≤")


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """Any retake: RETAKE; else human or unknown: HUMAN; else any fixable: FIXABLE; else PASS."""
    found = tuple(findings)
    outcomes = {finding.outcome for finding in found}
    if any(f.outcome is Outcome.NOT_ASSESSED and f.measure.blocks for f in found):
        outcomes.add(Outcome.HUMAN)
    for outcome in (Outcome.RETAKE, Outcome.HUMAN, Outcome.FIXABLE):
        if outcome in outcomes:
            return Verdict(outcome.value)
    return Verdict.PASS
