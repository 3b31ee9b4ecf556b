"""Holding rows inside an act: once, late, in key order, before anything is checked.

Order of holding: person, card, application or order, then everything else. SQLite needs no row
lock (the act has the writer's place) but the same calls assert the same manners there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import connection, models

from onecard.domain.refusal import NotFound
from onecard.seams.holding import act_in_progress

Row = TypeVar("Row", bound=models.Model)


def one(model: type[Row], **lookup: Any) -> Row:
    """Hold one row. Raises `NotFound` when there is none."""
    row = many(model._default_manager.filter(**lookup))
    if len(row) != 1:
        raise NotFound(model.__name__)
    return row[0]


def maybe(model: type[Row], **lookup: Any) -> Row | None:
    """Hold one row if it exists."""
    rows = many(model._default_manager.filter(**lookup))
    return rows[0] if rows else None


def many(rows: models.QuerySet[Row]) -> list[Row]:
    """Hold every row of a query, in key order."""
    _must_be_inside_an_act()
    return list(_locked(rows).order_by("pk"))


def next_of(rows: models.QuerySet[Row], *, most: int) -> list[Row]:
    """Claim the first rows of a queue that nobody else holds, keeping the query's order."""
    _must_be_inside_an_act()
    return list(_locked(rows, skip=True)[:most])


def name(key: str) -> None:
    """Hold a named place (a relay shard, a daily file) until the act ends."""
    _must_be_inside_an_act()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def refs(rows: Iterable[models.Model]) -> list[str]:
    """The opaque ids of rows, for receipts."""
    return [str(row.pk) for row in rows]


def _locked(rows: models.QuerySet[Row], *, skip: bool = False) -> models.QuerySet[Row]:
    if connection.vendor != "postgresql":
        return rows
    return rows.select_for_update(of=("self",), no_key=True, skip_locked=skip)


def _must_be_inside_an_act() -> None:
    if not act_in_progress():
        message = "rows are held only inside an act"
        raise RuntimeError(message)
