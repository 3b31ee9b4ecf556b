"""`onecard simulate`: storms over the real acts, on databases that are thrown away."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

app = typer.Typer(no_args_is_help=True)


@app.callback()
def simulate() -> None:
    """Drive the real acts through misfortune. Nothing of this installation is touched."""


@app.command()
def topup(
    orders: Annotated[int, typer.Option(min=1, help="How many orders.")] = 2000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same storm.")] = 7,
    torn: Annotated[float, typer.Option(min=0, max=1, help="Share of taps torn.")] = 0.30,
    lost: Annotated[float, typer.Option(min=0, max=1, help="Share of answers lost.")] = 0.02,
    crashed: Annotated[float, typer.Option(min=0, max=1, help="Share of dying servers.")] = 0.02,
    lying: Annotated[float, typer.Option(min=0, max=1, help="Share of lying phones.")] = 0.05,
    jobs: Annotated[int, typer.Option(min=1, help="Parts at once.")] = os.cpu_count() or 1,
    keep: Annotated[Path | None, typer.Option(help="Folder of finished parts.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdict as JSON.")] = False,  # noqa: FBT002
) -> None:
    """Top-ups with torn cards, lost answers, crashes and lying phones; exit code 1 if one is wrong.

    Finished parts are kept in the folder `simulations` of ONECARD_HOME (or --keep): stopped with
    Ctrl-C, the same command goes on where it was.
    """
    from onecard.simulator.purse_storm.parts import Storm
    from onecard.simulator.purse_storm.weather import Weather

    weather = Weather(torn=torn, lost=lost, crashed=crashed, lying=lying)
    found = _run(Storm(orders, seed, weather), keep or _usual_folder(), jobs)
    if as_json:
        typer.echo(json.dumps({"seed": seed, "weather": vars(weather), **found}))
    else:
        Console().print(_table(found))
    raise typer.Exit(0 if found["holds"] else 1)


def _run(storm: Any, folder: Path, jobs: int) -> dict[str, Any]:
    from onecard.cli.progress import bar
    from onecard.simulator.purse_storm.parts import PartFailed, Parts
    from onecard.simulator.purse_storm.verdict import Verdict, together

    try:
        with bar("Orders") as moved:
            told: list[Any] = Parts(storm, folder, moved).run(jobs=jobs)
    except PartFailed as failed:
        Console(stderr=True).print(str(failed), style="red", markup=False)
        raise typer.Exit(2) from failed
    return together([Verdict(**{**one, "breaks": tuple(one["breaks"])}) for one in told]).shown()


def _usual_folder() -> Path:
    return Path(os.environ.get("ONECARD_HOME", "var")) / "simulations"


def _table(found: dict[str, Any]) -> Table:
    table = Table(title="Top-ups in the storm: what the cards got against what the books say")
    table.add_column("what")
    table.add_column("", justify="right")
    for name, value in found.items():
        table.add_row(name, str(value))
    return table
