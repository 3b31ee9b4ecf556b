"""The two ways a line lies in bytes: UTF-8 CSV for banks, GB 18030 fixed width for the vendor."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Protocol

from onecard.domain.exchange import ENDINGS, FileKind

_SPACE = b" "


class Unreadable(ValueError):
    """A line does not have the form of its profile. `why` is a word key of the room `exchange`."""

    def __init__(self, why: str, column: int = 0) -> None:
        super().__init__(why)
        self.why, self.column = why, column


class Profile(Protocol):
    """Texts to the bytes of one line and back; widths only bind where the profile has any."""

    encoding: str
    has_titles: bool

    def line(self, texts: Sequence[str], widths: Sequence[int], length: int) -> bytes:
        """The bytes of one line without its check value."""
        ...

    def texts(self, line: bytes, widths: Sequence[int]) -> list[str]:
        """The texts of one line. Raises `Unreadable`."""
        ...


class Csv:
    """RFC 4180 in UTF-8. A field never holds a line break, so that a line is a line."""

    encoding = "utf-8"
    has_titles = True

    def line(self, texts: Sequence[str], widths: Sequence[int], length: int) -> bytes:  # noqa: ARG002 - the protocol's
        """Fields between commas, with one more comma before the check value."""
        out = io.StringIO()
        csv.writer(out, lineterminator=",").writerow(texts)
        return out.getvalue().encode(self.encoding)

    def texts(self, line: bytes, widths: Sequence[int]) -> list[str]:
        """Split at the commas. Raises `Unreadable`."""
        text = _decoded(line, self.encoding)
        try:
            fields = next(csv.reader([text], strict=True))
        except csv.Error as error:
            raise Unreadable("columns") from error
        if len(fields) != len(widths) + 1 or fields.pop():
            raise Unreadable("columns")
        return fields


class FixedWidth:
    """GB 18030; every field padded with spaces to its width in bytes, every line equally long."""

    encoding = "gb18030"
    has_titles = False

    def line(self, texts: Sequence[str], widths: Sequence[int], length: int) -> bytes:
        """Fields side by side, filled up to `length`."""
        pairs = zip(texts, widths, strict=True)
        fields = [text.encode(self.encoding).ljust(width, _SPACE) for text, width in pairs]
        return b"".join(fields).ljust(length, _SPACE)

    def texts(self, line: bytes, widths: Sequence[int]) -> list[str]:
        """Cut at the byte positions. Raises `Unreadable`."""
        texts, start = [], 0
        for column, width in enumerate(widths, 1):
            field = line[start : start + width]
            texts.append(_decoded(field, self.encoding, column).rstrip(" "))
            start += width
        if line[start:].strip(_SPACE):
            raise Unreadable("columns")
        return texts


def _decoded(field: bytes, encoding: str, column: int = 0) -> str:
    try:
        return field.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("encoding", column) from error


_CSV, _FIXED_WIDTH = Csv(), FixedWidth()


def profile_of(kind: FileKind) -> Profile:
    """The profile in which files of a kind are written."""
    return _CSV if ENDINGS[kind] == "csv" else _FIXED_WIDTH
