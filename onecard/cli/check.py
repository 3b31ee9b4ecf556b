"""`onecard check`: what must be true before the house may open."""

from __future__ import annotations

import typer
from django.conf import settings
from django.core.management import CommandError, call_command
from rich.console import Console

app = typer.Typer()
console = Console(stderr=True)


@app.command()
def check() -> None:
    """Look at settings, parts and database; exit 1 when something does not hold.

    With ONECARD_PRODUCTION=1 it also refuses every simulated part, armed failpoints, a replaced
    clock, keys in a file, plain HTTP, and a database that may forget what it acknowledged.
    """
    try:
        must_be_fit()
    except CommandError as unfit:
        console.print(str(unfit), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from unfit
    console.print("[bold green]Everything holds.[/]")


def must_be_fit() -> None:
    """Raises `CommandError` naming all that does not hold."""
    production = settings.ENVIRONMENT.production
    call_command(
        "check",
        deploy=production,
        databases=["default"],
        fail_level="WARNING" if production else "ERROR",
        verbosity=0,
    )
