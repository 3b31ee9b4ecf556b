"""The report of many photos: a contact sheet to look at, a table, or JSON; and its journal.

The journal lies beside the report while it is being made and holds each file's result as soon as
it is known. It is dropped when the report is written.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import typer
from django.template import engines

from onecard import words
from onecard.cli.photo.files import the_day
from onecard.domain.photo import Verdict
from onecard.queries import photo as queries

_TEMPLATE = Path(__file__).with_name("report.html")
_COLUMNS = ("file", "verdict", "code", "name", "outcome", "measured", "unit", "allowed")
_SAID = ("message_zh", "remedy_zh", "message_en", "remedy_en")


class Kind(Enum):
    """By the report's name."""

    HTML = ".html"
    CSV = ".csv"
    JSON = ".json"


def kind_of(report: Path) -> Kind:
    """Which kind is asked for. A wrong ending is a mistake of the caller."""
    try:
        return Kind(report.suffix.lower())
    except ValueError as unknown:
        raise typer.BadParameter(f"{report}: a report ends in .html, .csv or .json") from unknown


class Journal:
    """Results so far. A file is known by its path, size and time of change, and the judging."""

    def __init__(self, report: Path | None, judging: str) -> None:
        self._path = report.with_name(f".{report.name}.journal") if report else None
        self._judging = judging
        self._told: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        self._stream = None
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._read(self._path)
            self._stream = self._path.open("a", encoding="utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.close()
        if self._path is not None and kind is None:
            self._path.unlink()

    def known(self, file: Path) -> dict[str, Any] | None:
        """What was told of this very file."""
        return self._told.get(self._key(file))

    def told(self, file: Path) -> dict[str, Any]:
        """What was told of this very file. Raises `KeyError`."""
        return self._told[self._key(file)]

    def keep(self, file: Path, told: dict[str, Any]) -> None:
        """Keep a result at once."""
        key = self._key(file)
        self._told[key] = told
        if self._stream is not None:
            self._stream.write(json.dumps({"key": key, "told": told}, ensure_ascii=False) + "\n")
            self._stream.flush()

    def _key(self, file: Path) -> str:
        facts = file.stat()
        return f"{file} {facts.st_size} {facts.st_mtime_ns} {self._judging}"

    def _read(self, path: Path) -> None:
        """Every whole line; the last one may have been broken off."""
        if not path.exists():
            return
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                kept = json.loads(line)
            except ValueError:
                continue
            self._told[kept["key"]] = kept["told"]


def write(told: Sequence[dict[str, Any]], report: Path, kind: Kind) -> None:
    """Write beside and rename, so that no half report is ever seen."""
    text = {Kind.HTML: _sheet, Kind.CSV: _table, Kind.JSON: _json}[kind](told, report)
    half = report.with_name(f".{report.name}.part")
    half.write_text(text, encoding="utf-8-sig" if kind is Kind.CSV else "utf-8")
    half.replace(report)


def _json(told: Sequence[dict[str, Any]], _: Path) -> str:
    return json.dumps(list(told), ensure_ascii=False, indent=1)


def _table(told: Sequence[dict[str, Any]], _: Path) -> str:
    """One line for each finding; a file that passes has one line of its own."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow((*_COLUMNS, *_SAID, "sha256", "profile", "engine"))
    for one in told:
        known = {check["code"]: check["unit"] for check in one["checks"]}
        for finding in one["findings"] or [{}]:
            line = one | finding | {"unit": known.get(finding.get("code"), "")}
            cells = (line.get(name, "") for name in (*_COLUMNS, *_SAID))
            writer.writerow(
                [_cell(cell) for cell in cells] + [one["sha256"], one["profile"], one["engine"]]
            )
    return out.getvalue()


def _cell(value: Any) -> str:
    """A value that no spreadsheet takes for a formula."""
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return (
        f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} and not _number(text) else text
    )


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _sheet(told: Sequence[dict[str, Any]], report: Path) -> str:
    """The contact sheet: pictures stay where they are and are shown from there."""
    here = report.resolve().parent
    counts = Counter(one["verdict"] for one in told)
    codes = Counter(finding["code"] for one in told for finding in one["findings"])
    names = _names()
    facts = {
        "photos": [one | {"src": _source(Path(one["file"]), here)} for one in told],
        "verdicts": [
            (v.value, words.text(f"photo.verdict.{v.value}", "zh"), counts[v.value])
            for v in Verdict
        ],
        "codes": [(code, names[code], many) for code, many in codes.most_common()],
        "norm": queries.lines_of_the_norm(the_day()),
        "profiles": sorted({f"{one['profile']} {one['engine']}" for one in told}),
        "zh": _headings("zh", len(told)),
        "en": _headings("en", len(told)),
    }
    template = engines["django"].from_string(_TEMPLATE.read_text(encoding="utf-8"))
    return str(template.render(facts))


def _headings(language: str, total: int) -> dict[str, str]:
    keys = ("title", "total", "lines", "place")
    return {key: words.text(f"photo.report.{key}", language, total=total) for key in keys}


def _names() -> dict[str, str]:
    told = {measure.code: name for measure, name in queries.measure_names("zh").items()}
    return defaultdict(str, told)


def _source(file: Path, here: Path) -> str:
    """The picture's address as seen from the report."""
    whole = file.resolve()
    if whole.is_relative_to(here):
        return quote(str(whole.relative_to(here)))
    return whole.as_uri()
