"""A finding: one defect with its outcome, what was measured, what is allowed, what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from onecard.domain.refusal import Fact, Fix, FixKind, Refusal

NOT_STATED = "@photo.value.not_stated"
_BY, _UP_TO = re.compile(r"(?<=\d)x(?=\d)"), re.compile(r"(?<=\d)-(?=\d)")


class Outcome(Enum):
    """What a defect means: 重拍, 转人工, 可自动修正, 提示. Worst first."""

    RETAKE = "RETAKE"
    HUMAN = "HUMAN"
    FIXABLE = "FIXABLE"
    ADVICE = "ADVICE"


class Verdict(Enum):
    """What becomes of the file."""

    PASS = "PASS"  # noqa: S105 - a verdict, not a secret
    FIXABLE = "FIXABLE"
    HUMAN = "HUMAN"
    RETAKE = "RETAKE"


class Measure(Enum):
    """Everything the file gate looks at: the code people quote and the refusal that explains it."""

    EMPTY = "FILE_EMPTY", "upload.empty"
    FILE_SIZE = "FILE_SIZE", "upload.size"
    PIXELS = "IMG_PIXELS", "photo.pixels"
    METADATA_SIZE = "IMG_META", "photo.metadata"
    COST = "IMG_COST", "upload.cost"
    FORMAT = "F01", "photo.format"
    SIZE = "F02", "photo.size"
    DPI = "F03", "photo.dpi"
    BYTES = "F04", "photo.bytes"
    DEPTH = "F05", "photo.depth"
    ORIENTATION = "F06", "photo.orientation"
    CODING = "F07", "photo.coding"
    QUALITY = "F08", "photo.quality"
    METADATA = "F09", "photo.metadata"

    def __init__(self, code: str, refusal: str) -> None:
        self.code = code
        self.refusal = refusal


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

    def refusal(self) -> Refusal:
        """The same defect as a named no, for acts and for whoever explains it."""
        return Refusal(
            self.measure.refusal,
            facts={"remedy": f"@photo.remedy.{self.remedy}"},
            measured={"measured": NOT_STATED if self.measured is None else typeset(self.measured)},
            allowed={"allowed": typeset(self.allowed)},
            field="photo",
            fix=Fix(FixKind.CHANGE_INPUT, {"field": "photo", "to": self.allowed}),
        )


def typeset(value: Fact) -> Fact:
    """A measured value as people print it: 358×441, 15–100, ≥50."""
    if not isinstance(value, str):
        return value
    return _BY.sub("×", _UP_TO.sub("–", value)).replace(">=", "≥")


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """Any retake: RETAKE; else any human: HUMAN; else any fixable: FIXABLE; else PASS."""
    outcomes = {finding.outcome for finding in findings}
    for outcome in (Outcome.RETAKE, Outcome.HUMAN, Outcome.FIXABLE):
        if outcome in outcomes:
            return Verdict(outcome.value)
    return Verdict.PASS
