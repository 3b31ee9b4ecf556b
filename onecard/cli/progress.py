"""A bar for long work: shown on the error stream once it has taken two seconds, then never again.

The answer itself goes to the standard output, so that a pipe or a file never holds a bar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Item = TypeVar("Item")

PATIENCE_SECONDS = 2.0


def steps(items: Sequence[Item], title: str) -> Iterator[Item]:
    """Give the items one by one; after two seconds say how many are done and how long it takes."""
    with bar(title) as move:
        for done, item in enumerate(items, 1):
            yield item
            move(done, len(items))


@contextmanager
def bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """The same for work that reports itself: call what is given with how many of how many."""
    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    task = progress.add_task(title, total=None)
    begun, shown = monotonic(), False

    def move(done: int, total: int) -> None:
        nonlocal shown
        progress.update(task, completed=done, total=total)
        if not shown and monotonic() - begun > PATIENCE_SECONDS:
            progress.start()
            shown = True

    try:
        yield move
    finally:
        if shown:
            progress.stop()
