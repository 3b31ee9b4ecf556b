"""What the acts of the photo room give back."""

from __future__ import annotations

from dataclasses import dataclass

from onecard.domain.photo import Verdict
from onecard.records.models import Photo


@dataclass(frozen=True)
class PhotoReceipt:
    """A photo as it is kept. `findings` are codes, `edits` the kinds of change made to the file.

    `mended` says that the print-size copy differs from the original; `again` that the same file had
    been kept before, and is the same object.
    """

    ref: str
    verdict: Verdict
    findings: tuple[str, ...]
    edits: tuple[str, ...]
    mended: bool
    again: bool


@dataclass(frozen=True)
class Forgotten:
    """How many files were deleted. The names are those of blobs that nothing points to any more."""

    count: int
    names: tuple[str, ...]


def receipt_of(photo: Photo, *, again: bool = False) -> PhotoReceipt:
    """The receipt of a kept photo."""
    return PhotoReceipt(
        ref=photo.ref,
        verdict=Verdict(photo.verdict),
        findings=tuple(photo.report["codes"]),
        edits=tuple(edit["kind"] for edit in photo.edits),
        mended=bool(photo.edits),
        again=again,
    )
