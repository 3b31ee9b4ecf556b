"""What the measures of a person are made of: the case, and findings with value and limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from onecard.domain.photo.face_figures import FacePolicy, Span
from onecard.domain.photo.findings import Finding, Measure, Outcome
from onecard.domain.photo.framing import Framing, frame_of
from onecard.domain.photo.seen import Seen, head_of
from onecard.domain.refusal import Fact


@dataclass(frozen=True)
class Case:
    """What was seen in a picture of `width` x `height` (upright), and the figures.

    `framed` says that the picture has the asked size: only then is its frame judged.
    """

    seen: Seen
    width: int
    height: int
    figures: FacePolicy

    @property
    def framed(self) -> bool:
        """Whether the picture has the asked size."""
        return (self.width, self.height) == (self.figures.width_px, self.figures.height_px)

    @property
    def framing(self) -> Framing | None:
        """How it would be brought into the frame; None where the head was not seen whole."""
        head = head_of(self.seen)
        return frame_of(head, self.height, figures=self.figures) if head else None


Gauge = Callable[[Case], Finding]


def told(
    measure: Measure, value: float | None, outcome: Outcome, allowed: Fact, remedy: str
) -> Finding:
    """A finding with its value as people say it; without a value it is not assessed."""
    if value is None:
        return Finding(measure, Outcome.NOT_ASSESSED, None, allowed, "")
    said = round(value, measure.digits) if measure.digits else round(value)
    return Finding(measure, outcome, said, allowed, "" if outcome is Outcome.PASS else remedy)


def deferred(finding: Finding) -> Finding:
    """Hidden by another defect that can be put right: the re-check judges it."""
    return Finding(finding.measure, Outcome.DEFERRED, finding.measured, finding.allowed, "")


def turned(measure: Measure, value: float | None, limits: Span, remedy: str) -> Finding:
    """An angle either way: referred over the first limit, rejected over the second."""
    refer, reject = limits
    angle = abs(value or 0)
    outcome = Outcome.RETAKE if angle > reject else Outcome.HUMAN if angle > refer else Outcome.PASS
    return told(measure, value, outcome, f"<={refer:g}", remedy)


def at_least(
    measure: Measure, value: float | None, limit: tuple[float, Outcome], remedy: str
) -> Finding:
    """At least so much, else the outcome that is named."""
    least, below = limit
    outcome = below if value is not None and value < least else Outcome.PASS
    return told(measure, value, outcome, f">={least:g}", remedy)


def at_most(measure: Measure, value: float | None, most: float, remedy: str) -> Finding:
    """At most so much, else a person looks."""
    outcome = Outcome.HUMAN if value is not None and value > most else Outcome.PASS
    return told(measure, value, outcome, f"<={most:g}", remedy)


def graded(measure: Measure, value: float | None, limits: Span, remedy: str) -> Finding:
    """At least the first limit, else a person; under the second another photo."""
    refer, reject = limits
    known = value if value is not None else refer
    outcome = Outcome.RETAKE if known < reject else Outcome.HUMAN if known < refer else Outcome.PASS
    return told(measure, value, outcome, f">={refer:g}", remedy)


def within(value: float | None, span: Span) -> bool:
    """Whether a value lies in a span, both ends included."""
    return value is not None and span[0] <= value <= span[1]


def span_said(span: Span) -> str:
    """A span as people read it."""
    return f"{span[0]:g}-{span[1]:g}"
