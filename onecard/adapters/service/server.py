"""A small server for the service: loopback only, one thread per call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

HOST = "127.0.0.1"
_CALL_SECONDS = 120
_POLL_SECONDS = 0.05


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64


class _Handler(WSGIRequestHandler):
    timeout = _CALL_SECONDS

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """No access log: what partners are asked is nobody else's business."""


def bind(port: int, make: Callable[[str], Any]) -> tuple[WSGIServer, str]:
    """A server on a loopback port (0 = any free one) and its address.

    `make` is given the address and makes the application. Raises `OSError` for a port in use.
    """
    server = _Server((HOST, port), _Handler)
    address = f"http://{HOST}:{server.server_port}"
    server.set_app(make(address))
    return server, address


@contextmanager
def in_a_thread(make: Callable[[str], Any]) -> Iterator[str]:
    """The address of a server that runs for the length of the block."""
    server, address = bind(0, make)
    thread = Thread(target=server.serve_forever, args=(_POLL_SECONDS,), daemon=True)
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
