"""Real readers for tests: pcscd with virtual cards, and a page that speaks to the bridge.

The daemon lies in a network and mount space of its own, so that every test process has one. Where
that is not permitted, or something is missing, the tests are skipped, loudly.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from onecard.adapters.reader import OpenCard, ReaderError, Readers, virtual
from onecard.adapters.reader.cards import CardPlan, Drawer, serial_of
from onecard.adapters.reader.desk import desk_readers
from onecard.adapters.reader.hand import HandAway, ask_hand

PATIENCE = 15.0
SOCKET = "pcscd.comm"
SECOND_CARD = CardPlan(card_number="B87654321", serial=serial_of("B87654321"))


@dataclass(frozen=True)
class Desk:
    """Two slots, a card in each."""

    folder: Path
    readers: Readers
    names: tuple[str, ...]

    def hand(self, line: str, slot: int = 0) -> dict[str, Any]:
        """Say a word to the hand that holds the card of a slot."""
        return ask_hand(self.folder / f"hand-{slot}", line)

    def open(self, slot: int = 0) -> OpenCard:
        """The card of a slot, as soon as it is there again."""
        return eventually(lambda: self.readers.open(self.names[slot]))

    def lies(self, slot: int = 0) -> bool:
        """Whether a card lies in the slot."""
        return self.readers.has_card(self.names[slot])


def eventually(get: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """What `get` gives as soon as it gives something true and no error."""
    until = time.monotonic() + patience
    while True:
        try:
            got = get()
        except (ReaderError, HandAway, OSError):
            if time.monotonic() > until:
                raise
            got = None
        if got:
            return got
        assert time.monotonic() < until, "it never came"
        time.sleep(0.05)


@contextmanager
def desk(*plans: CardPlan) -> Iterator[Desk]:
    """A reader with these cards. Skips where there can be none."""
    if importlib.util.find_spec("smartcard") is None:
        pytest.skip("!! pyscard is missing: make reader")
    with tempfile.TemporaryDirectory(prefix="reader") as place:
        folder = Path(place)
        drawer = Drawer(folder)
        for number, plan in enumerate(plans):
            drawer.put(number, plan)
        (folder / virtual.OWN_DAEMON).touch()
        with _running(folder):
            own = (folder / virtual.OWN_DAEMON).exists()
            _lead_to((folder / "run" if own else virtual.SOCKETS) / SOCKET)
            readers = desk_readers()
            names = eventually(readers.names)
            made = Desk(folder, readers, names)
            eventually(lambda: all(made.lies(slot) for slot in range(len(plans))))
            yield made
            Path(os.environ["PCSCLITE_CSOCK_NAME"]).unlink()


def _words(folder: Path) -> list[str]:
    """What starts the reader: with a daemon of its own, else the machine's, else the test skips."""
    try:
        return virtual.command(folder)
    except virtual.CannotRun as cannot:
        (folder / virtual.OWN_DAEMON).unlink()
        if os.geteuid() != 0 or _somebody_listens():
            pytest.skip(f"!! no virtual reader here: {cannot}")
    try:
        return virtual.command(folder)
    except virtual.CannotRun as cannot:
        pytest.skip(f"!! no virtual reader here: {cannot}")


def _somebody_listens() -> bool:
    """Whether a pcscd runs on this machine."""
    with socket.socket(socket.AF_UNIX) as wire:
        return wire.connect_ex(str(virtual.SOCKETS / SOCKET)) == 0


def _lead_to(daemon: Path) -> None:
    """The PC/SC library asks for the name of the socket once in a process: one name for all."""
    name = Path(tempfile.gettempdir()) / f"onecard-pcscd-{os.getpid()}"
    name.unlink(missing_ok=True)
    name.symlink_to(daemon)
    os.environ["PCSCLITE_CSOCK_NAME"] = str(name)


@contextmanager
def _running(folder: Path) -> Iterator[None]:
    words = _words(folder)
    process = subprocess.Popen(words, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"running\n"
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
        process.stdout.close()
