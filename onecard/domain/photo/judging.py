"""Judging: what stops a file at the door, then every defect of what could be opened, at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from onecard.domain.photo.facts import Coding, Intake, PhotoFile
from onecard.domain.photo.figures import PhotoPolicy
from onecard.domain.photo.findings import Finding, Measure, Outcome
from onecard.domain.photo.measures import FILE_MEASURES, format_of

Rule = Callable[[PhotoFile, PhotoPolicy, Intake], Finding | None]
_MILLION = 1_000_000


@dataclass(frozen=True)
class Caps:
    """How large a picture may say it is before anybody decodes it. Pixels are width times height.

    `pixels` holds for JPEG, which can be decoded at a smaller scale; `decode_pixels` for whatever
    has to be decoded whole, and for the scaled picture itself.
    """

    pixels: int
    decode_pixels: int
    progressive_pixels: int
    scans: int
    metadata_bytes: int

    def most_pixels(self, file: PhotoFile) -> int:
        """How many pixels a file of this format may have."""
        return self.pixels if file.format == "JPEG" else self.decode_pixels

    def is_costly(self, file: PhotoFile) -> bool:
        """A picture coded in passes is decoded once for every pass."""
        large = file.coding is Coding.PROGRESSIVE and file.pixels > self.progressive_pixels
        return large or file.scans > self.scans

    def hold(self, file: PhotoFile) -> bool:
        """Whether the file may be decoded at all."""
        return (
            file.pixels <= self.most_pixels(file)
            and file.metadata_bytes <= self.metadata_bytes
            and not self.is_costly(file)
        )


def caps(*, figures: PhotoPolicy, intake: Intake) -> Caps:
    """The caps of a door: larger where the fixer brings a phone's picture down to size."""
    with_fixer = intake is Intake.WITH_FIXER
    return Caps(
        pixels=figures.max_header_pixels_with_fixer if with_fixer else figures.max_header_pixels,
        decode_pixels=figures.max_header_pixels,
        progressive_pixels=figures.max_progressive_pixels,
        scans=figures.max_scans,
        metadata_bytes=figures.max_metadata_kb * figures.bytes_per_kb,
    )


def may_be_opened(*, byte_count: int, figures: PhotoPolicy, intake: Intake) -> Finding | None:
    """What can be said before a single byte is looked at: not empty, not over the door's limit.

    A door cuts the stream one byte behind the limit, so how much more there is nobody knows.
    """
    with_fixer = intake is Intake.WITH_FIXER
    most = figures.max_file_kb_with_fixer if with_fixer else figures.max_file_kb
    if byte_count == 0:
        return Finding(Measure.EMPTY, Outcome.RETAKE, 0, f"{figures.min_kb}", "choose_again")
    if byte_count > most * figures.bytes_per_kb:
        return Finding(Measure.FILE_SIZE, Outcome.RETAKE, f">{most}", most, "smaller_file")
    return None


def stopped() -> Finding:
    """Opening the file used more time or memory than any honest picture needs."""
    return Finding(
        Measure.COST,
        Outcome.RETAKE,
        "@photo.value.stopped",
        "@photo.value.one_picture",
        "save_again",
    )


def judge(
    file: PhotoFile,
    *,
    figures: PhotoPolicy,
    intake: Intake,
    measures: Sequence[Rule] = FILE_MEASURES,
) -> tuple[Finding, ...]:
    """Every defect of the file, in the order of the report; none means it passes.

    A file over one of the caps, or no complete picture at all, is told only that: nothing else
    could be measured truly.
    """
    over = [rule(file, figures, intake) for rule in _CAPS]
    if any(over):
        return of_the_door(over, intake)
    broken = format_of(file, figures, intake)
    if broken is not None and not broken.fixable:
        return (broken,)
    return of_the_door([broken, *(rule(file, figures, intake) for rule in measures)], intake)


def of_the_door(found: Sequence[Finding | None], intake: Intake) -> tuple[Finding, ...]:
    """The findings; a fixable one says who is to fix it: we, or whoever sent the file."""
    who = "we" if intake is Intake.WITH_FIXER else "you"
    return tuple(
        replace(finding, remedy=f"{finding.remedy}.{who}") if finding.fixable else finding
        for finding in found
        if finding is not None
    )


def _pixels(file: PhotoFile, figures: PhotoPolicy, intake: Intake) -> Finding | None:
    """IMG_PIXELS."""
    most = caps(figures=figures, intake=intake).most_pixels(file)
    if file.pixels <= most:
        return None
    measured, allowed = _millions(file.pixels), _millions(most)
    return Finding(Measure.PIXELS, Outcome.RETAKE, measured, allowed, "scale_down")


def _metadata(file: PhotoFile, figures: PhotoPolicy, intake: Intake) -> Finding | None:
    """IMG_META: what the file carries beside the picture, unpacked."""
    if file.metadata_bytes <= caps(figures=figures, intake=intake).metadata_bytes:
        return None
    allowed = f"{figures.max_metadata_kb} KB"
    return Finding(
        Measure.METADATA_SIZE, Outcome.RETAKE, "@photo.value.too_much", allowed, "save_again"
    )


def _cost(file: PhotoFile, figures: PhotoPolicy, intake: Intake) -> Finding | None:
    """IMG_COST, known before decoding."""
    if not caps(figures=figures, intake=intake).is_costly(file):
        return None
    return replace(stopped(), measured="@photo.value.too_many_passes")


_CAPS: tuple[Rule, ...] = (_pixels, _metadata, _cost)


def _millions(pixels: int) -> float:
    return round(pixels / _MILLION, 1)
