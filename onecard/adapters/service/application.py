"""The service as a WSGI application: one JSON call per partner and verb, and the sign-in page.

It plays the faults that were switched on the way a network and a sick server would.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from threading import Event
from typing import Any

from onecard.adapters.faults import Fault
from onecard.adapters.outcomes import PartnerDown
from onecard.adapters.service.routes import Route, routes
from onecard.adapters.service.sign_in import SPOKEN_BY_US, SignInPages
from onecard.adapters.simulation import Simulation
from onecard.adapters.wire import Done, Malformed, read, write
from onecard.domain.partner import REAL_NAME

MAX_BODY = 24 * 1024 * 1024
JSON = "application/json"
_CHUNK = b" " * 65536
_TOO_MANY_CHUNKS = 1024

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


@dataclass(frozen=True)
class Reply:
    """What goes back."""

    status: HTTPStatus
    body: bytes
    kind: str = JSON
    location: str = ""

    @classmethod
    def problem(cls, status: HTTPStatus) -> Reply:
        """A failure without details: whoever caused it knows, others need not."""
        return cls(status, json.dumps({"error": status.name.lower()}).encode())


class PartnerService:
    """Answers for all simulated partners, or for one of them only.

    `slow_seconds` is how late a slow answer comes.
    """

    def __init__(
        self,
        simulation: Simulation,
        *,
        token: str = "",
        slow_seconds: float = 60,
        only: str = "",
    ) -> None:
        self._simulation, self._token = simulation, token
        every = routes(simulation)
        self._routes = {path: to for path, to in every.items() if only in ("", to.partner)}
        self._pages = SignInPages(simulation.real_name)
        self._slow_seconds, self._never = slow_seconds, Event()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, as WSGI says."""
        path = str(environ.get("PATH_INFO", "")).strip("/")
        fault = self._fault_at(path)
        self._never.wait(self._seconds_at(path))
        reply = _after(fault, self._reply(environ, path, fault))
        if fault is Fault.SLOW:
            self._never.wait(self._slow_seconds)
        return _send(reply, start_response, endless=fault is Fault.OVERSIZED)

    def _fault_at(self, path: str) -> Fault | None:
        route = self._routes.get(path)
        partner = REAL_NAME if path in SPOKEN_BY_US else route.partner if route else ""
        return self._simulation.strike(partner) if partner else None

    def _seconds_at(self, path: str) -> float:
        route = self._routes.get(path)
        return self._simulation.seconds(route.partner) if route else 0.0

    def _reply(self, environ: Environ, path: str, fault: Fault | None) -> Reply:
        route = self._routes.get(path)
        if fault is Fault.DOWN:
            return Reply.problem(HTTPStatus.SERVICE_UNAVAILABLE)
        if route is None:
            page = self._pages.answer(environ, path)
            return Reply(*page) if page else Reply.problem(HTTPStatus.NOT_FOUND)
        if not self._is_one_of_ours(environ):
            return Reply.problem(HTTPStatus.UNAUTHORIZED)
        if environ.get("REQUEST_METHOD") != "POST":
            return Reply.problem(HTTPStatus.METHOD_NOT_ALLOWED)
        return self._work(environ, route, twice=fault is Fault.DUPLICATE)

    def _work(self, environ: Environ, route: Route, *, twice: bool) -> Reply:
        try:
            ask = read(route.codec, body_of(environ), route.verb.ask)
            answers = [route.do(ask) for _ in range(1 + twice)]
        except Malformed:
            return Reply.problem(HTTPStatus.BAD_REQUEST)
        except PartnerDown:
            return Reply.problem(HTTPStatus.SERVICE_UNAVAILABLE)
        return Reply(HTTPStatus.OK, write(route.codec, answers[-1] or Done()))

    def _is_one_of_ours(self, environ: Environ) -> bool:
        shown = str(environ.get("HTTP_AUTHORIZATION", ""))
        wanted = f"Bearer {self._token}"
        return not self._token or hmac.compare_digest(shown.encode(), wanted.encode())


def body_of(environ: Environ) -> bytes:
    """The body of a request. Raises `Malformed` when its length is missing or too much."""
    length = str(environ.get("CONTENT_LENGTH") or "")
    if not (length.isascii() and length.isdecimal()) or int(length) > MAX_BODY:
        raise Malformed("no usable length")
    body: bytes = environ["wsgi.input"].read(int(length))
    return body


def _after(fault: Fault | None, reply: Reply) -> Reply:
    """The work was done; now see what becomes of the answer."""
    if fault is Fault.BREAKS_AFTER:
        return Reply.problem(HTTPStatus.INTERNAL_SERVER_ERROR)
    if fault is Fault.GARBAGE:
        return Reply(HTTPStatus.OK, b"\x00<html>" + reply.body[:1])
    return reply


def _send(reply: Reply, start_response: StartResponse, *, endless: bool) -> Iterable[bytes]:
    headers = [("Content-Type", reply.kind), ("Cache-Control", "no-store")]
    if reply.location:
        headers.append(("Location", reply.location))
    if not endless:
        headers.append(("Content-Length", str(len(reply.body))))
    start_response(f"{reply.status.value} {reply.status.phrase}", headers)
    return _without_end() if endless else [reply.body]


def _without_end() -> Iterator[bytes]:
    for _ in range(_TOO_MANY_CHUNKS):
        yield _CHUNK
