"""F01-F09: the measures of the file itself, each one rule over measured facts (photo norm)."""

from __future__ import annotations

import math

from onecard.domain.photo.facts import UPRIGHT, Coding, Colour, Intake, PhotoFile
from onecard.domain.photo.figures import PhotoPolicy
from onecard.domain.photo.findings import Finding, Measure, Outcome
from onecard.domain.refusal import Fact

_SAYS = {
    Colour.RGB: "RGB",
    Colour.RGBA: "RGBA",
    Colour.GREY: "@photo.value.grey",
    Colour.CMYK: "CMYK",
    Colour.PALETTE: "@photo.value.palette",
}


def is_convertible(file: PhotoFile, figures: PhotoPolicy, intake: Intake) -> bool:
    """Whether the door turns this format into the one that is asked for."""
    return intake is Intake.WITH_FIXER and file.format in figures.convertible_formats


def format_of(file: PhotoFile, figures: PhotoPolicy, intake: Intake) -> Finding | None:
    """F01: a complete JPEG. Another format is converted where the fixer is offered."""
    convertible = is_convertible(file, figures, intake)
    if file.format != figures.format and not convertible:
        remedy = "export_jpeg_from_phone" if file.format == "HEIC" else "save_as_jpeg"
        measured = file.format or "@photo.value.unknown"
        return Finding(Measure.FORMAT, Outcome.RETAKE, measured, figures.format, remedy)
    if not file.complete:
        broken = "@photo.value.incomplete"
        return Finding(Measure.FORMAT, Outcome.RETAKE, broken, figures.format, "save_as_jpeg")
    if file.format != figures.format:
        return Finding(
            Measure.FORMAT, Outcome.FIXABLE, file.format, figures.format, "convert_format"
        )
    return None


def size_of(file: PhotoFile, figures: PhotoPolicy, _: Intake) -> Finding | None:
    """F02: exactly the asked width and height; else cropped and scaled, within limits."""
    if (file.width, file.height) == (figures.width_px, figures.height_px):
        return None
    width, height = file.upright_size()
    scale = max(figures.width_px / width, figures.height_px / height)
    lost = 1 - figures.width_px * figures.height_px / (scale * scale * width * height)
    outcome, remedy = Outcome.FIXABLE, "crop"
    if (width, height) == (figures.width_px, figures.height_px):
        remedy = "turn"
    if scale > figures.max_upscale:
        outcome, remedy = Outcome.RETAKE, "larger_picture"
    elif lost > figures.max_crop_share:
        outcome, remedy = Outcome.HUMAN, "frame_by_hand"
    measured = f"{file.width}x{file.height}"
    allowed = f"{figures.width_px}x{figures.height_px}"
    return Finding(Measure.SIZE, outcome, measured, allowed, remedy)


def density_of(file: PhotoFile, figures: PhotoPolicy, _: Intake) -> Finding | None:
    """F03: the density written in the file, both ways, within the tolerance."""
    if file.dpi and all(abs(d - figures.dpi) <= figures.dpi_tolerance for d in file.dpi):
        return None
    measured = _density(file.dpi) if file.dpi else None
    return Finding(Measure.DPI, Outcome.FIXABLE, measured, figures.dpi, "write_dpi")


def bytes_of(file: PhotoFile, figures: PhotoPolicy, _: Intake) -> Finding | None:
    """F04: 15-100 KB, both inclusive. "一般": advice only where the city is not strict."""
    if figures.min_bytes <= file.byte_count <= figures.max_bytes:
        return None
    outcome = Outcome.FIXABLE if figures.size_strict else Outcome.ADVICE
    remedy = "recompress" if figures.size_strict else "size_is_a_custom"
    allowed = f"{figures.min_kb}-{figures.max_kb}"
    return Finding(Measure.BYTES, outcome, _kilobytes(file, figures), allowed, remedy)


