"""国密签名: whoever keeps our SM2 keys and computes with national ciphers, behind one interface.

`software.py` serves development and tests. Production wants a cryptographic module (HSM, signing
server) or OpenSSL 3; `onecard check` says so. No call while rows are held.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

USER_ID = b"1234567812345678"
"""The standard's default user id, as partners use it."""


class Hsm(Protocol):
    """Signs with our keys and verifies with anybody's. Gives out no private key."""

    def sign(self, key: str, message: bytes) -> bytes:
        """SM2 over SM3 by our key of that name: ASN.1 DER SEQUENCE(r, s)."""
        ...

    def public_key(self, key: str) -> str:
        """The public half of our key of that name: 130 hex characters, `04` + x + y."""
        ...

    def verify(self, public_key: str, message: bytes, signature: bytes) -> bool:
        """Whether a DER signature is right; False for anything that is none."""
        ...


_installed: list[Hsm] = []
_replaced: ContextVar[Hsm | None] = ContextVar("hsm", default=None)


def install(chosen: Hsm) -> None:
    """Install the one of this process: once, by `config/wiring.py`."""
    _installed[:] = [chosen]


def hsm() -> Hsm:
    """The one in force here. Raises `RuntimeError` before the wiring has run."""
    here = _replaced.get()
    if here is not None:
        return here
    if not _installed:
        raise RuntimeError("no HSM installed: config.wiring has not run")
    return _installed[0]


@contextmanager
def in_hsm(other: Hsm) -> Iterator[Hsm]:
    """Another one for the length of a block: tests."""
    token = _replaced.set(other)
    try:
        yield other
    finally:
        _replaced.reset(token)
