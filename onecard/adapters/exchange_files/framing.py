"""What holds a file together: check value per line, header, trailer, count and digest.

The digest covers every byte above the trailer, the header too: a digest of the rows alone would let
a flipped byte in the header pass.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes

from onecard.domain.exchange import MOST_FILE_BYTES
from onecard.domain.refusal import Fact, Refusal

LINE_END = b"\r\n"
CHECK_LENGTH = 8
ALGORITHMS: dict[str, Callable[[], Any]] = {"sha256": hashes.SHA256, "sm3": hashes.SM3}


@dataclass
class Damaged(Exception):
    """The file is not as it was written. Line 0 means the file as a whole."""

    line: int
    why: str
    column: str = ""
    measured: Fact = None
    allowed: Fact = None

    def refusal(self, name: str) -> Refusal:
        """As it is told to whoever brought the file: which line, and why."""
        return Refusal(
            "exchange.damaged",
            {"name": name, "line": self.line, "why": f"@exchange.why.{self.why}"},
            measured={"measured": self.measured, "column": self.column},
            allowed={"allowed": self.allowed},
            field="content",
        )


def digest_of(content: bytes, algorithm: str) -> str:
    """The digest in lower-case hex. Raises `KeyError` for an algorithm we do not speak."""
    digest = hashes.Hash(ALGORITHMS[algorithm]())
    digest.update(content)
    return digest.finalize().hex()


def with_check(line: bytes) -> bytes:
    """A finished line: its bytes, their check value (CRC-32 in hex), the line end."""
    return line + _check(line) + LINE_END


def lines_of(content: bytes) -> list[bytes]:
    """The lines of a file without their check values. Raises `Damaged` naming the first wrong one.

    A line that was cut is found by its check value, and so is a line end that is not ours.
    """
    if len(content) > MOST_FILE_BYTES:
        raise Damaged(0, "too_large", measured=len(content), allowed=MOST_FILE_BYTES)
    lines = content.split(LINE_END)
    if lines.pop():
        raise Damaged(len(lines) + 1, "truncated")
    return [_checked(line, place) for place, line in enumerate(lines, 1)]


def _checked(line: bytes, place: int) -> bytes:
    body, check = line[:-CHECK_LENGTH], line[-CHECK_LENGTH:]
    if check != _check(body):
        raise Damaged(place, "line_check")
    return body


def _check(line: bytes) -> bytes:
    return f"{zlib.crc32(line):0{CHECK_LENGTH}x}".encode("ascii")
