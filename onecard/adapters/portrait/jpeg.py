"""The words around a JPEG's coded picture: walked marker by marker, never decoded here.

ISO/IEC 10918-1 annex B: a file is a row of segments, each begun by FF and a marker; only behind a
start of scan does coded picture data follow, in which FF is always followed by 00 or a restart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

SOI, EOI, SOS, DQT, COM, APP0, APP1, APP13, APP14 = (
    0xD8, 0xD9, 0xDA, 0xDB, 0xFE, 0xE0, 0xE1, 0xED, 0xEE,
)  # fmt: skip
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
APPLICATION = frozenset(range(0xE0, 0xF0))
EXIF_HEAD = b"Exif\0\0"

_MARKER = re.compile(rb"\xff[\x01-\xfe]")
_BEHIND_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_LENGTH = 2
_TABLE = 64
_ITU_LUMA_SUM = 3688
"""Sum of the example luma table of ITU-T T.81 annex K, by which qualities are counted."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its marker, where it begins, where the next one begins."""

    marker: int
    start: int
    end: int


@dataclass(frozen=True)
class Frame:
    """What the frame header says of the picture."""

    marker: int
    precision: int
    height: int
    width: int
    components: int


@dataclass(frozen=True)
class Jpeg:
    """A walked file. `end` is the place just behind the first picture, or 0 if it never ends."""

    data: bytes
    segments: tuple[Segment, ...]
    end: int

    def payload(self, segment: Segment) -> bytes:
        """The content of a segment, without marker and length."""
        return self.data[segment.start + 2 + _LENGTH : segment.end]

    def each(self, *markers: int) -> Iterator[bytes]:
        """The payloads of every segment with one of these markers."""
        return (self.payload(s) for s in self.segments if s.marker in markers)

    def scans(self) -> int:
        """How many passes the picture is coded in."""
        return sum(segment.marker == SOS for segment in self.segments)

    def frame(self) -> Frame | None:
        """The frame header; None if there is none, or more than one."""
        frames = [s for s in self.segments if s.marker in FRAMES]
        if len(frames) != 1:
            return None
        head = self.payload(frames[0])
        if len(head) < 6:  # noqa: PLR2004 - precision 1, height 2, width 2, components 1
            return None
        height, width = int.from_bytes(head[1:3], "big"), int.from_bytes(head[3:5], "big")
        return Frame(frames[0].marker, head[0], height, width, head[5])

    def metadata_bytes(self) -> int:
        """How much the file carries beside the picture."""
        return sum(
            s.end - s.start for s in self.segments if s.marker in APPLICATION or s.marker == COM
        )

    def quality(self) -> int | None:
        """The quality by which the first luma table was scaled; None without a table."""
        table = next(self.each(DQT), b"")
        width = 1 + (table[:1] >= b"\x10")
        entries = table[1 : 1 + _TABLE * width]
        if len(entries) < _TABLE * width:
            return None
        numbers = (
            int.from_bytes(entries[at : at + width], "big") for at in range(0, len(entries), width)
        )
        scale = 100 * sum(numbers) / _ITU_LUMA_SUM
        return round((200 - scale) / 2 if scale <= 100 else 5000 / scale)  # noqa: PLR2004

    def bare(self, *, head: bytes = b"", before_end: bytes = b"") -> bytes:
        """Only what a decoder needs: no EXIF, no profile, no comment, nothing behind the end.

        The Adobe segment stays, for it says how the colours were turned. `head` is put in front,
        `before_end` behind the coded data.
        """
        kept = (
            self.data[s.start : s.end]
            for s in self.segments
            if s.marker != COM and (s.marker not in APPLICATION or s.marker == APP14)
        )
        return b"\xff\xd8" + head + b"".join(kept) + before_end + b"\xff\xd9"


def walk(data: bytes) -> Jpeg:
    """Walk the segments up to the end of the first picture, or as far as they make sense."""
    segments: list[Segment] = []
    at = 2
    while found := _MARKER.search(data, at):
        start = found.start()
        marker = data[start + 1]
        if marker == EOI:
            return Jpeg(data, tuple(segments), start + 2)
        at = _end_of(data, marker, start)
        if not at:
            break
        segments.append(Segment(marker, start, at))
    return Jpeg(data, tuple(segments), 0)


def jfif(dpi: int) -> bytes:
    """A JFIF segment that states the density in dots per inch."""
    density = dpi.to_bytes(2, "big")
    return b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x01" + density + density + b"\x00\x00"


def _end_of(data: bytes, marker: int, start: int) -> int:
    """Where the segment ends; 0 if the file does not reach that far."""
    if marker == 0x01 or 0xD0 <= marker <= SOI:  # noqa: PLR2004 - markers without content
        return start + 2
    length = int.from_bytes(data[start + 2 : start + 2 + _LENGTH], "big")
    end = start + 2 + length
    if length < _LENGTH or end > len(data):
        return 0
    if marker != SOS:
        return end
    behind = _BEHIND_SCAN.search(data, end)
    return behind.start() if behind else 0
