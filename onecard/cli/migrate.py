"""`onecard migrate`: bring the tables up to date, and nothing else."""

from __future__ import annotations

import typer
from rich.console import Console

app = typer.Typer()
console = Console(stderr=True)


@app.command()
def migrate() -> None:
    """Bring the tables up to date. Safe to repeat: tables that are up to date stay as they are.

    `onecard run` does it by itself; call it alone before starting several servers on one
    PostgreSQL, or in an upgrade script.
    """
    from django.core.management import call_command

    with console.status("Bringing the tables up to date"):
        call_command("migrate", verbosity=0, interactive=False)
    console.print("The tables are up to date.")
