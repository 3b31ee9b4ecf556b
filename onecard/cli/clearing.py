"""`onecard clearing`: take the fare files of transit operators, and say what became of them."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from onecard import words
from onecard.actions import clearing
from onecard.cli.progress import bar
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.refusal import Refused
from onecard.queries import clearing as reports
from onecard.seams.world import world

app = typer.Typer(no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)
ME = Actor(Role.PLATFORM_OPERATOR, "command_line", Channel.OFFICE)
MOST_BYTES = 256 * 1024 * 1024
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]
OnDay = Annotated[str, typer.Option("--on", help="Only files of this day, YYYY-MM-DD.")]


@app.callback()
def _group() -> None:
    """Fares that gates took offline: each line proven by its TAC, booked once, or set aside."""


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A fare file.")],
) -> None:
    """Take a file; again, and nothing happens twice. Interrupted, the same command goes on."""
    if file.stat().st_size > MOST_BYTES:
        console.print(f"[red]✗[/] {file.name} is over {MOST_BYTES} bytes")
        raise typer.Exit(1)
    text = file.read_bytes().decode("ascii", errors="replace")
    try:
        with bar("Fares") as moved:
            done = clearing.take_file(text=text, actor=ME, at=world().clock.now(), moved=moved)
    except Refused as refused:
        for refusal in refused.refusals:
            said = words.explain(refusal, "en").headline
            console.print(f"[red]✗[/] {refusal.code}: {said}")
        raise typer.Exit(1) from refused
    said = " (taken before)" if done.known else ""
    console.print(f"[green]✓[/] {done.file}: {done.done_lines} of {done.lines} lines{said}")


@app.command()
def report(
    *,
    on: OnDay = "",
    as_json: AsJson = False,
) -> None:
    """What was reported, booked and set aside."""
    day = _day(on)
    told = reports.files(day=day, as_seen_by=ME)
    aside = reports.set_aside(day=day, as_seen_by=ME)
    if as_json:
        found = {"files": [asdict(one) for one in told], "set_aside": [asdict(a) for a in aside]}
        typer.echo(json.dumps(found, default=str))
        return
    table = Table("file", "operator", "day", "lines", "booked fen", "states")
    for one in told:
        states = ", ".join(f"{name} {count}" for name, count in sorted(one.counts.items()))
        lines = f"{one.done_lines}/{one.lines}"
        table.add_row(one.file, one.operator, str(one.day), lines, str(one.booked_fen), states)
    console.print(table)
    for one_aside in aside:
        console.print(
            f"[yellow]![/] {one_aside.operator} line {one_aside.line}: {one_aside.state}, "
            f"{one_aside.amount_fen} fen at {one_aside.terminal}"
        )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise typer.BadParameter(f"{text} is no day: YYYY-MM-DD", param_hint="--on") from error
