"""`onecard bench`: measures this machine, as ratios against a bare thing in the same run."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.table import Table

app = typer.Typer(no_args_is_help=True)
console = Console(stderr=True)
AsJson = Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")]
PATIENCE_SECONDS = 180


@app.callback()
def bench() -> None:
    """Measure this machine against a bare view and a bare INSERT.

    On SQLite in a scratch folder; on PostgreSQL when DATABASE_URL names a server on which a scratch
    database may be made. Nothing of this installation is touched.
    """


@app.command()
def intake(
    rounds: Annotated[int, typer.Option(help="Rounds; the medians are reported.")] = 5,
    per_round: Annotated[int, typer.Option(help="Applications in each round.")] = 20,
    clients: Annotated[str, typer.Option(help="How many clerks at once, e.g. 1,4.")] = "1,4",
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Applications accepted a second, against bare INSERTs of the same bytes."""
    with _scratch() as environment:
        words = [str(rounds), str(per_round), clients]
        figures = _measure("intake", words, environment)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    table = Table(title=f"Intake on {figures['engine']}, {figures['bytes']} bytes an application")
    for heading in ("clients", "accepted/s", "median ms", "p95 ms", "INSERT/s", "ratio"):
        table.add_column(heading, justify="right")
    for line in figures["compared"]:
        table.add_row(str(line["clients"]), *_speed(line["first"]), *_rest(line))
    console.print(table)


@app.command()
def http(
    seconds: Annotated[float, typer.Option(help="How long each page is asked for.")] = 3,
    clients: Annotated[int, typer.Option(help="Connections at once.")] = 4,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Page times, against a bare Django view on the same server."""
    with _scratch() as environment, _server(environment) as port:
        figures = _measure("http", [str(seconds), str(clients), str(port)], environment)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    table = Table(title=f"Pages, {clients} connections; ratio = pages/s over bare views/s")
    for heading in ("page", "as", "kB", "pages/s", "median ms", "p95 ms", "ratio"):
        table.add_column(heading, justify="right")
    for page in figures["pages"]:
        size = f"{page['bytes'] / 1000:.1f}"
        speed = _speed(page["timed"])
        table.add_row(page["path"], page["signed_in"], size, *speed, f"{page['ratio']:.2f}")
    console.print(table)


def _speed(timed: dict[str, float]) -> tuple[str, str, str]:
    return (
        f"{timed['per_second']:.0f}",
        f"{timed['median_ms']:.1f}",
        f"{timed['p95_ms']:.1f}",
    )


def _rest(line: dict[str, Any]) -> tuple[str, str]:
    return f"{line['second']['per_second']:.0f}", f"{line['ratio']:.3f}"


def _measure(what: str, words: list[str], environment: dict[str, str]) -> Any:
    """Run one measurement in a process of its own; show what it is doing."""
    command = [sys.executable, "-m", f"onecard.simulator.measure.{what}", *words]
    child = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with console.status("Measuring") as status:
        assert child.stderr and child.stdout  # noqa: S101, PT018 - both are pipes
        said = []
        for line in child.stderr:
            said.append(line)
            status.update(f"Measuring: {line.strip()}")
        printed = child.stdout.read()
    if child.wait():
        console.print("".join(said[-20:]), style="red")
        raise typer.Exit(1)
    return json.loads(printed)


@contextmanager
def _scratch() -> Iterator[dict[str, str]]:
    """A folder, and a database where `DATABASE_URL` names a server, that are thrown away."""
    with tempfile.TemporaryDirectory(prefix="onecard-bench-") as home, _database() as url:
        yield os.environ | {
            "ONECARD_HOME": home,
            "DATABASE_URL": url,
            "ONECARD_DEMO": "1",
            "ONECARD_BENCH": "1",
        }


@contextmanager
def _database() -> Iterator[str]:
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        yield ""
        return
    import psycopg

    name = f"onecard_bench_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _server(environment: dict[str, str]) -> Iterator[int]:
    """The platform with a demo city on a free loopback port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "onecard.cli.main", "run", "--no-worker", "--port", str(port)]
    log = Path(environment["ONECARD_HOME"]) / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        with console.status("Starting the platform with a demo city"):
            _wait_for(port, server, log)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    console.print(log.read_text()[-2000:], style="red")
    raise typer.Exit(1)
