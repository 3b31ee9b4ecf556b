"""Remembers whether rows are held, so that the wire can refuse to be used meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_act: ContextVar[str] = ContextVar("act_in_progress", default="")


class HoldsRows(RuntimeError):
    """Somebody speaks to the outside while rows are held: a mistake of ours."""


@contextmanager
def holding(act: str) -> Iterator[None]:
    """Mark the block as one in which rows may be held."""
    token = _act.set(act)
    try:
        yield
    finally:
        _act.reset(token)


def act_in_progress() -> str:
    """The name of the act whose transaction is open, or an empty string."""
    return _act.get()


def must_hold_no_rows() -> None:
    """Called by the wire before anything leaves. Raises `HoldsRows`."""
    if _act.get():
        message = f"{_act.get()} speaks to the outside while it holds rows"
        raise HoldsRows(message)
