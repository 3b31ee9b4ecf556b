"""Findings, edits and the norm in words; no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Protocol

from onecard import policy, words
from onecard.domain.photo import (
    FacePolicy,
    Finding,
    Measure,
    NormLines,
    PhotoFile,
    PhotoPolicy,
    Seen,
    head_lines,
    norm_lines,
)
from onecard.domain.refusal import Fact

_SENTENCE_END = {"zh": "。", "en": ". "}
_VALUE = "@photo.value."


@dataclass(frozen=True)
class ToldFinding:
    """A finding for programs and people. `measured` is None where the file states nothing."""

    code: str
    name: str
    refusal: str
    outcome: str
    measured: Fact
    allowed: Fact
    fixable: bool
    message_zh: str
    message_en: str
    remedy_zh: str
    remedy_en: str


@dataclass(frozen=True)
class ToldCheck:
    """One measure of the report, passes too: value, unit, limit and what came of it."""

    code: str
    name: str
    title_zh: str
    title_en: str
    outcome: str
    measured: Fact
    unit: str
    allowed: Fact


@dataclass(frozen=True)
class PhotoNorm:
    """What a photo must be, for the page that asks for one; one sentence per line.

    `accept` lists the media types an upload field offers; whoever reads an upload stops one byte
    behind `max_upload_bytes`.
    """

    required_from_age: int
    sentences: tuple[str, ...]
    accept: tuple[str, ...]
    max_upload_bytes: int


class Readable(Protocol):
    """An upload, an open file."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes."""


def bounded(stream: Readable, *, on: date) -> bytes:
    """A file as the gate wants it: cut one byte behind the limit, however long it goes on."""
    return stream.read(norm(on).max_upload_bytes + 1)


def told(finding: Finding) -> ToldFinding:
    """One finding in both languages, for reports that programs read."""
    refusal = finding.refusal()
    name = refusal.code.partition(".")[2]
    zh, en = (words.explain(refusal, language) for language in words.LANGUAGES)
    return ToldFinding(
        code=finding.code,
        name=name,
        refusal=refusal.code,
        outcome=finding.outcome.value,
        measured=_plain(finding.measured),
        allowed=_plain(finding.allowed),
        fixable=finding.fixable,
        message_zh=said(finding, "zh"),
        message_en=said(finding, "en"),
        remedy_zh=zh.next,
        remedy_en=en.next,
    )


def check_told(check: Finding) -> ToldCheck:
    """One check for programs and people."""
    zh, en = (words.text(f"photo.measure.{check.name}", lang) for lang in words.LANGUAGES)
    return ToldCheck(
        code=check.code,
        name=check.name,
        title_zh=zh,
        title_en=en,
        outcome=check.outcome.value,
        measured=_plain(check.measured),
        unit=check.measure.unit,
        allowed=_plain(check.allowed),
    )


def measure_names(language: str) -> dict[Measure, str]:
    """What each measure of the report is called."""
    told = (measure for measure in Measure if measure.code[1:].isdigit())
    return {m: words.text(f"photo.measure.{m.refusal.rpartition('.')[2]}", language) for m in told}


def lines_of_the_norm(on: date) -> NormLines:
    """The norm's lines, to be drawn over a picture."""
    return norm_lines(policy.in_force("photo", FacePolicy, on=on))


def lines_of_the_head(seen: Seen | None, file: PhotoFile | None) -> dict[str, float] | None:
    """The head's lines in the upright picture; None where no engine saw it whole."""
    lines = head_lines(seen, file)
    return asdict(lines) if lines else None


def profile(on: date) -> str:
    """The profile in force, with the pack it stands in."""
    figures = policy.in_force("photo", PhotoPolicy, on=on)
    return f"{figures.profile} {policy.pack_name()}"


def said(finding: Finding, language: str) -> str:
    """A finding in one sentence or two: what was measured, what is allowed, what to do."""
    explained = words.explain(finding.refusal(), language)
    end = _SENTENCE_END[language]
    return f"{explained.headline}{end}{explained.next}{end}".rstrip()


def edit_said(kind: str, facts: Mapping[str, Any], language: str) -> str:
    """One change made to a file, in words."""
    known = {name: tuple(f) if isinstance(f, list) else f for name, f in facts.items()}
    return words.text(f"photo.edit.{kind}", language, **known)


def norm(on: date, language: str = "zh") -> PhotoNorm:
    """What the city asks of a photo on that day."""
    figures = policy.in_force("photo", PhotoPolicy, on=on)
    accept = (figures.format, *figures.convertible_formats)
    return PhotoNorm(
        figures.required_from_age,
        tuple(_norm_lines(figures, language)),
        tuple(f"image/{name.lower()}" for name in accept),
        figures.max_file_kb_with_fixer * figures.bytes_per_kb,
    )


def _plain(fact: Fact) -> Fact:
    """A value for programs: words of ours by their short name."""
    if isinstance(fact, tuple):
        return tuple(item.removeprefix(_VALUE) for item in fact)
    return fact.removeprefix(_VALUE) if isinstance(fact, str) else fact


def _norm_lines(figures: PhotoPolicy, language: str) -> list[str]:
    def line(key: str, **facts: Fact) -> str:
        return words.text(f"photo.norm.{key}", language, **facts)

    lines = [line("background", background=f"@photo.norm.{figures.background}.background")]
    if figures.forbidden_tops:
        tops = tuple(f"@photo.norm.{top}.top" for top in figures.forbidden_tops)
        lines.append(line("clothing", tops=tops))
    if figures.glasses_if_usual:
        lines.append(line("glasses"))
    lines.append(line("look"))
    size: dict[str, Fact] = {"width": figures.width_px, "height": figures.height_px}
    more: dict[str, Fact] = {"dpi": figures.dpi, "bits": figures.bit_depth}
    lines.append(line("size", format=figures.format, **size, **more))
    lines.append(line("bytes", min=figures.min_kb, max=figures.max_kb))
    lines.append(line("no_photo", age=figures.required_from_age))
    return lines
