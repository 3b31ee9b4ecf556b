"""How soon a commit lies on the disk.

What an act did must survive a power cut, so its commit waits for the disk. Bookkeeping that only
guards the next minutes need not wait (decision 0034). Both engines write one log: a later commit
that waits carries everything before it along, so what an admitted request changed is never on disk
without its admission.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

NORMAL = 1
"""SQLite's own word for: flush the log when it is folded into the file, not at every commit."""


@contextmanager
def at_once() -> Iterator[None]:
    """One transaction that is on the disk when the block is left."""
    with transaction.atomic(durable=True):
        yield


@contextmanager
def unhurried() -> Iterator[None]:
    """One transaction that reaches the disk with the next one that waits, or within a second."""
    with _calm_sqlite(), transaction.atomic(durable=True):
        if connection.vendor == "postgresql":
            _say("SET LOCAL synchronous_commit TO off")
        yield


@contextmanager
def _calm_sqlite() -> Iterator[None]:
    """The writer's log is not flushed at every commit; it stays whole whatever happens."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    usual = _say("PRAGMA synchronous")
    _say(f"PRAGMA synchronous={min(usual, NORMAL)}")
    try:
        yield
    finally:
        _say(f"PRAGMA synchronous={usual}")


def _say(sentence: str) -> int:
    """Say it to the engine; what it answers, if it does."""
    with connection.cursor() as cursor:
        cursor.execute(sentence)
        return int(cursor.fetchone()[0]) if cursor.description else 0
