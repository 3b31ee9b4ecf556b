"""Many photos of one sender, several at once: a folder on this machine, an employer's batch.

Each hand keeps one child in the darkroom for file after file: what is one sender's may share a
process, and the first touch of a child's memory costs more than a look.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from queue import SimpleQueue
from typing import TypeVar

from onecard.actions._keeping import walk
from onecard.adapters import portrait
from onecard.adapters.portrait import Roll

Given = TypeVar("Given")
Gained = TypeVar("Gained")
_AHEAD = 2
"""Files taken ahead for each hand: none waits, and memory holds no more."""


@walk("photo.for_each")
def for_each(
    given: Iterable[Given], work: Callable[[Given], Gained], *, jobs: int = 1
) -> Iterator[Gained]:
    """What `work` (`look_over`, `develop`) makes of each, `jobs` at once, in the order given."""
    rolls: SimpleQueue[Roll] = SimpleQueue()
    made = [Roll() for _ in range(max(jobs, 1))]
    for roll in made:
        rolls.put(roll)

    def on_a_roll(one: Given) -> Gained:
        roll = rolls.get()
        try:
            with portrait.on(roll):
                return work(one)
        finally:
            rolls.put(roll)

    try:
        with ThreadPoolExecutor(len(made)) as hands:
            yield from _in_order(hands, given, on_a_roll)
    finally:
        for roll in made:
            roll.end()


def _in_order(
    hands: ThreadPoolExecutor, given: Iterable[Given], work: Callable[[Given], Gained]
) -> Iterator[Gained]:
    """Results in the order given; no more is taken ahead than the hands need."""
    waiting: deque[Future[Gained]] = deque()
    try:
        for one in given:
            waiting.append(hands.submit(copy_context().run, work, one))
            if len(waiting) >= _AHEAD * hands._max_workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for left in waiting:
            left.cancel()
