"""The hand that holds a virtual card: a unix socket, one line asked, one JSON line answered.

    tear after_credit      torn at one of the nine points, at the next command of its kind
    away                   out of the field, until `back`
    back
    stay away|come back    whether a torn card comes back by itself
    look                   what lies in the chip, as only its factory could look
    quit                   the card is taken away for good

A unix socket, not TCP: the card lives in a network of its own (card reference 13.1).
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingUnixStreamServer
from typing import Any

from onecard.adapters.reader.vpcd import VirtualCard
from onecard.chip.simulated_card import NINE_TEAR_POINTS

_FOR_US_ONLY = 0o600
_PATIENCE_SECONDS = 10


class HandAway(Exception):
    """Nobody holds a card there, or the hand does not know the word."""


class Hand(ThreadingUnixStreamServer):
    """Obeys whoever may open the socket: this user, and root."""

    daemon_threads = True

    def __init__(self, card: VirtualCard, socket_file: Path) -> None:
        self.card = card
        socket_file.unlink(missing_ok=True)
        super().__init__(str(socket_file), _Asked)
        socket_file.chmod(_FOR_US_ONLY)

    def obey(self, line: str) -> dict[str, Any]:
        """Do what one line says, and tell how the card lies then."""
        word, _, rest = line.strip().partition(" ")
        if word not in VERBS:
            return {"error": f"no such word: {word}", "words": sorted(VERBS)}
        try:
            VERBS[word](self.card, rest)
        except KeyError:
            return {"error": f"no such point: {rest}", "points": list(NINE_TEAR_POINTS)}
        chip = self.card.card
        return {
            "in_field": self.card.is_there,
            "balance_fen": chip.balance_fen,
            "load_counter": chip.load_counter,
            "purchase_counter": chip.purchase_counter,
            "movements": len(chip.movements),
        }


class _Asked(StreamRequestHandler):
    def handle(self) -> None:
        """One line, one answer."""
        hand = self.server
        assert isinstance(hand, Hand)  # noqa: S101 - the library does not know its own server's kind
        with suppress(OSError):
            told = hand.obey(self.rfile.readline().decode("utf-8", "replace"))
            self.wfile.write(json.dumps(told).encode() + b"\n")


def _look(_card: VirtualCard, _rest: str) -> None:
    """Nothing is done: the answer tells how the card lies."""


def _stay(card: VirtualCard, rest: str) -> None:
    card.comes_back = rest.strip() != "away"


VERBS: dict[str, Callable[[VirtualCard, str], None]] = {
    "tear": lambda card, rest: card.tear(NINE_TEAR_POINTS[rest.strip()]),
    "away": lambda card, _: card.away(),
    "back": lambda card, _: card.back(),
    "stay": _stay,
    "look": _look,
    "quit": lambda card, _: card.stop(),
}


def ask_hand(socket_file: Path, line: str) -> dict[str, Any]:
    """Say one line to the hand at this socket. Raises `HandAway`."""
    try:
        with socket.socket(socket.AF_UNIX) as wire:
            wire.settimeout(_PATIENCE_SECONDS)
            wire.connect(str(socket_file))
            wire.sendall(line.encode() + b"\n")
            told = json.loads(wire.makefile().readline())
    except (OSError, ValueError) as error:
        raise HandAway(f"no virtual card at {socket_file}: {error}") from error
    if "error" in told:
        raise HandAway(json.dumps(told, ensure_ascii=False))
    return dict(told)
