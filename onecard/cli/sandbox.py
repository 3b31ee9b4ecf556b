"""`onecard sandbox`: a city for partners' programs to play with. Offline, and nothing in it real.

One process is the whole of it: API, pages, timers, simulated partners. Every start makes the city
anew, and `POST /v1/sandbox/reset?seed=` does so at any time; clients and keys are always the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Event, Thread
from typing import Annotated
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import typer
from rich.console import Console

from onecard.cli.sandbox_settings import MARK

app = typer.Typer(help="An offline city for partners' programs.", no_args_is_help=True)
console = Console()
log = logging.getLogger("onecard.sandbox")
HOST = "127.0.0.1"
SEED = 7
EVERY_SECONDS = 0.3
BANNER = "[bold white on red] not real [/] API sandbox: a made-up city, made-up keys"


@app.command()
def up(
    port: Annotated[int, typer.Option(help="The loopback port; 0 for any free one.")] = 8200,
    seed: Annotated[int, typer.Option(help="The same seed gives the same city.")] = SEED,
    home: Annotated[Path, typer.Option(help="Where the city is kept; emptied first.")] = Path(
        "var/sandbox"
    ),
) -> None:
    """Start the sandbox on this machine, offline. Stop it with Ctrl-C."""
    _must_be_ours(home)
    from onecard.simulator import sandbox as city

    city.prepare()
    with _served(port) as address:
        made = city.fill(seed)
        console.print(BANNER)
        console.print(f"[bold]sandbox[/] {address}/v1/   docs {address}/v1/openapi.json")
        console.print(_lines("Who may call", made.members), soft_wrap=True, highlight=False)
        console.print(_lines("Cards", made.holders), soft_wrap=True, highlight=False)
        with suppress(KeyboardInterrupt), _timers():
            Event().wait()


def _must_be_ours(home: Path) -> None:
    """The folder is new or a sandbox's own."""
    strange = [name.name for name in home.iterdir() if name.name != MARK and name.suffix != ".key"]
    if strange and not (home / MARK).exists():
        console.print(f"{home} holds something else. Choose an empty folder.", soft_wrap=True)
        raise typer.Exit(1)
    (home / MARK).touch()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


class _Handler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """No access log."""


@contextmanager
def _served(port: int) -> Iterator[str]:
    from django.core.wsgi import get_wsgi_application

    server = _Server((HOST, port), _Handler)
    server.set_app(get_wsgi_application())
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def _timers() -> Iterator[None]:
    """Messages and webhooks go out by themselves; time alone moves on when it is asked to."""
    from onecard.actions import sandbox
    from onecard.seams.world import world

    stopped = Event()

    def go_on() -> None:
        while not stopped.wait(EVERY_SECONDS):
            _quietly(lambda: sandbox.run_timers(at=world().clock.now()))

    thread = Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _quietly(work: Callable[[], object]) -> None:
    """A round that fails is followed by another."""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - the next round starts anew
        log.warning("sandbox.round_failed %s", type(error).__name__)


def _lines(title: str, rows: tuple[object, ...]) -> str:
    """Plain lines that can be copied whole: a table would break long values."""
    said = [
        "  ".join(f"{name.strip('_')}={value}" for name, value in vars(row).items()) for row in rows
    ]
    return "\n  ".join([f"[bold]{title}[/]", *said])
