"""`onecard photo check`: a file or ten thousand, several at once, with a report to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from onecard.actions import photo as room
from onecard.cli.photo import files, telling
from onecard.cli.photo.reporting import Journal, Kind, kind_of, write
from onecard.cli.progress import bar
from onecard.domain.photo import Intake, Scope
from onecard.queries import photo as queries

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
FileOnly = Annotated[
    bool, typer.Option("--file-only", help="The file alone; nobody looks at the face in it.")
]
Jobs = Annotated[int, typer.Option(min=1, max=64, help="How many files at once.")]
Report = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Also write a report: .html (contact sheet), .csv or .json."),
]


def check(
    asked: Files,
    as_json: AsJson = False,  # noqa: FBT002
    as_it_is: AsItIs = False,  # noqa: FBT002
    file_only: FileOnly = False,  # noqa: FBT002
    jobs: Jobs = 1,
    report: Report = None,
) -> None:
    """Check portrait files: exit 0 when every one passes, 1 when any does not.

    Every defect is told at once, with what was measured, what is allowed and what to do; what
    could not be measured is told as not assessed. Verdicts: PASS; FIXABLE (`onecard photo fix`
    can put it right); HUMAN (a person has to look); RETAKE (take or upload it again).
    A report that was broken off goes on where it stopped when the same command is given again.

    onecard photo check portrait.jpg

    onecard photo check ~/portraits --jobs 2 --report sheet.html
    """
    kind = kind_of(report) if report else None
    intake = Intake.AS_IT_IS if as_it_is else Intake.WITH_FIXER
    scope = Scope.FILE if file_only else Scope.FACE
    told = _checked(files.found(asked), intake, scope, jobs, report)
    if report and kind:
        write(told, report, kind)
    _say(told, as_json=as_json, report=report, kind=kind)
    raise typer.Exit(0 if telling.all_pass(told) else 1)


def _checked(
    found: list[Path], intake: Intake, scope: Scope, jobs: int, report: Path | None
) -> list[dict[str, Any]]:
    """What every file is told, in order; those of a broken-off run are not looked at again."""
    day = files.the_day()
    judging = f"{queries.profile(day)} {intake.value} {scope.value}"
    with Journal(report, judging) as journal, bar("photo check") as move:
        left = [file for file in found if journal.known(file) is None]

        def look(file: Path) -> tuple[Path, dict[str, Any]]:
            content = files.read(file, day)
            judged = room.look_over(content=content, intake=intake, on=day, scope=scope)
            return file, telling.judged_as_json(file, judged)

        done = len(found) - len(left)
        for file, told in room.for_each(left, look, jobs=jobs):
            journal.keep(file, told)
            done += 1
            move(done, len(found))
        return [journal.told(file) for file in found]


def _say(
    told: list[dict[str, Any]], *, as_json: bool, report: Path | None, kind: Kind | None
) -> None:
    """JSON; else every file, or only the sum where a report holds them."""
    if as_json:
        telling.print_json(told)
        return
    for one in () if kind else told:
        telling.tell(one)
    telling.sum_up(told)
    if report:
        telling.console.print(f"→ {report}", markup=False)
