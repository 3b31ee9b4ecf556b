"""Named places where a test or the simulator may crash, delay or count. Off in production."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_armed: dict[str, Callable[[], None]] = {}
KNOWN: set[str] = set()


class Crash(BaseException):
    """The process died here. Not an `Exception`, so that nothing can swallow it by accident."""


def register(name: str) -> str:
    """Make a failpoint known, so that coverage can be counted. Returns the name."""
    KNOWN.add(name)
    return name


def failpoint(name: str) -> None:
    """Do whatever is armed at `name`; nothing in production."""
    if _armed:
        action = _armed.get(name)
        if action is not None:
            action()


@contextmanager
def armed(name: str, action: Callable[[], None] | None = None) -> Iterator[None]:
    """Arm a failpoint for a block; without an action it crashes. Raises `KeyError` if unknown."""
    if name not in KNOWN:
        raise KeyError(name)
    _armed[name] = action or _crash
    try:
        yield
    finally:
        del _armed[name]


def any_armed() -> bool:
    """Whether any failpoint is armed: `onecard check` refuses that in production."""
    return bool(_armed)


def _crash() -> None:
    raise Crash
