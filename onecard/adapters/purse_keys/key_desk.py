"""The token as a key ceremony sees it. Keys in memory have none: they are no secret."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from onecard.adapters.purse_keys.tac_file import TacKey
from onecard.chip.purse_profile import PurseKey


class NoToken(Exception):
    """This house keeps no keys in a token."""


class KeyExists(Exception):
    """There is a key of this kind and generation already: a generation is never written over."""


class WrongCheckValue(Exception):
    """The components do not make the key that was approved. Nothing was put into the token."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


class KeyDesk(Protocol):
    """What a ceremony does; every call raises `KeysUnavailable`, none gives out a key."""

    def initialise(self, *, so_pin: str, pin: str) -> None:
        """Make a fresh token of the label in force. Raises `KeyExists` if there is one."""
        ...

    def generate(self, kind: PurseKey, version: int) -> str:
        """Let the token make a master key. Returns its check value. Raises `KeyExists`."""
        ...

    def put_together(
        self, kind: PurseKey, version: int, one: bytes, other: bytes, *, kcv: str
    ) -> str:
        """Put the XOR of two components in. Raises `WrongCheckValue`, `KeyExists`."""
        ...

    def put_tac_keys(self, delivered: Sequence[TacKey]) -> int:
        """Put TAC keys of cards in; how many were new. Raises `WrongCheckValue` if one differs."""
        ...

    def destroy(self, kind: PurseKey, version: int) -> bool:
        """Destroy a master key for good. Whether there was one."""
        ...

    def has(self, kind: PurseKey, version: int) -> bool:
        """Whether the token keeps this key."""
        ...


_installed: list[KeyDesk] = []
_replaced: ContextVar[KeyDesk | None] = ContextVar("key_desk", default=None)


def install(chosen: KeyDesk) -> None:
    """Install the one of this process: once, by `config/keys.py`."""
    _installed[:] = [chosen]


def key_desk() -> KeyDesk:
    """The one in force here. Raises `NoToken`."""
    here = _replaced.get()
    if here is not None:
        return here
    if not _installed:
        raise NoToken
    return _installed[0]


@contextmanager
def in_key_desk(other: KeyDesk) -> Iterator[KeyDesk]:
    """Another one for the length of a block: tests."""
    token = _replaced.set(other)
    try:
        yield other
    finally:
        _replaced.reset(token)
