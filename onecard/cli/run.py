"""`onecard run`: bring the tables up to date, load the demo city if asked, serve the platform.

One command is a whole house: the pages and the API in one child, the worker (outbox, timers) in
another. All of it ends together, whatever ends it.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Annotated, Any

import typer
from rich.console import Console

from onecard.cli.together import end_with, is_taken

app = typer.Typer()
console = Console(stderr=True)


@app.command()
def run(
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="The address; loopback unless a proxy is in front.")] = (
        "127.0.0.1"
    ),
    threads: Annotated[int, typer.Option(help="Requests answered at the same time.")] = 8,
    worker: Annotated[bool, typer.Option(help="Keep outbox and timers running beside it.")] = True,  # noqa: FBT002
) -> None:
    """Serve the platform: pages, API and worker. Stop it with Ctrl-C.

    Uses the embedded SQLite database in `ONECARD_HOME` unless `DATABASE_URL` names a PostgreSQL.
    With `ONECARD_DEMO=1` a fictional city is loaded on the first start.
    """
    if is_taken(host, port):
        console.print(f"Port {port} is taken, perhaps by another onecard. Choose another: --port.")
        raise typer.Exit(1)
    prepare()
    with _worker() if worker else nullcontext():
        console.print(f"[bold]onecard[/] http://{host}:{port}/")
        serve(host, port, threads)


def prepare() -> None:
    """Migrate, and load the demo city where it is wanted and not there yet.

    In production nothing is served before everything of `onecard check` holds.
    """
    from django.conf import settings
    from django.core.management import call_command

    if settings.ENVIRONMENT.production:
        from onecard.cli.check import must_be_fit

        must_be_fit()
    if settings.ENVIRONMENT.demo and not settings.ENVIRONMENT.database_url:
        from onecard.cli.demo import clear_interrupted

        clear_interrupted(settings.ENVIRONMENT.home)
    with console.status("Bringing the tables up to date"):
        call_command("migrate", verbosity=0, interactive=False)
    if settings.ENVIRONMENT.demo:
        from onecard.cli.demo import load_if_empty

        load_if_empty()


def serve(host: str, port: int, threads: int) -> None:
    """Serve until told to stop."""
    from granian.constants import Interfaces
    from granian.server import Server

    Server(
        "onecard.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        log_access=False,
    ).serve(target_loader=partial(_loaded, os.getpid()), wrap_loader=False)


def _loaded(parent: int) -> Callable[..., Any]:
    """The platform, in the process that answers for it."""
    end_with(parent)
    loaded: Callable[..., Any] = importlib.import_module("onecard.config.wsgi").application
    return loaded


@contextmanager
def _worker() -> Iterator[None]:
    """The outbox and the timers, as a child that ends with us."""
    command = [sys.executable, "-m", "onecard.cli.main", "worker", "--quiet"]
    child = subprocess.Popen(command, preexec_fn=partial(end_with, os.getpid()))  # noqa: PLW1509
    try:
        yield
    finally:
        child.terminate()
        child.wait(timeout=20)
