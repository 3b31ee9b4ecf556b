"""Runs two things in turn, A B A B, under some clients each, and gives the ratios."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True)
class Timed:
    """How one batch of calls went: calls a second, and single calls in milliseconds."""

    per_second: float
    median_ms: float
    p95_ms: float
    p99_ms: float


@dataclass(frozen=True)
class Compared:
    """The medians over all rounds of both, and of their ratio (first over second)."""

    clients: int
    first: Timed
    second: Timed
    ratio: float


def compare(first: list[list[Work]], second: list[list[Work]], *, clients: int) -> Compared:
    """Each round is a list of calls; rounds of both alternate, calls are shared by the clients."""
    rounds = [
        (run(a, clients=clients), run(b, clients=clients))
        for a, b in zip(first, second, strict=True)
    ]
    return Compared(
        clients=clients,
        first=_median([a for a, _ in rounds]),
        second=_median([b for _, b in rounds]),
        ratio=statistics.median(a.per_second / b.per_second for a, b in rounds),
    )


def run(calls: list[Work], *, clients: int) -> Timed:
    """Do every call once, `clients` at a time."""
    waiting, taken, spent = list(reversed(calls)), threading.Lock(), []

    def work() -> None:
        while True:
            with taken:
                if not waiting:
                    return
                call = waiting.pop()
            begun = time.perf_counter()
            call()
            spent.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return timed(spent, time.perf_counter() - begun)


def timed(spent: list[float], whole: float) -> Timed:
    """Sum up single calls (seconds) that together took `whole` seconds."""
    ordered = sorted(spent)
    return Timed(
        per_second=len(spent) / whole,
        median_ms=1000 * statistics.median(ordered),
        p95_ms=1000 * ordered[int(0.95 * (len(ordered) - 1))],
        p99_ms=1000 * ordered[int(0.99 * (len(ordered) - 1))],
    )


def _median(timed: list[Timed]) -> Timed:
    return Timed(
        *(
            statistics.median(getattr(one, name) for one in timed)
            for name in ("per_second", "median_ms", "p95_ms", "p99_ms")
        )
    )
