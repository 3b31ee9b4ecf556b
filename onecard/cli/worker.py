"""`onecard worker`: brings messages to their parties and does what time alone causes.

Each party, and each webhook endpoint of a partner, has a thread of its own, so that one that does
not answer never delays another. Several workers may run at once; they share the work. SIGTERM or
Ctrl-C stops after what is in hand.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from types import FrameType
from typing import Annotated

import typer
from django.db import DatabaseError, close_old_connections
from rich.console import Console

from onecard.actions import event, outbox, timers, webhook
from onecard.domain.authority import THE_CLOCK
from onecard.queries import outbox as queues
from onecard.seams.world import world

app = typer.Typer()
console = Console(stderr=True)
log = logging.getLogger("onecard.worker")

OUTBOX, WEBHOOK, TIMERS = "outbox", "webhook", "timers"
MOST_THREADS = 16
ENDPOINT = "whe_"


@dataclass(frozen=True)
class Hands:
    """Threads for whoever is to be told: one each, so that nobody waits for another.

    Our partners (`near`) never wait for the endpoints of others (`far`), nor for the timers.
    """

    near: ThreadPoolExecutor
    far: ThreadPoolExecutor
    busy: dict[str, Future[None]] = field(default_factory=dict)

    def give(self, whom: str, work: Callable[[], None]) -> None:
        """Let it be done, unless somebody is still at it."""
        running = self.busy.get(whom)
        if running is None or running.done():
            hands = self.far if whom.startswith(ENDPOINT) else self.near
            self.busy[whom] = hands.submit(_do, whom, work)


def _do(whom: str, work: Callable[[], None]) -> None:
    try:
        close_old_connections()
        work()
    except Exception as error:  # noqa: BLE001 - the next look starts anew
        log.warning("worker.failed %s %s", whom, type(error).__name__)
    finally:
        close_old_connections()


@app.command()
def worker(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="One round of what is due, then stop.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing but trouble.")] = False,
    every: Annotated[float, typer.Option(help="Seconds between two looks.", min=0.05)] = 0.25,
) -> None:
    """Deliver the outbox and keep the timers: production, parcels, promises, reminders.

    Runs beside the server; `onecard run` starts one. With --once it does a single round, for a
    scheduler of your own, and exits with 1 if a job ran into trouble.
    """
    if once:
        raise typer.Exit(code=int(_round(quiet=quiet) > 0))
    stopped = Event()
    _stop_on_signal(stopped)
    with ThreadPoolExecutor(MOST_THREADS) as near, ThreadPoolExecutor(MOST_THREADS) as far:
        _go_on(stopped, Hands(near, far), every=every, quiet=quiet)
    if not quiet:
        console.print("worker stopped; nothing in hand was left undone")


def _stop_on_signal(stopped: Event) -> None:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _go_on(stopped: Event, hands: Hands, *, every: float, quiet: bool) -> None:
    """Look, hand out work, wait; a database that is away is waited for."""
    with nullcontext() if quiet else console.status("Looking", spinner="dots") as line:
        while not stopped.is_set():
            try:
                _serve_parties(hands, quiet=quiet)
                hands.give(TIMERS, lambda: _keep_timers(quiet=quiet))
                if line is not None:
                    line.update(_standing())
            except DatabaseError as error:
                log.warning("worker.database_away %s", type(error).__name__)
            close_old_connections()
            stopped.wait(every)


def _standing() -> str:
    """One line: what waits, and who gives no answer."""
    now = world().clock.now()
    parties = queues.parties(as_seen_by=THE_CLOCK, at=now)
    waiting = sum(party.waiting for party in parties)
    given_up = sum(party.given_up for party in parties)
    silent = ", ".join(party.party for party in parties if party.silent_since) or "nobody"
    return f"{waiting} messages waiting, {given_up} given up; no answer from {silent}"


def _serve_parties(hands: Hands, *, quiet: bool) -> None:
    """Everybody to whom something is due, and on whom nobody is at work."""
    now = world().clock.now()
    event.place_if_new(actor=THE_CLOCK, at=now)
    for whom in (*outbox.parties_due(at=now), *webhook.endpoints_due(at=now)):
        hands.give(whom, partial(_serve, whom, quiet=quiet))


def _serve(whom: str, *, quiet: bool) -> None:
    sent, given_up = _bring(whom)
    if not quiet and (sent or given_up):
        console.print(f"{whom}: sent {sent}, given up {given_up}")


def _keep_timers(*, quiet: bool) -> None:
    _report(timers.run_due(world().clock.now(), leave_out=(OUTBOX, WEBHOOK)), quiet=quiet)


def _bring(whom: str) -> tuple[int, int]:
    """To a party of the outbox, or to an endpoint; how many were sent and given up."""
    now = world().clock.now()
    if whom.startswith(ENDPOINT):
        brought = webhook.bring_to(endpoint=whom, actor=THE_CLOCK, at=now)
        return brought.delivered, brought.given_up
    done = outbox.deliver_party(party=whom, actor=THE_CLOCK, at=now)
    return done.sent, done.given_up


def _round(*, quiet: bool) -> int:
    """One round of everything that is due; returns how many jobs ran into trouble."""
    with console.status("Doing what is due", spinner="dots") if not quiet else nullcontext():
        done = timers.run_due(world().clock.now())
    _report(done, quiet=quiet)
    return sum(bool(job.error) for job in done)


def _report(done: tuple[timers.JobDone, ...], *, quiet: bool) -> None:
    for job in done:
        if job.error:
            log.warning("worker.job_failed %s %s", job.name, job.error)
        elif job.did and not quiet:
            console.print(f"{job.name}: {job.did}")
