"""What a simulated partner remembers: one small SQLite file, or memory alone.

Several processes may share a folder (server and worker do): every turn takes the writer's place at
once (BEGIN IMMEDIATE), so two calls never see each other half done, and a restart forgets nothing.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

_WAIT_SECONDS = 20
_TABLE = """
CREATE TABLE IF NOT EXISTS entry (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, key TEXT NOT NULL, due TEXT NOT NULL, body TEXT NOT NULL, content BLOB,
    UNIQUE (kind, key)
)
"""

Body = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """One remembered thing. `number` grows in the order in which entries were added."""

    number: int
    key: str
    due: str
    body: Body
    content: bytes


class Shelf:
    """What can be done during one turn at the store."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, kind: str, key: str) -> Entry | None:
        """The entry, or None."""
        return next(iter(self._read("kind = ? AND key = ?", (kind, key))), None)

    def add(self, kind: str, key: str, body: Body, *, due: str = "", content: bytes = b"") -> bool:
        """Remember something new; False (and nothing changes) when the key is taken."""
        row = (kind, key, due, json.dumps(body), content)
        insert = "INSERT INTO entry (kind, key, due, body, content) VALUES (?, ?, ?, ?, ?)"
        return self._connection.execute(f"{insert} ON CONFLICT DO NOTHING", row).rowcount == 1

    def append(self, kind: str, body: Body) -> None:
        """Remember something new that needs no name of its own."""
        self.add(kind, f"{self._next_number()}", body)

    def change(self, kind: str, key: str, body: Body) -> None:
        """Replace the body of an entry that is there; its number and content stay."""
        row = (json.dumps(body), kind, key)
        self._connection.execute("UPDATE entry SET body = ? WHERE kind = ? AND key = ?", row)

    def remove(self, kind: str, key: str) -> None:
        """Forget an entry; no error when there is none."""
        self._connection.execute("DELETE FROM entry WHERE kind = ? AND key = ?", (kind, key))

    def every(self, kind: str, *, after: int = 0, most: int = -1) -> list[Entry]:
        """The entries of a kind in the order they came, behind number `after`."""
        return self._read("kind = ? AND number > ? ORDER BY number LIMIT ?", (kind, after, most))

    def due(self, kind: str, by: str) -> list[Entry]:
        """The entries of a kind that are due by an instant (ISO, UTC), the earliest first."""
        return self._read("kind = ? AND due <= ? ORDER BY due, number", (kind, by))

    def _next_number(self) -> int:
        (number,) = self._connection.execute("SELECT 1 + IFNULL(MAX(number), 0) FROM entry")
        return int(number[0])

    def _read(self, where: str, values: tuple[object, ...]) -> list[Entry]:
        select = f"SELECT number, key, due, body, content FROM entry WHERE {where}"  # noqa: S608 - `where` is written above, values are bound
        rows = self._connection.execute(select, values).fetchall()
        return [
            Entry(number, key, due, json.loads(body), content)
            for number, key, due, body, content in rows
        ]


class Store:
    """The memory of one partner. Threads take turns; processes do so at the file."""

    def __init__(self, file: Path | None = None) -> None:
        self._file, self._turn = file, RLock()
        self._connection: sqlite3.Connection | None = None
        self._opened_by = 0

    @contextmanager
    def turn(self) -> Iterator[Shelf]:
        """Everything inside happens as one, or not at all. Turns do not nest."""
        with self._turn:
            connection = self._open()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Shelf(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def close(self) -> None:
        """Let the file go; the next turn opens it again. A store in memory forgets everything."""
        with self._turn:
            if self._connection is not None and self._opened_by == os.getpid():
                self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection:
        """This process's connection: one inherited through a fork is never used."""
        if self._connection is None or self._opened_by != os.getpid():
            self._connection, self._opened_by = self._connect(), os.getpid()
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = sqlite3.connect(
            self._file or ":memory:",
            timeout=_WAIT_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(_TABLE)
        return connection
