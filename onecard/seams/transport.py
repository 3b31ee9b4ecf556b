"""The wire seam: one request out, one of three outcomes back. No fourth, and no bare exception.

`Answered` - there is a reply. `NeverLeft` - surely nothing was sent, so it may be repeated.
`OutcomeUnknown` - sent or maybe sent: only a question about the state, or a repeat with the same
idempotency key, may follow.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import httpx

from onecard.seams.holding import must_hold_no_rows

_NOTHING_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
MAX_REPLY = 32 * 1024 * 1024
"""Bytes of a reply that are read at most; a longer one counts as none."""


@dataclass(frozen=True)
class Request:
    """What leaves: method, absolute URL, headers and raw body.

    `connect_to` is the IP address to connect to instead of asking for the name once more; the name
    still stands in the Host header and must be that of the certificate. `most_reply` are the bytes
    of the reply that are read, 0 for the usual limit.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    connect_to: str = ""
    most_reply: int = 0


@dataclass(frozen=True)
class Answered:
    """The far end replied."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class NeverLeft:
    """Nothing was sent."""

    reason: str


@dataclass(frozen=True)
class OutcomeUnknown:
    """It may have been received and done."""

    reason: str


Outcome = Answered | NeverLeft | OutcomeUnknown


class Transport(Protocol):
    """Carries a request to another organisation."""

    def send(self, request: Request, *, timeout_seconds: float) -> Outcome:
        """Send once. Never raises for what the network does."""
        ...


class HttpTransport:
    """HTTPS through httpx: no redirects, refuses to be used while rows are held.

    The timeout is for the whole call: a far end that answers drop by drop is given up too.
    """

    def __init__(self) -> None:
        self._client = httpx.Client(follow_redirects=False, trust_env=False)

    def send(self, request: Request, *, timeout_seconds: float) -> Outcome:
        """Send once. Raises `HoldsRows` inside an act; never for what the network does."""
        must_hold_no_rows()
        give_up_at = time.monotonic() + timeout_seconds
        try:
            with self._client.stream(
                request.method,
                _address(request),
                headers=_headers(request),
                content=request.body,
                timeout=timeout_seconds,
                extensions=_named(request),
            ) as reply:
                return _read(reply, give_up_at, request.most_reply)
        except _NOTHING_LEFT as error:
            return NeverLeft(type(error).__name__)
        except (httpx.HTTPError, httpx.StreamError) as error:
            return OutcomeUnknown(type(error).__name__)


def _address(request: Request) -> httpx.URL:
    url = httpx.URL(request.url)
    return url.copy_with(host=request.connect_to) if request.connect_to else url


def _headers(request: Request) -> dict[str, str]:
    """The name asked for, where the address stands in its place."""
    if not request.connect_to:
        return dict(request.headers)
    return {"Host": httpx.URL(request.url).netloc.decode("ascii"), **request.headers}


def _named(request: Request) -> dict[str, str]:
    if not request.connect_to or not request.url.startswith("https:"):
        return {}
    return {"sni_hostname": httpx.URL(request.url).host}


def _read(reply: httpx.Response, give_up_at: float, most: int) -> Outcome:
    body = bytearray()
    for chunk in reply.iter_bytes():
        body += chunk
        if len(body) > (most or MAX_REPLY):
            return OutcomeUnknown("reply too large")
        if time.monotonic() > give_up_at:
            return OutcomeUnknown("reply too slow")
    return Answered(reply.status_code, bytes(body), dict(reply.headers))


class Unplugged:
    """A wire that is not connected: the default in tests."""

    def send(self, request: Request, *, timeout_seconds: float) -> Outcome:
        """Nothing ever leaves."""
        must_hold_no_rows()
        return NeverLeft(f"unplugged after 0 of {timeout_seconds} s: {request.method}")
