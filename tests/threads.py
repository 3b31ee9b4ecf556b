"""Threads that see the seeded world and the partners of the test that started them."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable

from django.db import connection


def start(*works: Callable[[], None]) -> list[threading.Thread]:
    """One started thread for each piece of work, with a database connection of its own."""
    threads = [_thread(work) for work in works]
    for thread in threads:
        thread.start()
    return threads


def join(threads: list[threading.Thread]) -> None:
    """Wait for all of them."""
    for thread in threads:
        thread.join()


def _thread(work: Callable[[], None]) -> threading.Thread:
    context = contextvars.copy_context()

    def run() -> None:
        try:
            context.run(work)
        finally:
            connection.close()

    return threading.Thread(target=run)
