"""Whole files: `write` rows, `read` them back, and tell beforehand whether a row `fits`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from onecard.adapters.exchange_files.framing import (
    ALGORITHMS,
    LINE_END,
    Damaged,
    digest_of,
    lines_of,
    with_check,
)
from onecard.adapters.exchange_files.layout import LAYOUTS, NUMBER, is_writable, texts_of
from onecard.adapters.exchange_files.profiles import Profile, Unreadable, profile_of
from onecard.domain.exchange import ENDINGS, ROWS, FileKind, Header, Row, spoken
from onecard.domain.refusal import Refusal

PROFILE_VERSION = "1"
_HEADER_WIDTHS = (1, 16, 2, 16, 8, 6, 25)
_TRAILER_WIDTHS = (1, 10, 8, 64)
_FEWEST_LINES = 2


@dataclass(frozen=True)
class Contents:
    """A file that was read whole and found undamaged."""

    header: Header
    rows: tuple[Row, ...]


def fits(kind: FileKind, row: Row, *, partner: str) -> Refusal | None:
    """Whether the partner's file can carry the row: every text encodes and keeps to its bytes.

    Refused with the partner named, before any file is made. The text itself is not repeated.
    """
    encoding = profile_of(kind).encoding
    for column, text in zip(LAYOUTS[kind], texts_of(kind, row), strict=True):
        facts = {
            "partner": spoken(partner),
            "application": row.application_number,
            "column": f"@exchange.column.{column.name}",
        }
        if not is_writable(text):
            return Refusal("exchange.does_not_encode", facts, field=column.name)
        size = len(text.encode(encoding))
        if size > column.width:
            measured, allowed = {"measured": size}, {"allowed": column.width}
            return Refusal("exchange.does_not_fit", facts, measured, allowed, field=column.name)
    return None


def write(header: Header, rows: Sequence[Row], *, digest: str = "sha256") -> bytes | Refusal:
    """The bytes of a file, or the refusal of the first row that does not fit."""
    for row in rows:
        refusal = fits(header.kind, row, partner=header.partner)
        if refusal is not None:
            return refusal
    profile, widths = profile_of(header.kind), _row_widths(header.kind)
    length = _length(header.kind)
    lines = [profile.line(_header_texts(header), _HEADER_WIDTHS, length)]
    if profile.has_titles:
        lines.append(profile.line(_titles(header.kind), widths, length))
    lines += [profile.line(["D", *texts_of(header.kind, row)], widths, length) for row in rows]
    above = b"".join(with_check(line) for line in lines)
    trailer = ["T", str(len(rows)), digest, digest_of(above, digest)]
    return above + with_check(profile.line(trailer, _TRAILER_WIDTHS, length))


def read(name: str, content: bytes) -> Contents | Refusal:
    """The header and every row, or why the whole file is refused and which line is wrong."""
    try:
        return _read(name, content)
    except Damaged as damaged:
        return damaged.refusal(name)


def _read(name: str, content: bytes) -> Contents:
    kind = _kind_in(name)
    lines = lines_of(content)
    if len(lines) < _FEWEST_LINES:
        raise Damaged(len(lines), "no_trailer")
    if not lines[-1].startswith(b"T"):
        raise Damaged(len(lines), "no_trailer")
    profile = profile_of(kind)
    header = _read_header(kind, _texts(profile, lines[0], _HEADER_WIDTHS, 1))
    if header.name != name:
        raise Damaged(1, "name", measured=header.name, allowed=name)
    first = _read_titles(profile, kind, lines)
    rows = [
        _read_row(profile, kind, line, at) for at, line in enumerate(lines[first:-1], first + 1)
    ]
    _check_trailer(profile, lines, len(rows), content)
    return Contents(header, tuple(rows))


def _kind_in(name: str) -> FileKind:
    """The kind a file's name tells; the header must then say the same."""
    parts = name.split("-")
    for kind in ROWS:
        if len(parts) > 1 and parts[1] == kind.value and name.endswith("." + ENDINGS[kind]):
            return kind
    raise Damaged(0, "file_name")


def _read_header(kind: FileKind, texts: list[str]) -> Header:
    mark, said_kind, version, partner, day, number, created = texts
    if mark != "H":
        raise Damaged(1, "no_header")
    if version != PROFILE_VERSION:
        raise Damaged(1, "profile", measured=version, allowed=PROFILE_VERSION)
    if said_kind != kind.value:
        raise Damaged(1, "name", measured=said_kind, allowed=kind.value)
    try:
        header = Header(kind, partner, date.fromisoformat(day), int(number), _instant(created))
    except ValueError as error:
        raise Damaged(1, "header_value") from error
    if _header_texts(header) != texts:
        raise Damaged(1, "header_value")
    return header


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    return instant


def _read_titles(profile: Profile, kind: FileKind, lines: list[bytes]) -> int:
    """How many lines stand above the rows."""
    if not profile.has_titles:
        return 1
    if _texts(profile, lines[1], _row_widths(kind), 2) != _titles(kind):
        raise Damaged(2, "titles")
    return 2


def _read_row(profile: Profile, kind: FileKind, line: bytes, place: int) -> Row:
    mark, *texts = _texts(profile, line, _row_widths(kind), place)
    if mark != "D":
        raise Damaged(place, "mark", measured=mark, allowed="D")
    values = {}
    for column, text in zip(LAYOUTS[kind], texts, strict=True):
        try:
            values[column.name] = column.form.take(text)
        except (ValueError, KeyError) as error:
            raise Damaged(place, "value", f"@exchange.column.{column.name}") from error
    return ROWS[kind](**values)


def _check_trailer(profile: Profile, lines: list[bytes], count: int, content: bytes) -> None:
    place = len(lines)
    mark, said_count, algorithm, digest = _texts(profile, lines[-1], _TRAILER_WIDTHS, place)
    if mark != "T":
        raise Damaged(place, "mark", measured=mark, allowed="T")
    if said_count != NUMBER.show(count):
        raise Damaged(place, "count", measured=count, allowed=said_count)
    if algorithm not in ALGORITHMS:
        raise Damaged(place, "algorithm", measured=algorithm, allowed=tuple(ALGORITHMS))
    above = content[: content.rindex(LINE_END, 0, len(content) - 1) + len(LINE_END)]
    if digest != digest_of(above, algorithm):
        raise Damaged(place, "digest")


def _texts(profile: Profile, line: bytes, widths: Sequence[int], place: int) -> list[str]:
    try:
        return profile.texts(line, widths)
    except Unreadable as unreadable:
        raise Damaged(place, unreadable.why) from unreadable


def _header_texts(header: Header) -> list[str]:
    return [
        "H",
        header.kind.value,
        PROFILE_VERSION,
        header.partner,
        f"{header.business_on:%Y%m%d}",
        f"{header.number:06d}",
        header.created_at.isoformat(timespec="seconds"),
    ]


def _titles(kind: FileKind) -> list[str]:
    return ["C", *(column.name for column in LAYOUTS[kind])]


def _row_widths(kind: FileKind) -> list[int]:
    return [1, *(column.width for column in LAYOUTS[kind])]


def _length(kind: FileKind) -> int:
    return max(sum(_row_widths(kind)), sum(_HEADER_WIDTHS), sum(_TRAILER_WIDTHS))
