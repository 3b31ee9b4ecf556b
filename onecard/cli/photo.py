"""`onecard photo check` and `onecard photo fix`: the photo gate for files on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from onecard import words
from onecard.actions import photo as room
from onecard.actions.photo import Developed, Judged
from onecard.cli.progress import steps
from onecard.domain.photo import Edit, Finding, Intake, Verdict
from onecard.queries import photo as queries
from onecard.seams.clock import local_day
from onecard.seams.world import world

app = typer.Typer(help="Check and mend portrait files. Needs no database; stores nothing.")
console = Console(highlight=False, soft_wrap=True)

_KINDS = ("jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "tif", "tiff", "webp", "heic", "avif")
PICTURES = frozenset(f".{kind}" for kind in _KINDS)
"""What a folder is searched for."""

SCOPE = "file"
"""What was checked: the file itself. Nobody has looked at the face in it."""

_COLOURS = {
    Verdict.PASS: "green",
    Verdict.FIXABLE: "yellow",
    Verdict.HUMAN: "yellow",
    Verdict.RETAKE: "red",
}

Files = Annotated[
    list[Path],
    typer.Argument(
        exists=True, readable=True, metavar="FILE...", help="Files, or folders to be searched."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="A JSON list, one object per file.")]
AsItIs = Annotated[
    bool,
    typer.Option("--as-it-is", help="As the partner API judges: no fixer, smaller limits."),
]


@app.callback()
def _group() -> None:
    """Check and mend portrait files. Needs no database; stores nothing."""


@app.command()
def check(files: Files, as_json: AsJson = False, as_it_is: AsItIs = False) -> None:  # noqa: FBT002
    """Check portrait files: exit 0 when every one passes, 1 when any does not.

    Every defect is told at once, with what was measured, what is allowed and what to do.
    The file is checked, not the face in it. Verdicts: PASS; FIXABLE (`onecard photo fix`
    can put it right); HUMAN (a person has to look); RETAKE (take or upload it again).

    onecard photo check portrait.jpg

    onecard photo check ~/portraits --json > report.json
    """
    intake = Intake.AS_IT_IS if as_it_is else Intake.WITH_FIXER
    today = _today()
    judged = [
        (file, room.look_over(content=_read(file, today), intake=intake, on=today))
        for file in steps(_found(files), "photo check")
    ]
    if as_json:
        _print_json([_judged_as_json(file, one) for file, one in judged])
    else:
        for file, one in judged:
            _tell(file, one.verdict, one.findings)
        _sum_up([one.verdict for _, one in judged])
    raise typer.Exit(0 if all(one.verdict is Verdict.PASS for _, one in judged) else 1)


@app.command()
def fix(
    file: Annotated[
        Path, typer.Argument(exists=True, readable=True, help="A file, or a folder of files.")
    ],
    out: Annotated[
        Path, typer.Option("-o", "--out", help="Where the mended file goes; a folder for a folder.")
    ],
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Put a portrait file right: exit 0 when the result passes, else 1 and nothing is written.

    Turns, crops and scales to size, converts the colour, writes the density, compresses into
    range, removes places and texts. Never touches the face, never changes the
    original; lists every change. A file that passes is copied byte for byte.

    onecard photo fix phone.jpg -o portrait.jpg
    """
    today = _today()
    results = []
    for one in steps(_found([file]), "photo fix"):
        content = _read(one, today)
        developed = room.develop(content=content, intake=Intake.WITH_FIXER, on=today)
        results.append((one, developed, _write(_target(one, file, out), developed)))
    if as_json:
        _print_json([_developed_as_json(*result) for result in results])
    else:
        for source, developed, written in results:
            _tell_changes(source, developed, written)
        _sum_up([developed.after.verdict for _, developed, _ in results])
    passed = all(developed.after.verdict is Verdict.PASS for _, developed, _ in results)
    raise typer.Exit(0 if passed else 1)


def _today() -> date:
    return local_day(world().clock.now())


def _found(paths: Iterable[Path]) -> list[Path]:
    """The files themselves, and every picture in the folders, in the order of their names."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.suffix.lower() in PICTURES and p.is_file())
            found += sorted(inside)
        elif path.is_file():
            found.append(path)
        else:
            raise typer.BadParameter(f"{path} is neither a file nor a folder")
    if not found:
        raise typer.BadParameter("there is no picture in there")
    return found


def _read(file: Path, today: date) -> bytes:
    """The file, but never more than one byte behind the limit."""
    with file.open("rb") as stream:
        return queries.bounded(stream, on=today)


def _target(file: Path, asked: Path, out: Path) -> Path:
    """Where the mended file goes: OUT itself, or its place inside OUT."""
    target = out / file.relative_to(asked).with_suffix(".jpg") if asked.is_dir() else out
    if target.exists() and target.samefile(file):
        raise typer.BadParameter(f"{target} is the original; it is never overwritten")
    return target


def _write(target: Path, developed: Developed) -> Path | None:
    """Write beside and rename, so that no half file is ever seen; nothing unless it passes."""
    if developed.after.verdict is not Verdict.PASS:
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".{target.name}.part")
    half.write_bytes(developed.content)
    return half.replace(target)


def _judged_as_json(file: Path, judged: Judged) -> dict[str, Any]:
    return {
        "file": str(file),
        "verdict": judged.verdict.value,
        "findings": [asdict(queries.told(finding)) for finding in judged.findings],
        "sha256": judged.sha256,
        "profile": judged.profile,
        "scope": SCOPE,
    }


def _developed_as_json(file: Path, developed: Developed, written: Path | None) -> dict[str, Any]:
    return _judged_as_json(file, developed.after) | {
        "output": str(written) if written else None,
        "before": _judged_as_json(file, developed.before),
        "edits": [_edit_as_json(edit) for edit in developed.edits],
    }


def _edit_as_json(edit: Edit) -> dict[str, Any]:
    return {
        "kind": edit.kind,
        "message_zh": queries.edit_said(edit.kind, edit.facts, "zh"),
        "message_en": queries.edit_said(edit.kind, edit.facts, "en"),
    }


def _print_json(told: Sequence[dict[str, Any]]) -> None:
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2))


def _tell(file: Path, verdict: Verdict, findings: Iterable[Finding]) -> None:
    console.print(f"[{_COLOURS[verdict]}]{verdict.value:8}[/]", end="")
    console.print(str(file), markup=False)
    for finding in findings:
        console.print(f"  {finding.code:4} {queries.said(finding, 'zh')}", markup=False)
        console.print(f"       {queries.said(finding, 'en')}", style="dim", markup=False)


def _sum_up(verdicts: Sequence[Verdict]) -> None:
    if len(verdicts) > 1:
        counts = (f"{verdict.value} {verdicts.count(verdict)}" for verdict in Verdict)
        console.print("  ".join(counts), style="bold", markup=False)
    zh, en = (words.text("photo.scope.file", language) for language in words.LANGUAGES)
    console.print(f"{zh} {en}", style="dim", markup=False)


def _tell_changes(file: Path, developed: Developed, written: Path | None) -> None:
    _tell(file, developed.after.verdict, developed.after.findings)
    for edit in developed.edits if written else ():
        zh, en = (queries.edit_said(edit.kind, edit.facts, language) for language in ("zh", "en"))
        console.print(f"  + {zh}  [dim]{en}[/]")
    if written:
        unchanged = " 未改动 unchanged" if not developed.edits else ""
        console.print(f"  → {written}{unchanged}", markup=False)
