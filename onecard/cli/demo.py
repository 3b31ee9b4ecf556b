"""`onecard demo`: the fictional city, from a seed and a reference date."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
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
MARK = "demo.loading"
"""Lies in the home folder while a city is being loaded."""


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
    from onecard.queries.demo import Standing, standing

    if standing() is Standing.NOTHING:
        load(seed=seed, at=_moment(on))
        return
    console.print("A city stands here already. Point ONECARD_HOME at an empty folder.")
    raise typer.Exit(1)


def load_if_empty() -> None:
    """What `onecard run` does in demo mode on the first start."""
    from onecard.queries.demo import Standing, standing

    found = standing()
    if found is Standing.NOTHING:
        load(seed=SEED, at=world().clock.now())
    elif found is Standing.HALF:
        console.print("The demo city is only half loaded: start again with an empty database.")
        raise typer.Exit(1)


def clear_interrupted(home: Path) -> None:
    """Throw away what an interrupted load left in the demo's own folder; it holds nothing else."""
    if not (home / MARK).exists():
        return
    for database in home.glob("onecard.sqlite3*"):
        database.unlink()
    for folder in ("partners", "blobs"):
        shutil.rmtree(home / folder, ignore_errors=True)
    (home / MARK).unlink()


def load(*, seed: int, at: datetime) -> None:
    """Load with a bar, so that nobody wonders."""
    from django.conf import settings

    from onecard.simulator import city

    mark = settings.ENVIRONMENT.home / MARK
    mark.touch()
    columns = (
        TextColumn("Loading the demo city: {task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar, _in_a_hurry():
        task = bar.add_task("", total=1.0)
        for step in city.load(at=at, seed=seed):
            bar.update(task, completed=step.share, description=step.what)
    mark.unlink()


def _moment(on: datetime | None) -> datetime:
    return on.replace(hour=MORNING, tzinfo=LOCAL) if on else world().clock.now()


@contextmanager
def _in_a_hurry() -> Iterator[None]:
    """SQLite need not reach the disk after every act here: an interrupted load is thrown away."""
    from django.db import connection

    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = OFF")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = FULL")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
