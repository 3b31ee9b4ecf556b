"""What a machine may do to a file: turn, crop, scale, convert, code anew. Never touch a face."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from onecard.domain.photo.face_figures import FacePolicy
from onecard.domain.photo.facts import UPRIGHT, Extra, PhotoFile
from onecard.domain.photo.figures import PhotoPolicy
from onecard.domain.photo.findings import HEAD_MEASURES, Finding, Measure, Outcome
from onecard.domain.photo.framing import Framing, frame_of, is_bottom_missing
from onecard.domain.photo.seen import Seen, head_of
from onecard.domain.refusal import Fact, Facts

_ONLY_WORDS = frozenset({Measure.DPI, Measure.METADATA})
_OF_THE_HEAD = frozenset({Measure.SIZE, *HEAD_MEASURES})
_ANY_COLOUR = 1000.0
_LEVEL = 0.05
_OF_THE_WALL = frozenset({Measure.BACKGROUND, Measure.SHADOW})


@dataclass(frozen=True)
class Whitening:
    """When the wall may be made white: up to `most_residual` (8-bit RMS) and `most_delta_e`.

    It is left as it is where it is white already, by `share`, `delta_e` and `spread`.
    """

    most_residual: float
    most_delta_e: float
    share: float
    delta_e: float
    spread: float


@dataclass(frozen=True)
class Mending:
    """The order to the darkroom, done from the top down.

    `keep_coded` asks to change only the words around the coded picture. `crop` is left, top, right,
    bottom as shares of the upright picture; None keeps it whole. The qualities after the first are
    tried in order while the file is over `max_bytes`, or under `min_bytes`. `framing` puts the
    head in its place instead of `crop`; `whitening` orders a white wall where that is possible.
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
    stored_width: int = 0
    framing: Framing | None = None
    whitening: Whitening | None = None


@dataclass(frozen=True)
class Made:
    """What the darkroom gave back. `quality` is 0 where the coded picture was kept.

    `plate_residual` says how well the wall was understood, `was` its mean colour; `filled` that
    the frame reached beyond the picture.
    """

    content: bytes
    quality: int
    plate_residual: float | None = None
    was: tuple[int, int, int] | None = None
    whitened: bool = False
    filled: bool = False


@dataclass(frozen=True)
class Edit:
    """One change made to the original, in the order in which it was made."""

    kind: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class LookedAt:
    """What the plan needs of the person: what was seen, the norm, whether the wall may change."""

    seen: Seen
    norm: FacePolicy
    keep_background: bool = False

    def framing(self, fixable: AbstractSet[Measure], height: int) -> Framing | None:
        """The transform that brings the head into the frame, where anything of it is wrong.

        None also where the card's lower edge would show what the picture does not hold.
        """
        head = head_of(self.seen)
        if head is None or not fixable & _OF_THE_HEAD:
            return None
        framing = frame_of(head, height, figures=self.norm)
        return None if is_bottom_missing(framing, height, figures=self.norm) else framing

    def whitening(self, fixable: AbstractSet[Measure], framing: Framing | None) -> Whitening | None:
        """A white wall: where it is not one, or where only the framed picture can tell."""
        norm, how = self.norm, self.norm.background_replacement
        if self.keep_background or how == "off" or head_of(self.seen) is None:
            return None
        if framing is None and not fixable & _OF_THE_WALL:
            return None
        most = norm.near_white_delta_e_max if how == "near_white" else _ANY_COLOUR
        return Whitening(
            most_residual=norm.plate_residual_max,
            most_delta_e=most,
            share=norm.background_share_min,
            delta_e=norm.background_delta_e_max,
            spread=norm.shadow_spread_max,
        )


def plan_mending(
    file: PhotoFile,
    findings: Iterable[Finding],
    *,
    figures: PhotoPolicy,
    looked: LookedAt | None = None,
) -> Mending | None:
    """What to do about the fixable findings; None if there are none or one asks for a retake.

    A picture whose head cannot be framed (too small, bottom missing) is left to a person.
    """
    outcomes = {finding.outcome for finding in findings}
    if Outcome.FIXABLE not in outcomes or Outcome.RETAKE in outcomes:
        return None
    fixable = {finding.measure for finding in findings if finding.fixable}
    size = next((finding for finding in findings if finding.measure is Measure.SIZE), None)
    if looked and head_of(looked.seen) and size and not size.fixable:
        return None
    framing = looked.framing(fixable, file.upright_size()[1]) if looked else None
    whitening = looked.whitening(fixable, framing) if looked else None
    kept = fixable <= _ONLY_WORDS and size is None and Extra.TAIL not in file.extras
    return Mending(
        keep_coded=kept and framing is None and whitening is None,
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
        stored_width=file.width,
        framing=framing,
        whitening=whitening,
    )


def still_open(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[Finding, ...]:
    """What is left when a mended file was judged again, with what passes where it is told.

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
    if plan.framing is not None:
        edits += _by_the_head(plan, plan.framing)
    elif plan.crop is not None:
        edits += _framing(file, plan, plan.crop)
    if made.filled:
        edits.append(Edit("filled"))
    if made.whitened and made.was is not None:
        was = "rgb({}, {}, {})".format(*made.was)
        edits.append(Edit("whitened", {"was": was, "residual": made.plate_residual or 0.0}))
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


def _by_the_head(plan: Mending, framing: Framing) -> list[Edit]:
    """Levelled, scaled, moved; and what a tall head cost."""
    edits = []
    if abs(framing.degrees) >= _LEVEL:
        edits.append(Edit("level", {"degrees": round(framing.degrees, 1)}))
    size: dict[str, Fact] = {"width": plan.width, "height": plan.height}
    x, y = (round(value, 1) for value in framing.back((0, 0)))
    place: dict[str, Fact] = {"factor": round(framing.scale, 3), "left": x, "top": y}
    edits.append(Edit("frame", place | size))
    if framing.note:
        edits.append(Edit(framing.note, {"face_width": round(framing.face_width)}))
    return edits


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
