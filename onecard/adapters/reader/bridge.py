"""柜台读卡桥: the reader on this desk, for one page in the browser of this desk.

A WebSocket on the loopback. Who may speak (docs/decisions): a page of a known origin, under a host
name of the loopback (no DNS rebinding), with the pairing token that stands on the clerk's terminal
(no other local program), one browser at a time. The page carries numbered steps of its server; the
bridge reads none of it, decides nothing, and logs counts, never bytes.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from onecard.adapters.reader.carrier import Carrier
from onecard.adapters.reader.steps import BadStep, RelayStep

LOOPBACK = "127.0.0.1"
PROTOCOL = "onecard-reader.v1"
USUAL_PORT = 8765
WRONG_TOKEN, BUSY, TOO_MANY = 4401, 4409, 4429
MOST_TRIES = 5
"""Wrong tokens before nobody is let in any more, until the bridge is started again."""

LOOK_EVERY_SECONDS = 0.3
HELLO_SECONDS = 10
IDLE_SECONDS = 120
"""A card is let go when its page has said nothing for so long."""

LARGEST_MESSAGE = 65_536

Tell = Callable[[str], object]


@dataclass
class Bridge:
    """One reader behind one WebSocket. `serve_forever` blocks; `stop` ends it."""

    carrier: Carrier
    origins: tuple[str, ...]
    token: str = field(repr=False)
    port: int = USUAL_PORT
    tell: Tell = lambda _: None

    def __post_init__(self) -> None:
        self._wrong = 0
        self._taken = threading.Lock()
        self._open: set[ServerConnection] = set()
        self._server = self._bind()
        self.port = self._server.socket.getsockname()[1]

    @property
    def address(self) -> str:
        """Where a page finds it."""
        return f"ws://{LOOPBACK}:{self.port}/"

    def serve_forever(self) -> None:
        """Serve until `stop`."""
        self._server.serve_forever()

    def stop(self) -> None:
        """Send everybody away and let the card go."""
        self._server.shutdown()
        for connection in tuple(self._open):
            connection.close()
        self.carrier.close()

    def _bind(self) -> Server:
        """Raises `OSError` when the port is taken."""
        quiet = logging.getLogger("onecard.reader.bridge")
        quiet.setLevel(logging.CRITICAL)  # frames would be written at DEBUG
        return serve(
            self._welcome,
            LOOPBACK,
            self.port,
            origins=list(self.origins),  # type: ignore[arg-type]
            subprotocols=[PROTOCOL],  # type: ignore[list-item]
            process_request=self._refuse_strange_host,
            compression=None,
            max_size=LARGEST_MESSAGE,
            server_header=None,
            logger=quiet,
        )

    def _refuse_strange_host(
        self, connection: ServerConnection, request: Request
    ) -> Response | None:
        """A name that only points to the loopback is somebody else's page (DNS rebinding)."""
        ours = {f"{name}:{self.port}" for name in (LOOPBACK, "localhost")}
        if request.headers.get_all("Host") not in [[name] for name in ours]:
            self.tell("refused: strange Host")
            return connection.respond(403, "Host must be the loopback\n")
        if request.headers.get("Origin") not in self.origins:
            self.tell("refused: strange Origin")
        return None

    def _welcome(self, connection: ServerConnection) -> None:
        """One page, from its hello to its end."""
        self._open.add(connection)
        try:
            with suppress(ConnectionClosed, TimeoutError):
                code = self._listen(connection)
                if code:
                    connection.close(code)
        finally:
            self._open.discard(connection)

    def _listen(self, connection: ServerConnection) -> int:
        """The code with which the page is sent away; 0 when it left by itself."""
        if self._wrong >= MOST_TRIES:
            return TOO_MANY
        hello = _message(connection.recv(HELLO_SECONDS))
        given = hello.get("token")
        if hello.get("type") != "hello" or not isinstance(given, str) or not self._is_token(given):
            self._wrong += 1
            self.tell("refused: wrong pairing token")
            return WRONG_TOKEN
        if not self._taken.acquire(blocking=False):
            self.tell("refused: another page is here")
            return BUSY
        try:
            self._talk(connection)
        finally:
            self._taken.release()
        return 0

    def _is_token(self, given: str) -> bool:
        return compare_digest(given.strip().upper().encode(), self.token.encode())

    def _talk(self, connection: ServerConnection) -> None:
        self.tell("a page is here")
        try:
            with _watching(connection, self.carrier):
                while True:
                    self._answer(connection)
        finally:
            self.carrier.rest()
            self.tell("the page has left")

    def _answer(self, connection: ServerConnection) -> None:
        try:
            asked = _message(connection.recv(IDLE_SECONDS))
        except TimeoutError:
            self.carrier.rest()
            return
        connection.send(json.dumps(self._reply(asked)))

    def _reply(self, asked: dict[str, Any]) -> dict[str, Any]:
        about = {"dialogue": asked.get("dialogue"), "seq": asked.get("seq")}
        if asked.get("type") != "step":
            return {"type": "refused", **about, "says": "type: step"}
        try:
            step = RelayStep.read(asked)
            return {"type": "answers", **about, **self.carrier.carry(step).as_plain()}
        except BadStep as bad:
            return {"type": "refused", **about, "says": str(bad)}


def _message(raw: str | bytes) -> dict[str, Any]:
    """A JSON object; anything else is an empty one, which nobody understands."""
    with suppress(ValueError, RecursionError):
        told = json.loads(raw)
        if isinstance(told, dict):
            return told
    return {}


@contextmanager
def _watching(connection: ServerConnection, carrier: Carrier) -> Iterator[None]:
    """Tell the page that it may begin, and of every card that comes or goes."""
    there = carrier.has_card()
    connection.send(json.dumps({"type": "ready", "reader": carrier.reader, "card": there}))
    over = threading.Event()

    def watch() -> None:
        known = there
        with suppress(ConnectionClosed):
            while not over.wait(LOOK_EVERY_SECONDS):
                seen = carrier.has_card()
                if seen != known:
                    connection.send(json.dumps({"type": "card", "present": seen}))
                known = seen

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