def depth_of(file: PhotoFile, figures: PhotoPolicy, _: Intake) -> Finding | None:
    """F05: 24-bit true colour. CMYK, palette, alpha and 16 bits are converted; grey is not."""
    if file.colour is Colour.RGB and file.bits == figures.bit_depth:
        return None
    outcome, remedy = Outcome.FIXABLE, "convert_colour"
    if file.colour is Colour.GREY:
        outcome, remedy = Outcome.RETAKE, "colour_photo"
    allowed = f"RGB {figures.bit_depth}"
    return Finding(Measure.DEPTH, outcome, _depth(file), allowed, remedy)


def orientation_of(file: PhotoFile, _: PhotoPolicy, __: Intake) -> Finding | None:
    """F06: stored upright, not turned by an EXIF note."""
    if file.orientation == UPRIGHT:
        return None
    return Finding(Measure.ORIENTATION, Outcome.FIXABLE, file.orientation, UPRIGHT, "turn")


def coding_of(file: PhotoFile, figures: PhotoPolicy, _: Intake) -> Finding | None:
    """F07: baseline coding, which every card printer reads."""
    if file.format != figures.format or file.coding is Coding.BASELINE:
        return None
    said = {coding: f"@photo.value.{coding.value}" for coding in Coding}
    return Finding(
        Measure.CODING,
        Outcome.FIXABLE,
        said[file.coding],
        said[Coding.BASELINE],
        "convert_coding",
    )


def quality_of(file: PhotoFile, figures: PhotoPolicy, _: Intake) -> Finding | None:
    """F08: not over-compressed; what was lost cannot be brought back by coding anew."""
    if file.quality is None or file.quality >= figures.quality_estimate_min:
        return None
    allowed = f">={figures.quality_estimate_min}"
    return Finding(Measure.QUALITY, Outcome.HUMAN, file.quality, allowed, "original_file")


def metadata_of(file: PhotoFile, _: PhotoPolicy, __: Intake) -> Finding | None:
    """F09: no place, no text, nothing behind the picture."""
    if not file.extras:
        return None
    said = tuple(f"@photo.value.{extra.value}" for extra in file.extras)
    return Finding(Measure.METADATA, Outcome.FIXABLE, said, "@photo.value.nothing", "remove")


FILE_MEASURES = (
    size_of,
    density_of,
    bytes_of,
    depth_of,
    orientation_of,
    coding_of,
    quality_of,
    metadata_of,
)
"""What is measured of a file that could be opened, in the order of the report."""


def values_of(file: PhotoFile, figures: PhotoPolicy) -> dict[Measure, tuple[Fact, Fact]]:
    """F01-F09 as measured and as allowed, for the report of those that pass."""
    coded = "@photo.value.baseline"
    size = f"{figures.width_px}x{figures.height_px}"
    return {
        Measure.FORMAT: (file.format, figures.format),
        Measure.SIZE: (f"{file.width}x{file.height}", size),
        Measure.DPI: (_density(file.dpi) if file.dpi else None, figures.dpi),
        Measure.BYTES: (_kilobytes(file, figures), f"{figures.min_kb}-{figures.max_kb}"),
        Measure.DEPTH: (_depth(file), f"RGB {figures.bit_depth}"),
        Measure.ORIENTATION: (file.orientation, UPRIGHT),
        Measure.CODING: (f"@photo.value.{file.coding.value}", coded),
        Measure.QUALITY: (file.quality, f">={figures.quality_estimate_min}"),
        Measure.METADATA: ("@photo.value.nothing", "@photo.value.nothing"),
    }


def _density(dpi: tuple[float, float]) -> int | float | str:
    across, down = (int(d) if d == int(d) else round(d, 1) for d in dpi)
    return across if across == down else f"{across}x{down}"


def _kilobytes(file: PhotoFile, figures: PhotoPolicy) -> float:
    """Rounded away from what is allowed: 15 359 bytes read 14.9, never 15.0."""
    tenths = 10 * file.byte_count / figures.bytes_per_kb
    too_small = file.byte_count < figures.min_bytes
    return (math.floor(tenths) if too_small else math.ceil(tenths)) / 10


def _depth(file: PhotoFile) -> str:
    colour = _SAYS[file.colour]
    return colour if colour.startswith("@") else f"{colour} {file.bits}"
