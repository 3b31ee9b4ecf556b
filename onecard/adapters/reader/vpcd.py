"""A simulated card that speaks the protocol of vpcd, and so is a real card to every PC/SC program.

Each message is two bytes of length and a body. A body of one byte is a word of the driver: power
off, on, reset, or the wish for the ATR. Everything else is a command. Away from the field means
that the socket is closed; pcscd looks every 0.4 s, so a card stays away for 0.6 s or longer.

TCP_QUICKACK is set again after every read: vpcd of Debian 12 sends length and body apart, and the
delayed acknowledgement would cost 40 ms a command (card reference 13.2).
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from onecard.chip.simulated_card import ATR as CARD_ATR
from onecard.chip.simulated_card import SimulatedCard, Tear
from onecard.chip.wire import WireBroke

LOOPBACK = "127.0.0.1"
FIRST_PORT = 0x8C7B
SHORTEST_GAP_SECONDS = 0.6
ON, RESET, ATR = 0x01, 0x02, 0x04
"""Words of the driver; 00 takes the power, which the next ON gives anew."""

_LENGTH = 2
_PATIENCE_SECONDS = 0.05
_CONNECT_SECONDS = 5


class VirtualCard:
    """One card on one slot. `run` serves it until `stop`; the other verbs are for its hand."""

    def __init__(
        self,
        card: SimulatedCard,
        *,
        port: int = FIRST_PORT,
        left: Callable[[], object] = lambda: None,
    ) -> None:
        """`left` is called whenever the card has left the field."""
        self.card, self._port, self._left = card, port, left
        self._lock = threading.RLock()
        self._wire: socket.socket | None = None
        self._over = threading.Event()
        self._may_be_there = threading.Event()
        self._may_be_there.set()
        self.gap_seconds = SHORTEST_GAP_SECONDS
        self.comes_back = True
        """Whether a torn card comes back by itself after `gap_seconds`."""

    def run(self) -> None:
        """Stand in the field, go away, come back, until stopped."""
        while not self._over.is_set():
            if not self._may_be_there.wait(_PATIENCE_SECONDS):
                continue
            wire = self._dial()
            if wire is None:
                self._over.wait(_PATIENCE_SECONDS)
                continue
            self._serve(wire)
            self._over.wait(self.gap_seconds)

    def stop(self) -> None:
        """Leave for good."""
        self._over.set()
        self.away()

    def away(self) -> None:
        """Leave the field and stay away until `back`."""
        self._may_be_there.clear()
        self._hang_up()

    def back(self) -> None:
        """Come into the field again; the gap since leaving is kept."""
        self._may_be_there.set()

    def tear(self, tear: Tear) -> None:
        """Arm a tear for the next command of its kind; it survives a reset by the reader."""
        with self._lock:
            self.card.tear(tear)

    @property
    def is_there(self) -> bool:
        """Whether it stands in the field."""
        return self._wire is not None

    def _dial(self) -> socket.socket | None:
        with suppress(OSError):
            wire = socket.create_connection((LOOPBACK, self._port), timeout=_CONNECT_SECONDS)
            wire.settimeout(None)
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return wire
        return None

    def _serve(self, wire: socket.socket) -> None:
        self._wire = wire
        with self._lock:
            self.card.enter_field()
        try:
            while self._may_be_there.is_set():
                self._answer(wire, _read_message(wire))
        except (OSError, WireBroke):
            if not self.comes_back:
                self._may_be_there.clear()
        finally:
            self._hang_up()

    def _answer(self, wire: socket.socket, body: bytes) -> None:
        """One message of the driver. Raises `WireBroke` when the card is torn."""
        with self._lock:
            if len(body) == 1:
                self._obey(wire, body[0])
            else:
                _send_message(wire, self.card.transmit(body))

    def _obey(self, wire: socket.socket, word: int) -> None:
        if word == ATR:
            _send_message(wire, CARD_ATR)
        elif word in {ON, RESET}:
            self.card.enter_field()

    def _hang_up(self) -> None:
        with self._lock:
            wire, self._wire = self._wire, None
            self.card.leave_field()
            self._left()
        if wire is not None:
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)
            wire.close()


def _read_message(wire: socket.socket) -> bytes:
    return _read(wire, int.from_bytes(_read(wire, _LENGTH)))


def _read(wire: socket.socket, count: int) -> bytes:
    """Exactly so many bytes. Raises `ConnectionError` when the driver hangs up."""
    parts = bytearray()
    while len(parts) < count:
        part = wire.recv(count - len(parts))
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        if not part:
            raise ConnectionResetError
        parts += part
    return bytes(parts)


def _send_message(wire: socket.socket, body: bytes) -> None:
    wire.sendall(len(body).to_bytes(_LENGTH) + body)
