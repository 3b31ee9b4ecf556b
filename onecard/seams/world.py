"""The set of seams in force: `world().clock.now()`, `world().ids.new("app")`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from onecard.seams.blobs import Blobs
from onecard.seams.clock import Clock
from onecard.seams.custody import Custody
from onecard.seams.ids import Ids
from onecard.seams.rng import Rng
from onecard.seams.transport import Transport


@dataclass(frozen=True)
class World:
    """Everything by which the outside decides.

    `wire_clock` is filled where the city lives on another day than its callers (API sandbox):
    signatures and access tokens are then judged by the callers' own time.
    """

    clock: Clock
    ids: Ids
    rng: Rng
    transport: Transport
    custody: Custody
    blobs: Blobs
    wire_clock: Clock | None = None

    def wire_now(self) -> datetime:
        """The present instant for whatever is signed or expires on the wire."""
        return (self.wire_clock or self.clock).now()


_installed: list[World] = []
_replaced: ContextVar[World | None] = ContextVar("world", default=None)


def install(new: World) -> None:
    """Install the world of this process: once, by `config/wiring.py`."""
    _installed[:] = [new]


def world() -> World:
    """The seams in force here. Raises `RuntimeError` before the wiring has run."""
    here = _replaced.get()
    if here is not None:
        return here
    if not _installed:
        message = "no world installed: config.wiring has not run"
        raise RuntimeError(message)
    return _installed[0]


@contextmanager
def in_world(other: World) -> Iterator[World]:
    """Another world for the length of a block: tests, simulator."""
    token = _replaced.set(other)
    try:
        yield other
    finally:
        _replaced.reset(token)
