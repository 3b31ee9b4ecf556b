"""The keys of sealed records, wrapped under a key that never leaves a token.

The platform itself needs them in memory, for it opens hundreds of values a second; what a token
gives is that the disk, a backup or a stolen machine without the token holds nothing usable.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from onecard.adapters.purse_keys.key_desk import NoToken


class KeyWrap(Protocol):
    """Wraps and opens; both raise `KeysUnavailable`."""

    def wrap(self, plain: bytes) -> bytes:
        """The bytes under the token's wrapping key, which is made where there is none."""
        ...

    def unwrap(self, wrapped: bytes) -> bytes:
        """The bytes again; altered ones do not open."""
        ...


_installed: list[KeyWrap] = []
_replaced: ContextVar[KeyWrap | None] = ContextVar("key_wrap", default=None)


def install(chosen: KeyWrap) -> None:
    """Install the one of this process: once, by `config/keys.py`."""
    _installed[:] = [chosen]


def key_wrap() -> KeyWrap:
    """The one in force here. Raises `NoToken`."""
    here = _replaced.get()
    if here is not None:
        return here
    if not _installed:
        raise NoToken
    return _installed[0]


@contextmanager
def in_key_wrap(other: KeyWrap) -> Iterator[KeyWrap]:
    """Another one for the length of a block: tests."""
    token = _replaced.set(other)
    try:
        yield other
    finally:
        _replaced.reset(token)
