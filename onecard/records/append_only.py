"""Walls in the database itself: rows of these tables are never changed and never deleted.

The same on both engines: an `IntegrityError` for whoever tries. Mistakes are corrected by more
rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

TABLES = (
    "audit",
    "application_step",
    "bank_news",
    "cancellation",
    "card_transition",
    "cash_line",
    "courier_scan",
    "ledger_transfer",
    "return_line",
    "shipment_step",
    "stock_movement",
    "webhook_attempt",
    "transfer_out",
)

_POSTGRES_GUARD = """
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION USING
        MESSAGE = 'append only: ' || TG_TABLE_NAME, ERRCODE = 'restrict_violation';
END $$ LANGUAGE plpgsql;
"""


def raise_walls(vendor: str, execute: Any) -> None:
    """Put the triggers in place."""
    if vendor == "postgresql":
        execute(_POSTGRES_GUARD)
    for table in TABLES:
        for event in ("UPDATE", "DELETE"):
            execute(_trigger(vendor, table, event))


def lower_walls(vendor: str, execute: Any) -> None:
    """Take the triggers away: for the tools that empty test databases, nothing else."""
    for table in TABLES:
        for event in ("UPDATE", "DELETE"):
            on = f" ON {table}" if vendor == "postgresql" else ""
            execute(f"DROP TRIGGER IF EXISTS {_name(table, event)}{on}")


@contextmanager
def lowered() -> Iterator[None]:
    """The walls down for a block, for whoever empties a database that holds nothing real."""
    with connection.cursor() as cursor:
        lower_walls(connection.vendor, cursor.execute)
    yield
    with connection.cursor() as cursor:
        raise_walls(connection.vendor, cursor.execute)


def _trigger(vendor: str, table: str, event: str) -> str:
    if vendor == "postgresql":
        return (
            f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION append_only()"
        )
    return (
        f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'append only: {table}'); END"
    )


def _name(table: str, event: str) -> str:
    return f"{table}_never_{event.lower()}"
