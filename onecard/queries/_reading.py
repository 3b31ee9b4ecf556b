"""Many reads, one moment: a snapshot that takes no writer's place and blocks nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_moment() -> Iterator[None]:
    """All reads inside see the same state of the archive; writing inside fails on both engines."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with _deferred_snapshot():
            yield


@contextmanager
def _deferred_snapshot() -> Iterator[None]:
    """SQLite: BEGIN DEFERRED and query_only; reset on the raw connection whatever happens."""
    connection.ensure_connection()
    mode = connection.transaction_mode  # type: ignore[attr-defined]
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA query_only = ON")
            yield
    finally:
        connection.transaction_mode = mode  # type: ignore[attr-defined]
        connection.connection.execute("PRAGMA query_only = OFF")
