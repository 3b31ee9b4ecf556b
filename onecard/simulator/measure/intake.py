"""Applications accepted at a counter, against bare INSERTs of the same bytes on the same database.

    python -m onecard.simulator.measure.intake ROUNDS PER_ROUND CLIENTS[,CLIENTS...]

Prints one JSON object; says on the error stream what it is doing.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from typing import Any


def main(arguments: list[str]) -> None:
    """Measure and print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onecard.config.settings")
    import django

    django.setup()
    rounds, per_round = int(arguments[0]), int(arguments[1])
    clients = [int(count) for count in arguments[2].split(",")]
    _tell("tables")
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    print(json.dumps(_measure(rounds, per_round, clients)))


def _measure(rounds: int, per_round: int, clients: list[int]) -> dict[str, Any]:
    from django.conf import settings

    from onecard.adapters.partners import install
    from onecard.adapters.simulation import simulated_partners
    from onecard.seams.world import world
    from onecard.simulator.measure.applicants import Applicants

    played = simulated_partners(state_folder=None, now=world().clock.now, seed=1)
    install(played)
    applicants = Applicants(played, world().clock.now())
    everybody = applicants.prepare(rounds * per_round * len(clients) + 1, _tell)
    probe = everybody.pop()
    with _counted() as written:
        probe()
    _bare_table()
    size, compared = written["bytes"], []
    for count in clients:
        _tell(f"{count} clients")
        mine = [[everybody.pop() for _ in range(per_round)] for _ in range(rounds)]
        bare = [[partial(_bare_insert, os.urandom(size // 2).hex())] * per_round] * rounds
        compared.append(asdict(_compare(mine, bare, count)))
    engine = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    return {"engine": engine, **written, "compared": compared}


def _compare(mine: Any, bare: Any, clients: int) -> Any:
    from onecard.simulator.measure.rounds import compare

    return compare(mine, bare, clients=clients)


@contextmanager
def _counted() -> Iterator[dict[str, int]]:
    """Statements that write, and the bytes they carry."""
    from django.db import connection

    seen = {"statements": 0, "writes": 0, "bytes": 0}

    def watch(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        seen["statements"] += 1
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE")):
            seen["writes"] += 1
            seen["bytes"] += sum(_length(value) for value in params or ())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield seen


def _length(value: Any) -> int:
    """Bytes a value takes in the table, about."""
    plain = bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
    return len(plain)


def _bare_table() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (content TEXT NOT NULL)")


def _bare_insert(content: str) -> None:
    """One INSERT in a transaction of its own: what the database alone needs for these bytes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bare (content) VALUES (%s)", [content])


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
