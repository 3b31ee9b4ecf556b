"""A caller that signs every request, and an ear that hears webhooks on this machine."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from threading import Thread
from types import TracebackType
from typing import Any, Self

import httpx

from onecard.domain import signature
from onecard.domain.signature import HEADERS, Profile
from onecard.seams.clock import SystemClock
from onecard.seams.rng import SystemRng

HOST = "127.0.0.1"
PATIENCE_SECONDS = 30.0
LONGEST_BODY = 1 << 20


@dataclass
class Caller:
    """Calls as a bank does."""

    url: str
    serial: str
    key: bytes
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=PATIENCE_SECONDS))

    def get(self, path: str, **headers: str) -> httpx.Response:
        """A signed question."""
        return self.send("GET", path, b"", headers)

    def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """A signed act; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = {"Content-Type": "application/json"}
        return self.send("POST", path, json.dumps(body or {}).encode(), kind | named)

    def send(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> httpx.Response:
        """Exactly these bytes, under a signature of their own."""
        proof = self.proof(method, path, body)
        return self.http.request(
            method, self.url + path, content=body, headers={**proof, **headers}
        )

    def proof(self, method: str, path: str, body: bytes, *, skew: int = 0) -> dict[str, str]:
        """The five headers of a signature; `skew` seconds off on purpose."""
        timestamp = str(int(SystemClock().now().timestamp()) + skew)
        nonce = SystemRng().bytes(16).hex()
        message = signature.request_string(
            method=method, url=path, timestamp=timestamp, nonce=nonce, body=body
        )
        parts = {
            "serial": self.serial,
            "timestamp": timestamp,
            "nonce": nonce,
            "profile": Profile.HMAC.value,
            "signature": signature.hmac_signature(message, key=self.key),
        }
        return {HEADERS[name]: value for name, value in parts.items()}

    def is_signed(self, reply: httpx.Response) -> bool:
        """Whether a reply carries a right signature over its own bytes."""
        message = signature.reply_string(
            timestamp=reply.headers.get(HEADERS["timestamp"], ""),
            nonce=reply.headers.get(HEADERS["nonce"], ""),
            body=reply.content,
        )
        made = reply.headers.get(HEADERS["signature"], "")
        return signature.is_hmac_of(made, message, key=self.key)


@dataclass(frozen=True)
class Heard:
    """A webhook as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        """Its body."""
        return dict(json.loads(self.body))


class Listener:
    """An address on this machine that keeps what is pushed to it. A port below 0 means none."""

    def __init__(self, port: int) -> None:
        self._port, self._heard = port, Queue[Heard]()
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        if self._port >= 0:
            self._server = ThreadingHTTPServer((HOST, self._port), self._handler())
            Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    @property
    def url(self) -> str:
        """Where to push; empty where nobody listens."""
        return f"http://{HOST}:{self._server.server_port}/hook" if self._server else ""

    def wait(self, seconds: float = PATIENCE_SECONDS) -> Heard | None:
        """The next message, or None."""
        try:
            return self._heard.get(timeout=seconds)
        except Empty:
            return None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        heard = self._heard

        class Hook(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = min(int(self.headers.get("Content-Length") or 0), LONGEST_BODY)
                names = {name.lower(): value for name, value in self.headers.items()}
                heard.put(Heard(names, self.rfile.read(length)))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """No log."""

        return Hook


@contextmanager
def endpoint(caller: Caller, listener: Listener) -> Iterator[tuple[str, bytes]]:
    """A webhook endpoint at our ear for the length of a check: its id and its secret."""
    opened = caller.post(
        "/v1/webhook_endpoints", {"url": listener.url}, Idempotency_Key=new_key()
    ).json()
    secret = base64.b64decode(opened["secret"].removeprefix("whsec_"))
    try:
        yield opened["endpoint"], secret
    finally:
        path = f"/v1/webhook_endpoints/{opened['endpoint']}/disabling"
        caller.post(path, Idempotency_Key=new_key())


def new_key() -> str:
    """A key nobody used before."""
    return SystemRng().bytes(12).hex()
