"""A reader with cards made of nothing, for every PC/SC program: pcscd, its driver, our cards.

    python -m onecard.adapters.reader.virtual FOLDER

runs until it is told to stop. Where it is permitted everything lies in a network of its own: vpcd
listens on every address, and anybody could be the card. With FOLDER/own_daemon the socket of pcscd
lies in FOLDER as well, so that many may run on one machine (PCSCLITE_CSOCK_NAME finds it).
"""

from __future__ import annotations

import fcntl
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from onecard.adapters.reader.cards import Drawer
from onecard.adapters.reader.hand import Hand
from onecard.adapters.reader.vpcd import FIRST_PORT, VirtualCard
from onecard.seams.rng import SystemRng

DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
SOCKETS = Path("/run/pcscd")
OWN_DAEMON = "own_daemon"
READER_FILE = f"""FRIENDLYNAME "Virtual PCD"
DEVICENAME /dev/null:0x{FIRST_PORT:04X}
LIBPATH {DRIVER}
CHANNELID 0x{FIRST_PORT:04X}
"""
SLOTS = 2
"""What vpcd of Debian has."""

_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 0x1
_PATIENCE_SECONDS = 10


class CannotRun(Exception):
    """Something that is needed is not there; the text says what to do."""


def command(folder: Path) -> list[str]:
    """What starts the reader of this folder: in a network of its own where that is permitted."""
    _require_packages()
    own = (folder / OWN_DAEMON).exists()
    apart = ["unshare", "--net", *(["--mount"] if own else [])]
    itself = [sys.executable, "-m", "onecard.adapters.reader.virtual", str(folder)]
    if _permitted([*apart, "true"]):
        return [*apart, *itself]
    if own:
        raise CannotRun("a daemon of one's own needs root (unshare --net --mount)")
    return itself


def start(folder: Path) -> tuple[subprocess.Popen[bytes], bool]:
    """Start it; the process once it runs, and whether it has a network of its own.

    Raises `CannotRun`.
    """
    words = command(folder)
    process = subprocess.Popen(words, stdout=subprocess.PIPE)  # noqa: S603
    if process.stdout is None or not process.stdout.readline():
        process.wait()
        raise CannotRun("pcscd or its cards ended at once")
    return process, is_apart(words)


def is_apart(words: Sequence[str]) -> bool:
    """Whether this command runs in a network of its own."""
    return words[0] == "unshare"


def _require_packages() -> None:
    if _daemon() is None or not DRIVER.exists():
        raise CannotRun("apt-get install --no-install-recommends pcscd vsmartcard-vpcd")


def _daemon() -> str | None:
    return shutil.which("pcscd", path="/usr/sbin:/usr/bin:/sbin:/usr/local/sbin")


def _permitted(words: list[str]) -> bool:
    if shutil.which(words[0]) is None:
        return False
    return subprocess.run(words, check=False, capture_output=True).returncode == 0  # noqa: S603


def main(folder: Path) -> None:
    """Run until SIGINT or SIGTERM."""
    over = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: over.set())
    _raise_loopback()
    if (folder / OWN_DAEMON).exists():
        _put_sockets_into(folder)
    with ExitStack() as running:
        running.enter_context(_pcscd(folder))
        for number in range(Drawer(folder).count()):
            running.enter_context(_card(folder, number))
        print("running", flush=True)  # noqa: T201 - whoever started this process waits for it
        over.wait()


@contextmanager
def _pcscd(folder: Path) -> Iterator[None]:
    """The daemon, in the foreground of a process of ours, until the end of the block."""
    files = folder / "reader.conf.d"
    files.mkdir(exist_ok=True)
    (files / "vpcd").write_text(READER_FILE)
    SOCKETS.mkdir(parents=True, exist_ok=True)
    words = [str(_daemon()), "--foreground", "--config", str(files)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


@contextmanager
def _card(folder: Path, number: int) -> Iterator[None]:
    """One card in its slot, with its hand, until the end of the block; its memory is kept."""
    drawer = Drawer(folder)
    chip = drawer.take(number, SystemRng())
    card = VirtualCard(chip, port=FIRST_PORT + number, left=lambda: drawer.keep(number, chip))
    hand = Hand(card, folder / f"hand-{number}")
    threads = [threading.Thread(target=one) for one in (card.run, hand.serve_forever)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        card.stop()
        hand.shutdown()
        for thread in threads:
            thread.join()
        hand.server_close()


def _raise_loopback() -> None:
    """Bring `lo` up: in a new network it is down. Without the right to, it is up already."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = struct.pack("16sh14x", b"lo", 0)
        _, flags = struct.unpack("16sh14x", fcntl.ioctl(any_socket, _GET_FLAGS, asked))
        if not flags & _UP:
            fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh14x", b"lo", flags | _UP))


def _put_sockets_into(folder: Path) -> None:
    """In a mount space of our own /run/pcscd is FOLDER/run."""
    inside = folder / "run"
    inside.mkdir(exist_ok=True)
    SOCKETS.mkdir(parents=True, exist_ok=True)
    mount = [str(shutil.which("mount") or "mount"), "--bind", str(inside), str(SOCKETS)]
    subprocess.run(mount, check=True)  # noqa: S603


if __name__ == "__main__":
    main(Path(sys.argv[1]))
