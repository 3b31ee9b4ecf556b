"""A bar for long work: shown on the error stream once it has taken two seconds, then never again.

The answer itself goes to the standard output, so that a pipe or a file never holds a bar.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import monotonic
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Item = TypeVar("Item")

PATIENCE_SECONDS = 2.0


def steps(items: Sequence[Item], title: str) -> Iterator[Item]:
    """Give the items one by one; after two seconds say how many are done and how long it takes."""
    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    task = progress.add_task(title, total=len(items))
    begun, shown = monotonic(), False
    try:
        for item in items:
            yield item
            progress.advance(task)
            if not shown and monotonic() - begun > PATIENCE_SECONDS:
                progress.start()
                shown = True
    finally:
        if shown:
            progress.stop()
