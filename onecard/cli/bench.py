"""`onecard bench`: measures this machine, as ratios against a bare thing in the same run."""

from __future__ import annotations

import json
import os
import signal
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

from onecard.cli import bench_telling

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


@app.command()
def status(
    seconds: Annotated[float, typer.Option(help="How long each is asked for.")] = 6,
    clients: Annotated[int, typer.Option(help="Partners at once, each on its connection.")] = 4,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """A partner's signed card-status check, against a bare view and the look-up in SQL alone.

    On SQLite, and on PostgreSQL as well when DATABASE_URL names a server.
    """
    figures = []
    for url in _engines():
        with _scratch(url) as environment, _server(environment) as port:
            words = [str(seconds), str(clients), str(port)]
            figures.append(_measure("status", words, environment))
    if as_json:
        typer.echo(json.dumps(figures))
        return
    table = Table(title=f"Card status, {clients} partners at once, every call signed")
    headings = ("engine", "what", "a second", "median ms", "p95 ms", "p99 ms", "ratio")
    for heading in headings:
        table.add_column(heading, justify="right")
    for one in figures:
        for name, ratio in (("checked", ""), ("bare", "of_bare"), ("looked_up", "of_database")):
            said = f"{one[ratio]:.3f}" if ratio else ""
            table.add_row(one["engine"], name, *_speed(one[name]), _p99(one[name]), said)
    console.print(table)


@app.command()
def loss(
    reports: Annotated[int, typer.Option(help="Loss reports in each of two phases.")] = 100,
    per_minute: Annotated[float, typer.Option(help="How fast they come.")] = 200,
    events: Annotated[int, typer.Option(help="Acts of the storm at the end.")] = 400,
    holders: Annotated[int, typer.Option(help="How many cards there are.")] = 48,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """From the acceptance of a loss to its confirmation, with one bank silent and healed.

    The banks are a process of their own, spoken to over HTTP; the worker is another one.
    """
    with _scratch() as environment:
        people = _measure("holders", [str(holders)], environment)
        file = Path(environment["ONECARD_HOME"]) / "holders.json"
        file.write_text(json.dumps(people))
        with _partners(environment) as address:
            environment |= {"ONECARD_PARTNERS_URL": address}
            with _running(["worker", "--quiet"], environment):
                words = [str(file), str(reports), str(per_minute), str(events)]
                figures = _measure("loss", words, environment)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    bench_telling.loss(figures, console)


@app.command()
def photo(
    folder: Annotated[
        Path, typer.Argument(help="Portraits: the set beside the checkout, or your own.")
    ] = Path("../shared/photos"),
    rounds: Annotated[int, typer.Option(help="Rounds over the photos; medians are told.")] = 10,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Photo gate and doctor on one core, against bare decoding and one face detection."""
    with _scratch() as environment:
        figures = _measure("photo", [str(folder.resolve()), str(rounds)], environment)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    bench_telling.photo(figures, console)


def _speed(timed: dict[str, float]) -> tuple[str, str, str]:
    return (
        f"{timed['per_second']:.0f}",
        f"{timed['median_ms']:.1f}",
        f"{timed['p95_ms']:.1f}",
    )


def _rest(line: dict[str, Any]) -> tuple[str, str]:
    return f"{line['second']['per_second']:.0f}", f"{line['ratio']:.3f}"


def _p99(timed: dict[str, float]) -> str:
    return f"{timed['p99_ms']:.1f}"


def _measure(what: str, words: list[str], environment: dict[str, str]) -> Any:
    """Run one measurement in a process of its own; show what it is doing."""
    command = [sys.executable, "-m", "onecard.simulator.measure", what, *words]
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


def _engines() -> list[str]:
    """SQLite, and the PostgreSQL that `DATABASE_URL` names."""
    url = os.environ.get("DATABASE_URL", "")
    return ["", url] if url else [""]


@contextmanager
def _scratch(server: str | None = None) -> Iterator[dict[str, str]]:
    """A folder, and a database where `DATABASE_URL` names a server, that are thrown away."""
    if server is None:
        server = os.environ.get("DATABASE_URL", "")
    with tempfile.TemporaryDirectory(prefix="onecard-bench-") as home, _database(server) as url:
        yield os.environ | {
            "ONECARD_HOME": home,
            "DATABASE_URL": url,
            "ONECARD_DEMO": "1",
            "ONECARD_BENCH": "1",
        }


@contextmanager
def _database(url: str) -> Iterator[str]:
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
def _running(words: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A command of ours beside this one; stopped at the end."""
    command = [sys.executable, "-m", "onecard.cli.main", *words]
    environment = environment | {"PYTHONUNBUFFERED": "1"}
    child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield child
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(timeout=60)


@contextmanager
def _partners(environment: dict[str, str]) -> Iterator[str]:
    """The address of the simulated partners, served by a process of their own."""
    with _running(["partners", "serve", "--port", "0"], environment) as served:
        assert served.stdout  # noqa: S101 - a pipe
        yield served.stdout.readline().split()[1].rstrip("/")


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
