"""What can be said of a portrait file before anybody judges it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

UPRIGHT = 1
"""The EXIF orientation of a picture that needs no turning."""

ORIENTATIONS = frozenset(range(1, 9))
"""Every EXIF orientation there is."""

_ON_ITS_SIDE = frozenset({5, 6, 7, 8})


class Intake(Enum):
    """What the door can do for a file: mend it with the person looking on, or only take it."""

    WITH_FIXER = "with_fixer"
    AS_IT_IS = "as_it_is"


class Scope(Enum):
    """How far the gate looks: the file alone (a photo an authority has already accepted), or both.

    A portrait from the province's files was judged when it was taken there; nobody is sent away
    for it again (rule book 6: a photo on file skips the upload).
    """

    FILE = "file"
    FACE = "face"


class Copy(Enum):
    """Which of a photo's two files: as it is printed, or as it was handed in."""

    PRINT = "print"
    ORIGINAL = "original"


class PhotoSource(Enum):
    """Where a portrait came from."""

    UPLOAD = "upload"
    COUNTER = "counter"
    EMPLOYER = "employer"
    HR_DATABASE = "hr_database"
    PARTNER = "partner"


class Colour(Enum):
    """How a pixel says its colour."""

    RGB = "RGB"
    RGBA = "RGBA"
    GREY = "GREY"
    CMYK = "CMYK"
    PALETTE = "PALETTE"


class Coding(Enum):
    """How a JPEG is coded: in one go from the top, in ever finer passes, or in some rarer way."""

    BASELINE = "baseline"
    PROGRESSIVE = "progressive"
    OTHER = "other"


class Extra(Enum):
    """What a file may carry beside the picture that says more than the picture should."""

    GPS = "gps"
    TEXT = "text"
    TAIL = "tail"


@dataclass(frozen=True)
class PhotoFile:
    """A file as measured. Sizes are those stored in the file, before any turning.

    `format` is JPEG, PNG or the name of whatever else it looks like. `complete` says that it could
    be decoded to its end; a picture over one of the caps is never decoded. `dpi` is None when the
    file states none; `quality` is the JPEG quality estimated from its tables.
    """

    byte_count: int
    format: str
    complete: bool = False
    width: int = 0
    height: int = 0
    colour: Colour = Colour.RGB
    bits: int = 0
    dpi: tuple[float, float] | None = None
    orientation: int = UPRIGHT
    coding: Coding = Coding.BASELINE
    scans: int = 0
    quality: int | None = None
    extras: tuple[Extra, ...] = ()
    metadata_bytes: int = 0

    @property
    def pixels(self) -> int:
        """Width times height."""
        return self.width * self.height

    def upright_size(self) -> tuple[int, int]:
        """Width and height once the EXIF orientation has been applied."""
        if self.orientation in _ON_ITS_SIDE:
            return self.height, self.width
        return self.width, self.height
