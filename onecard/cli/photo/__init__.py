"""`onecard photo`: the photo gate for files on this machine. Needs no database; stores nothing."""

from __future__ import annotations

import typer

from onecard.cli.photo import accuracy, checking, fixing

app = typer.Typer(help="Check and mend portrait files. Needs no database; stores nothing.")


@app.callback()
def _group() -> None:
    """Check and mend portrait files. Needs no database; stores nothing."""


app.command("check")(checking.check)
app.command("fix")(fixing.fix)
app.command("accuracy")(accuracy.accuracy)
