"""What a photo command says: JSON for programs, both languages for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from onecard import words
from onecard.actions.photo import Developed, Judged
from onecard.domain.photo import Edit, Verdict
from onecard.queries import photo as queries

console = Console(highlight=False, soft_wrap=True)
_COLOURS = {
    Verdict.PASS: "green",
    Verdict.FIXABLE: "yellow",
    Verdict.HUMAN: "yellow",
    Verdict.RETAKE: "red",
}


def judged_as_json(file: Path, judged: Judged) -> dict[str, Any]:
    """One file: its verdict, what is wrong, and every check with its value, unit and limit."""
    return {
        "file": str(file),
        "verdict": judged.verdict.value,
        "findings": [asdict(queries.told(finding)) for finding in judged.findings],
        "checks": [asdict(queries.check_told(check)) for check in judged.checks],
        "sha256": judged.sha256,
        "profile": judged.profile,
        "engine": judged.engine,
        "scope": judged.scope.value,
        "lines": queries.lines_of_the_head(judged.seen, judged.file),
    }


def developed_as_json(file: Path, developed: Developed, written: Path | None) -> dict[str, Any]:
    """One file after mending, with what it was before and what was done to it."""
    return judged_as_json(file, developed.after) | {
        "output": str(written) if written else None,
        "before": judged_as_json(file, developed.before),
        "edits": [_edit_as_json(edit) for edit in developed.edits],
    }


def print_json(told: Sequence[dict[str, Any]]) -> None:
    """A JSON list."""
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2))


def tell(told: dict[str, Any]) -> None:
    """One file in both languages."""
    verdict = Verdict(told["verdict"])
    console.print(f"[{_COLOURS[verdict]}]{verdict.value:8}[/]", end="")
    console.print(told["file"], markup=False)
    for finding in told["findings"]:
        console.print(f"  {finding['code']:4} {finding['message_zh']}", markup=False)
        console.print(f"       {finding['message_en']}", style="dim", markup=False)


def sum_up(told: Sequence[dict[str, Any]]) -> None:
    """How many of each verdict, and how far the gate looked."""
    verdicts = [one["verdict"] for one in told]
    if len(verdicts) > 1:
        counts = (f"{verdict.value} {verdicts.count(verdict.value)}" for verdict in Verdict)
        console.print("  ".join(counts), style="bold", markup=False)
    for scope in sorted({one["scope"] for one in told}):
        zh, en = (words.text(f"photo.scope.{scope}", language) for language in words.LANGUAGES)
        console.print(f"{zh} {en}", style="dim", markup=False)


def tell_changes(told: dict[str, Any]) -> None:
    """One mended file, and every change."""
    tell(told)
    for edit in told["edits"] if told["output"] else ():
        console.print(f"  + {edit['message_zh']}  [dim]{edit['message_en']}[/]")
    if told["output"]:
        unchanged = " 未改动 unchanged" if not told["edits"] else ""
        console.print(f"  → {told['output']}{unchanged}", markup=False)


def all_pass(told: Iterable[dict[str, Any]]) -> bool:
    """Whether every file passes."""
    return all(one["verdict"] == Verdict.PASS.value for one in told)


def _edit_as_json(edit: Edit) -> dict[str, Any]:
    return {
        "kind": edit.kind,
        "message_zh": queries.edit_said(edit.kind, edit.facts, "zh"),
        "message_en": queries.edit_said(edit.kind, edit.facts, "en"),
    }
