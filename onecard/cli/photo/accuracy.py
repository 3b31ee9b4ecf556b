"""`onecard photo accuracy`: how often the gate is right, counted on a folder of portraits."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from onecard.cli.progress import bar

Set = Annotated[
    Path,
    typer.Argument(
        exists=True,
        file_okay=False,
        metavar="DIR",
        help="Portraits in portraits/, gpo225_plain_bg/ and defects/, as in ../shared/photos.",
    ),
]
Out = Annotated[Path, typer.Option("-o", "--out", help="The paper that is written.")]


def accuracy(asked: Set, out: Out = Path("docs/photo-accuracy.md")) -> None:
    """Count faces found, false rejects and defects found on a set of portraits; write a paper.

    Compliant photos are made by the doctor from the portraits; every defect is put into each of
    them with a known strength. Exit 1 when a gate of the design is not reached.

    onecard photo accuracy ../shared/photos
    """
    from onecard.simulator.photo_accuracy import counted, paper

    with bar("photo accuracy") as move:
        found = counted(asked, move)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(paper(found), encoding="utf-8")
    typer.echo(f"{out}: {found.gates_said()}")
    raise typer.Exit(0 if found.is_good else 1)
