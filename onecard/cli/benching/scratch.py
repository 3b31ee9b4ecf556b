"""Where measurements run: processes of their own, in a scratch folder and a scratch database."""

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
from typing import Any
from urllib.parse import urlsplit

import typer
from rich.console import Console

console = Console(stderr=True)
PATIENCE_SECONDS = 180


def measure(what: str, words: list[str], environment: dict[str, str]) -> Any:
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


def engines() -> list[str]:
    """SQLite, and the PostgreSQL that `DATABASE_URL` names."""
    url = os.environ.get("DATABASE_URL", "")
    return ["", url] if url else [""]


@contextmanager
def scratch(server: str | None = None) -> Iterator[dict[str, str]]:
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
def running(words: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A command of ours beside this one; stopped at the end."""
    command = [sys.executable, "-m", "onecard.cli.main", *words]
    environment = environment | {"PYTHONUNBUFFERED": "1"}
    child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(timeout=60)


@contextmanager
def partners(environment: dict[str, str]) -> Iterator[str]:
    """The address of the simulated partners, served by a process of their own."""
    with running(["partners", "serve", "--port", "0"], environment) as served:
        assert served.stdout  # noqa: S101 - a pipe
        yield served.stdout.readline().split()[1].rstrip("/")


@contextmanager
def server(environment: dict[str, str]) -> Iterator[int]:
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
