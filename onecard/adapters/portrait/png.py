"""The chunks of a PNG: walked one by one, never decoded here (ISO/IEC 15948 clause 5)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

SIGNATURE = b"\x89PNG\r\n\x1a\n"
NEEDED = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_AROUND = 12
"""A chunk's length, type and check sum."""


@dataclass(frozen=True)
class Chunk:
    """One chunk: its type, its content, and the whole of it as it lies in the file."""

    kind: bytes
    content: bytes
    whole: bytes


@dataclass(frozen=True)
class Png:
    """A walked file. `tail` counts the bytes behind the picture's end."""

    chunks: tuple[Chunk, ...]
    tail: int

    def first(self, kind: bytes) -> bytes:
        """The content of the first chunk of a kind, empty if there is none."""
        return next((c.content for c in self.chunks if c.kind == kind), b"")

    def has(self, kinds: frozenset[bytes]) -> bool:
        """Whether there is any chunk of these kinds."""
        return any(chunk.kind in kinds for chunk in self.chunks)

    def bare(self) -> bytes:
        """Only what a decoder needs: the first picture, no text, no profile, no animation."""
        return SIGNATURE + b"".join(c.whole for c in self.chunks if c.kind in NEEDED)

    def metadata_bytes(self, most: int) -> int:
        """How much the file carries beside the picture, texts unpacked; counts only to `most`."""
        total = 0
        for chunk in self.chunks:
            if chunk.kind not in NEEDED:
                total += len(chunk.content) + _unpacked(chunk, most)
            if total > most:
                break
        return total


def walk(data: bytes) -> Png:
    """Walk the chunks to the end of the picture, or as far as the file reaches."""
    chunks: list[Chunk] = []
    at = len(SIGNATURE)
    while at + _AROUND <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        end = at + _AROUND + length
        if end > len(data):
            break
        kind = data[at + 4 : at + 8]
        chunks.append(Chunk(kind, data[at + 8 : end - 4], data[at:end]))
        at = end
        if kind == b"IEND":
            return Png(tuple(chunks), len(data) - at)
    return Png(tuple(chunks), 0)


def _unpacked(chunk: Chunk, most: int) -> int:
    """How long a packed text becomes, unpacked no further than the budget."""
    if chunk.kind not in TEXTS or chunk.kind == b"tEXt":
        return 0
    _, _, behind_keyword = chunk.content.partition(b"\0")
    if chunk.kind == b"iTXt":
        packed = behind_keyword[:1] == b"\1"
        stream = behind_keyword[2:].partition(b"\0")[2].partition(b"\0")[2] if packed else b""
    else:
        stream = behind_keyword[1:]
    try:
        return len(zlib.decompressobj().decompress(stream, most + 1)) if stream else 0
    except zlib.error:
        return 0
