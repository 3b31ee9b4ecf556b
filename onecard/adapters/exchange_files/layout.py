"""The columns of each kind of file: name, most bytes, and how a value is written as text."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from onecard.domain.exchange import ROWS, FailedLink, FileKind, Row

_UNWRITABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


@dataclass(frozen=True)
class Form:
    """How a value is written and taken back. `take` raises `ValueError` for any other text."""

    show: Callable[[Any], str]
    take: Callable[[str], Any]


@dataclass(frozen=True)
class Column:
    """One column. `width` is the most bytes in the encoding of the file."""

    name: str
    width: int
    form: Form


def is_writable(text: str) -> bool:
    """No control, invisible or private-use characters, and no space at either end.

    Private-use characters look different at every partner, so that a name with one would be
    printed wrong without anybody noticing.
    """
    return text == text.strip() and not any(unicodedata.category(c) in _UNWRITABLE for c in text)


def _take_text(text: str) -> str:
    if not is_writable(text):
        raise ValueError(text)
    return text


def _take_number(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or text != str(int(text)):
        raise ValueError(text)
    return int(text)


def _take_day(text: str) -> date | None:
    if not text:
        return None
    day = datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    if _show_day(day) != text:
        raise ValueError(text)
    return day


def _show_day(day: date | None) -> str:
    return day.isoformat().replace("-", "") if day else ""


def _take_known_day(text: str) -> date:
    day = _take_day(text)
    if day is None:
        raise ValueError(text)
    return day


def _take_opened(text: str) -> bool:
    return {"OK": True, "FAIL": False}[text]


TEXT = Form(str, _take_text)
NUMBER = Form(str, _take_number)
DAY = Form(_show_day, _take_known_day)
MAYBE_DAY = Form(_show_day, _take_day)
OPENED = Form(lambda opened: "OK" if opened else "FAIL", _take_opened)
LINK = Form(
    lambda link: link.value if link else "", lambda text: FailedLink(text) if text else None
)

_NUMBER_AND_ATTEMPT = (Column("application_number", 20, TEXT), Column("attempt", 3, NUMBER))

LAYOUTS: dict[FileKind, tuple[Column, ...]] = {
    FileKind.ACCOUNT_ORDER: (
        *_NUMBER_AND_ATTEMPT,
        Column("name", 150, TEXT),
        Column("identity_number", 20, TEXT),
        Column("document_kind", 32, TEXT),
        Column("document_valid_to", 8, MAYBE_DAY),
        Column("phone", 20, TEXT),
        Column("address", 640, TEXT),
        Column("occupation", 8, TEXT),
        Column("nationality", 3, TEXT),
    ),
    FileKind.ACCOUNT_RETURN: (
        *_NUMBER_AND_ATTEMPT,
        Column("identity_number", 20, TEXT),
        Column("opened", 4, OPENED),
        Column("account_number", 32, TEXT),
        Column("bank_card_number", 19, TEXT),
        Column("reason", 300, TEXT),
    ),
    # 50 bytes of name: what the chip's own name fields hold.
    FileKind.CARD_ORDER: (
        *_NUMBER_AND_ATTEMPT,
        Column("name", 50, TEXT),
        Column("identity_number", 20, TEXT),
        Column("sex", 8, TEXT),
        Column("born_on", 8, DAY),
        Column("nationality", 3, TEXT),
        Column("bank", 12, TEXT),
        Column("account_number", 32, TEXT),
        Column("bank_card_number", 19, TEXT),
        Column("collection", 12, TEXT),
        Column("outlet", 40, TEXT),
        Column("photo_sha256", 64, TEXT),
    ),
    FileKind.CARD_RETURN: (
        *_NUMBER_AND_ATTEMPT,
        Column("identity_number", 20, TEXT),
        Column("name", 50, TEXT),
        Column("bank", 12, TEXT),
        Column("card_number", 9, TEXT),
        Column("issued_on", 8, MAYBE_DAY),
        Column("valid_to", 8, MAYBE_DAY),
        Column("card_identifier", 32, TEXT),
        Column("answer_to_reset", 64, TEXT),
        Column("bank_card_number", 19, TEXT),
        Column("account_number", 32, TEXT),
        Column("box_position", 20, TEXT),
        Column("failed_link", 8, LINK),
        Column("reason", 120, TEXT),
    ),
}


def check_layouts() -> None:
    """Every layout names exactly the fields of its row. Raises `ValueError`."""
    for kind, columns in LAYOUTS.items():
        named = {column.name for column in columns}
        if named != {field.name for field in fields(ROWS[kind])}:
            raise ValueError(kind)


def texts_of(kind: FileKind, row: Row) -> list[str]:
    """A row as texts, in the order of its columns."""
    return [column.form.show(getattr(row, column.name)) for column in LAYOUTS[kind]]


check_layouts()
