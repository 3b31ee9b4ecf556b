"""The door through which events leave for partners' addresses, and its guard (threat 13).

A name is resolved first and the connection goes to the address that was looked at, so that a name
cannot change its meaning in between. No redirects; an answer counts by its status, and no more of
it is read than a few kilobytes.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import urlsplit

from onecard.domain.webhook import is_loopback, is_public
from onecard.seams.holding import must_hold_no_rows
from onecard.seams.transport import NeverLeft, Outcome, Request
from onecard.seams.world import world

MOST_REPLY = 64 * 1024
Resolve = Callable[[str], tuple[str, ...]]


def addresses_of(host: str) -> tuple[str, ...]:
    """Every address of a host name; none where it has none."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return ()
    return tuple(dict.fromkeys(str(address[4][0]) for address in found))


@dataclass(frozen=True)
class Pusher:
    """Pushes to public addresses only; in the sandbox (`local`) also to this machine."""

    local: bool = False
    resolve: Resolve = addresses_of

    def push(
        self, *, url: str, headers: dict[str, str], body: bytes, timeout_seconds: float
    ) -> Outcome:
        """One try. Never raises for what the network does."""
        must_hold_no_rows()
        host = urlsplit(url).hostname or ""
        addresses = self.resolve(host)
        if not addresses or not all(self._may_go_to(address) for address in addresses):
            return NeverLeft("address not allowed" if addresses else "name not known")
        request = Request(
            "POST", url, headers, body, connect_to=addresses[0], most_reply=MOST_REPLY
        )
        return world().transport.send(request, timeout_seconds=timeout_seconds)

    def _may_go_to(self, address: str) -> bool:
        return is_public(address) or (self.local and is_loopback(address))


_installed: list[Pusher] = []
_replaced: ContextVar[Pusher | None] = ContextVar("pusher", default=None)


def install(chosen: Pusher) -> None:
    """Install the one of this process: once, by `config/wiring.py`."""
    _installed[:] = [chosen]


def pusher() -> Pusher:
    """The one in force here; without wiring only public addresses are reached."""
    return _replaced.get() or (_installed[0] if _installed else Pusher())


@contextmanager
def in_pusher(other: Pusher) -> Iterator[Pusher]:
    """Another one for the length of a block: tests."""
    token = _replaced.set(other)
    try:
        yield other
    finally:
        _replaced.reset(token)
