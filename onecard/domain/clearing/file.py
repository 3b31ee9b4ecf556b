"""清算文件的格式: one file per operator and day, its count and its sum in the first line.

    ONECARD-FARES|1|<operator>|<day>|<lines>|<sum in fen>
    <issuer>|<serial>|<type>|<fen>|<terminal>|<terminal counter>|<time>|<key version>|<TAC>

Bytes are hex, the time is the gate's own, of the city. The purse's TAC covers amount, type,
terminal, its counter and the time; neither balance nor load counter (card reference 4.1), so a
line never proves that a load did or did not happen. The format is ours: JT/T 978.4 is not public.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from onecard.domain.refusal import Fix, FixKind, Refusal, Refused

NAME, VERSION = "ONECARD-FARES", "1"
TYPES = (6, 9)
"""Purchase and composite purchase (card reference 2.4)."""
MOST_LINES = 1_000_000
_CITY = timezone(timedelta(hours=8))
_FIELDS = re.compile(
    r"(?P<issuer>[0-9A-F]{16})\|(?P<serial>[0-9A-F]{20})\|(?P<type>\d{2})\|(?P<fen>\d{1,10})"
    r"\|(?P<terminal>[0-9A-F]{12})\|(?P<counter>\d{1,10})\|(?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)"
    r"\|(?P<key>\d{1,3})\|(?P<tac>[0-9A-F]{8})"
)
_HEADER = re.compile(
    r"(?P<name>[A-Z-]+)\|(?P<version>\d+)\|(?P<operator>[a-z0-9_]{2,32})"
    r"\|(?P<day>\d{4}-\d\d-\d\d)\|(?P<lines>\d{1,7})\|(?P<sum>\d{1,15})"
)


@dataclass(frozen=True)
class Header:
    """Whose fares, of which day, how many and how much in fen."""

    operator: str
    day: date
    lines: int
    sum_fen: int


@dataclass(frozen=True)
class Fare:
    """One purchase at a gate, as the operator reports it. Bytes in hex, `line` counts from 2."""

    line: int
    issuer: str
    serial: str
    type: int
    amount_fen: int
    terminal: str
    terminal_counter: int
    at: datetime
    key_version: int
    tac: str

    @property
    def key(self) -> str:
        """The same for the same purchase, however often it is reported."""
        return f"{self.terminal}/{self.terminal_counter}/{self.issuer}{self.serial}"


@dataclass(frozen=True)
class ClearingFile:
    """A whole file that says of itself what it holds."""

    header: Header
    fares: tuple[Fare, ...]


def parse(text: str) -> ClearingFile:
    """Read a file, all of it or nothing.

    Raises `Refused` with every line that cannot be read: `clearing.header`, `clearing.line`,
    `clearing.count`, `clearing.sum`.
    """
    lines = text.splitlines()
    header = _header(lines[0] if lines else "")
    found, wrong = [], []
    for number, line in enumerate(lines[1:], start=2):
        fare = _fare(number, line)
        if fare is None:
            wrong.append(_unreadable(number))
        else:
            found.append(fare)
    wrong += _sums(header, found) if not wrong else []
    if wrong:
        raise Refused(*wrong[:100])
    return ClearingFile(header, tuple(found))


def written(operator: str, day: date, fares: Iterable[Fare]) -> str:
    """The file of these fares."""
    rows = list(fares)
    total = sum(row.amount_fen for row in rows)
    first = f"{NAME}|{VERSION}|{operator}|{day.isoformat()}|{len(rows)}|{total}"
    return "\n".join([first, *map(_line, rows)]) + "\n"


def _line(fare: Fare) -> str:
    at = fare.at.astimezone(_CITY).replace(tzinfo=None).isoformat(timespec="seconds")
    return (
        f"{fare.issuer}|{fare.serial}|{fare.type:02d}|{fare.amount_fen}|{fare.terminal}"
        f"|{fare.terminal_counter}|{at}|{fare.key_version}|{fare.tac}"
    )


def _header(line: str) -> Header:
    told = _HEADER.fullmatch(line)
    day = _day(told["day"]) if told else None
    if told is None or day is None or (told["name"], told["version"]) != (NAME, VERSION):
        allowed = {"header": f"{NAME}|{VERSION}|operator|YYYY-MM-DD|lines|fen"}
        measured = {"header": line[:60]}
        fix = Fix(FixKind.CHANGE_INPUT, {"field": "file"})
        refusal = Refusal("clearing.header", measured=measured, allowed=allowed, fix=fix)
        raise Refused(refusal)
    return Header(told["operator"], day, int(told["lines"]), int(told["sum"]))


def _fare(number: int, line: str) -> Fare | None:
    told = _FIELDS.fullmatch(line)
    at = _moment(told["at"]) if told else None
    if told is None or at is None or int(told["type"]) not in TYPES:
        return None
    counter, fen = int(told["counter"]), int(told["fen"])
    if counter >= 1 << 32 or not 0 <= fen < 1 << 32:
        return None
    return Fare(
        number,
        told["issuer"],
        told["serial"],
        int(told["type"]),
        fen,
        told["terminal"],
        counter,
        at,
        int(told["key"]),
        told["tac"],
    )


def _sums(header: Header, fares: list[Fare]) -> list[Refusal]:
    """The first line must say what follows: a cut file is not half a file."""
    wrong = []
    total = sum(fare.amount_fen for fare in fares)
    fix = Fix(FixKind.CHANGE_INPUT, {"field": "file"})
    if header.lines != len(fares):
        measured, allowed = {"lines": len(fares)}, {"allowed": header.lines}
        wrong.append(Refusal("clearing.count", measured=measured, allowed=allowed, fix=fix))
    if header.sum_fen != total:
        measured, allowed = {"fen": total}, {"allowed": header.sum_fen}
        wrong.append(Refusal("clearing.sum", measured=measured, allowed=allowed, fix=fix))
    return wrong


def _unreadable(number: int) -> Refusal:
    fix = Fix(FixKind.CHANGE_INPUT, {"field": "line"})
    return Refusal("clearing.line", measured={"line": number}, field=f"line {number}", fix=fix)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=_CITY)
    except ValueError:
        return None
