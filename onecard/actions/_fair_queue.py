"""The embedded edition's queue: acts take their turn at the one writer's place, nobody starves.

SQLite lets the unlucky wait by sleep-and-retry, so that one process may get one commit in seconds.
A file lock around the act makes the waiting fair at half the throughput (decision 0003).
Correctness never rests on it: BEGIN IMMEDIATE does that. PostgreSQL needs no queue.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

_inside: ContextVar[bool] = ContextVar("fair_queue_inside", default=False)


@contextmanager
def place() -> Iterator[None]:
    """Hold the writer's turn for the block."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or "memory" in name or _inside.get():
        yield
        return
    token = _inside.set(True)
    try:
        with open(f"{name}.queue", "w") as file:  # noqa: PTH123 - one descriptor per turn
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
    finally:
        _inside.reset(token)
