"""What a machine may do to a file: turn, crop, scale, convert, code anew. Never touch a face."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from onecard.domain.photo.facts import UPRIGHT, Extra, PhotoFile
from onecard.domain.photo.figures import PhotoPolicy
from onecard.domain.photo.findings import Finding, Measure, Outcome
from onecard.domain.refusal import Facts

_ONLY_WORDS = frozenset({Measure.DPI, Measure.METADATA})


@dataclass(frozen=True)
class Mending:
    """The order to the darkroom, done from the top down.

    `keep_coded` asks to change only the words around the coded picture. `crop` is left, top, right,
    bottom as shares of the upright picture; None keeps it whole. The qualities after the first are
    tried in order while the file is over `max_bytes`, or under `min_bytes`.
    """

    keep_coded: bool
    orientation: int
    width: int
    height: int
    crop: tuple[float, float, float, float] | None
    dpi: int
    min_bytes: int
    max_bytes: int
    quality: int
    when_too_big: tuple[int, ...]
    when_too_small: tuple[int, ...]
    decode_pixels: int


@dataclass(frozen=True)
class Made:
    """What the darkroom gave back. `quality` is 0 where the coded picture was kept."""

    content: bytes
    quality: int


@dataclass(frozen=True)
class Edit:
    """One change made to the original, in the order in which it was made."""

    kind: str
    facts: Facts = field(default_factory=dict)


def plan_mending(
    file: PhotoFile, findings: Iterable[Finding], *, figures: PhotoPolicy
) -> Mending | None:
    """What to do about the fixable findings; None if there are none or one asks for a retake."""
    outcomes = {finding.outcome for finding in findings}
    if Outcome.FIXABLE not in outcomes or Outcome.RETAKE in outcomes:
        return None
    fixable = {finding.measure for finding in findings if finding.fixable}
    resize = Measure.SIZE in {finding.measure for finding in findings}
    return Mending(
        keep_coded=fixable <= _ONLY_WORDS and not resize and Extra.TAIL not in file.extras,
        orientation=file.orientation,
        width=figures.width_px,
        height=figures.height_px,
        crop=_crop(file, figures),
        dpi=figures.dpi,
        min_bytes=figures.min_bytes,
        max_bytes=figures.max_bytes,
        quality=figures.encode_quality,
        when_too_big=figures.encode_quality_when_too_big,
        when_too_small=figures.encode_quality_when_too_small,
        decode_pixels=figures.max_header_pixels,
    )


def still_open(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[Finding, ...]:
    """What is left when a mended file was judged again.

    Mending hides nothing: what a person had to look at before, a person still has to look at. And
    what the machine could not put right goes to a person, for a second try would do no better.
    """
    for_a_person = {f.measure: f for f in before if f.outcome is Outcome.HUMAN}
    left = {
        f.measure: replace(f, outcome=Outcome.HUMAN, remedy="by_hand") if f.fixable else f
        for f in after
    }
    found = left | for_a_person
    return tuple(found[measure] for measure in Measure if measure in found)


def edits_of(file: PhotoFile, plan: Mending, made: Made) -> tuple[Edit, ...]:
    """Every change between the original and what was made of it, for the record and the person."""
    edits = []
    if file.format != "JPEG":
        edits.append(Edit("format", {"was": file.format}))
    if plan.orientation != UPRIGHT:
        edits.append(Edit("turn", {"how": f"@photo.turn.{plan.orientation}"}))
    if plan.crop is not None:
        edits += _framing(file, plan, plan.crop)
    if made.quality:
        edits += [Edit("colour", {"was": file.colour.value})] * (file.colour.value != "RGB")
        edits.append(Edit("encode", {"quality": made.quality, "bytes": len(made.content)}))
    if file.dpi != (plan.dpi, plan.dpi):
        was = f"{file.dpi[0]:g}" if file.dpi else "@photo.value.not_stated"
        edits.append(Edit("dpi", {"was": was, "is": plan.dpi}))
    if file.extras:
        what = tuple(f"@photo.value.{extra.value}" for extra in file.extras)
        edits.append(Edit("metadata", {"what": what}))
    return tuple(edits)


def _crop(file: PhotoFile, figures: PhotoPolicy) -> tuple[float, float, float, float] | None:
    """The largest part of the asked shape: from the middle, and from the top, where the head is."""
    width, height = file.upright_size()
    if (width, height) == (figures.width_px, figures.height_px):
        return None
    scale = max(figures.width_px / width, figures.height_px / height)
    across, down = figures.width_px / (scale * width), figures.height_px / (scale * height)
    left = (1 - across) / 2
    return left, 0.0, left + across, down


def _framing(file: PhotoFile, plan: Mending, crop: tuple[float, float, float, float]) -> list[Edit]:
    width, height = file.upright_size()
    left, top = round(crop[0] * width), round(crop[1] * height)
    across, down = round((crop[2] - crop[0]) * width), round((crop[3] - crop[1]) * height)
    edits = []
    if (across, down) != (width, height):
        edits.append(Edit("crop", {"left": left, "top": top, "width": across, "height": down}))
    if across != plan.width:
        factor = round(plan.width / across, 3)
        edits.append(Edit("scale", {"factor": factor, "width": plan.width, "height": plan.height}))
    return edits
