"""How safely the database keeps what it acknowledged (guarantees R1, R5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connections

from onecard.config.checks.web import broken

_STRICT_COMMIT = frozenset({"on", "remote_apply"})
_FULL = 2


@checks.register(checks.Tags.database)
def acknowledged_means_kept(
    databases: Iterable[str] | None = None, **_: object
) -> list[checks.CheckMessage]:
    """Asked only when the databases are named, as `onecard check` does."""
    found: list[checks.CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor == "sqlite":
            found += _sqlite(connection)
        elif settings.ENVIRONMENT.production:
            found += _postgresql(connection)
    return found


def _sqlite(connection: Any) -> list[checks.CheckMessage]:
    options = connection.settings_dict.get("OPTIONS", {})
    at_once = options.get("transaction_mode") == "IMMEDIATE"
    on_disk = _ask(connection, "PRAGMA synchronous") == _FULL
    demands = (
        (61, "a transaction takes the writer's place at once", at_once),
        (62, "a commit is on the disk before it is acknowledged", on_disk),
        (63, "foreign keys are enforced", _ask(connection, "PRAGMA foreign_keys") == 1),
    )
    return [broken(number, says) for number, says, holds in demands if not holds]


def _postgresql(connection: Any) -> list[checks.CheckMessage]:
    demands = (
        (
            64,
            "a standby confirms every commit (synchronous_standby_names)",
            bool(_ask(connection, "SHOW synchronous_standby_names")),
        ),
        (
            65,
            "a commit waits for the disk (synchronous_commit)",
            _ask(connection, "SHOW synchronous_commit") in _STRICT_COMMIT,
        ),
        (66, "pages carry checksums", _ask(connection, "SHOW data_checksums") == "on"),
    )
    return [broken(number, says) for number, says, holds in demands if not holds]


def _ask(connection: Any, question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]
