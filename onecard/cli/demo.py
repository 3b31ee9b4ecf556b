"""`onecard demo`: the fictional city, from a seed and a reference date."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from onecard.seams.clock import LOCAL
from onecard.seams.world import world

app = typer.Typer()
console = Console(stderr=True)
SEED = 7
MORNING = 9


@app.command()
def demo(
    seed: Annotated[int, typer.Option(help="The same seed and day give the same city.")] = SEED,
    on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="The day on which the city stands; today if unsaid."
        ),
    ] = None,
) -> None:
    """Load the demo city into an empty installation: people, outlets, staff, two weeks of life.

    Nothing in it is real: identity numbers use an unassigned county. Refused where a city stands.
    """
    from onecard.queries.demo import is_loaded

    if is_loaded():
        console.print("A city stands here already. Point ONECARD_HOME at an empty folder.")
        raise typer.Exit(1)
    load(seed=seed, at=_moment(on))


def load_if_empty() -> None:
    """What `onecard run` does in demo mode on the first start."""
    from onecard.queries.demo import is_loaded

    if not is_loaded():
        load(seed=SEED, at=world().clock.now())


def load(*, seed: int, at: datetime) -> None:
    """Load with a bar, so that nobody wonders."""
    from onecard.simulator import city

    columns = (
        TextColumn("Loading the demo city: {task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0)
        for step in city.load(at=at, seed=seed):
            bar.update(task, completed=step.share, description=step.what)


def _moment(on: datetime | None) -> datetime:
    return on.replace(hour=MORNING, tzinfo=LOCAL) if on else world().clock.now()
