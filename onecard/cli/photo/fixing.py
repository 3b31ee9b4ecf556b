"""`onecard photo fix`: puts a portrait file right, or says why it cannot."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from onecard.actions import photo as room
from onecard.actions.photo import Developed
from onecard.cli.photo import files, telling
from onecard.cli.photo.checking import AsJson, FileOnly, Jobs
from onecard.cli.progress import bar
from onecard.domain.photo import Intake, Scope, Verdict

Asked = Annotated[
    Path,
    typer.Argument(
        exists=True, readable=True, metavar="FILE", help="A file, or a folder of files."
    ),
]
Out = Annotated[
    Path, typer.Option("-o", "--out", help="Where the mended file goes; a folder for a folder.")
]
CropOnly = Annotated[bool, typer.Option("--crop-only", help="Leave the background as it is.")]


def fix(
    asked: Asked,
    out: Out,
    as_json: AsJson = False,  # noqa: FBT002
    crop_only: CropOnly = False,  # noqa: FBT002
    file_only: FileOnly = False,  # noqa: FBT002
    jobs: Jobs = 1,
) -> None:
    """Put a portrait file right: exit 0 when the result passes, else 1 and nothing is written.

    Levels, scales and frames the head, makes a plain wall white, converts the colour, writes the
    density, compresses into range, removes places and texts. Never touches the face, never changes
    the original; lists every change. A file that passes is copied byte for byte.

    onecard photo fix phone.jpg -o portrait.jpg
    """
    day = files.the_day()
    scope = Scope.FILE if file_only else Scope.FACE
    found = files.found([asked])

    def develop(file: Path) -> dict[str, Any]:
        developed = room.develop(
            content=files.read(file, day),
            intake=Intake.WITH_FIXER,
            on=day,
            scope=scope,
            keep_background=crop_only,
        )
        written = _written(_target(file, asked, out), developed)
        return telling.developed_as_json(file, developed, written)

    told = []
    with bar("photo fix") as move:
        for one in room.for_each(found, develop, jobs=jobs):
            told.append(one)
            move(len(told), len(found))
    _say(told, as_json=as_json)
    raise typer.Exit(0 if telling.all_pass(told) else 1)


def _say(told: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        telling.print_json(told)
        return
    for one in told:
        telling.tell_changes(one)
    telling.sum_up(told)


def _target(file: Path, asked: Path, out: Path) -> Path:
    """Where the mended file goes: OUT itself, or its place inside OUT."""
    target = out / file.relative_to(asked).with_suffix(".jpg") if asked.is_dir() else out
    if target.exists() and target.samefile(file):
        raise typer.BadParameter(f"{target} is the original; it is never overwritten")
    return target


def _written(target: Path, developed: Developed) -> Path | None:
    """Write beside and rename, so that no half file is ever seen; nothing unless it passes."""
    if developed.after.verdict is not Verdict.PASS:
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".{target.name}.part")
    half.write_bytes(developed.content)
    return half.replace(target)
