"""The line to the darkroom: hands a file to a child, waits only so long, believes no stray answer.

One process with decoders and models read in (`child.py`) is started at first use and forks a child
for each file. A new Python with them takes most of a second, a fork some milliseconds. On a `Roll`
one child serves many files of one sender, for its first touch of every page is what costs.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

import onecard
from onecard.adapters.portrait.eyes import engines
from onecard.seams.holding import must_hold_no_rows

_log = logging.getLogger(__name__)
_CHUNK = 65536
_START_SECONDS = 60.0
_MIB = 1 << 20
_NAME = 40
_ON_A_ROLL = 100
"""Files one child serves before another takes its place."""

_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", engines.ENGINE, engines.FOLDER)
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""Read before numpy is: a child may start no thread, and needs none."""

_HERE = Path(onecard.__file__).parent.parent
_CHILD = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    " from onecard.adapters.portrait.child import main; main()"
)


class DidNotSurvive(Exception):
    """The child ended without an answer worth believing: killed by a limit, late, or lying."""


@dataclass(frozen=True)
class Limits:
    """What one file may use (guarantees 9.1): bytes of memory beyond the child's own, seconds.

    `cpu_seconds` are seconds of work, `wall_seconds` of waiting.
    """

    address_bytes: int = 512 * _MIB
    cpu_seconds: int = 10
    wall_seconds: float = 15.0
    answer_bytes: int = 32 * _MIB


class _Process:
    """The process that forks, and the line to it."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair()
        with theirs:
            self._running = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-I", "-c", _CHILD, str(_HERE)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={n: os.environ[n] for n in _PASSED_ON if n in os.environ} | _ONE_THREAD,
                start_new_session=True,
            )
        self._line.settimeout(_START_SECONDS)
        if self._line.recv(1) != b"!":
            self.end()
            raise RuntimeError("the darkroom did not open: run onecard.adapters.portrait.child")

    def hand_over(self, line: socket.socket) -> None:
        """Have a child forked at the other end of `line`. Raises `OSError` if it is gone."""
        socket.send_fds(self._line, [b"."], [line.fileno()])

    def end(self) -> None:
        """Hang up; it ends by itself, and is ended if it does not."""
        self._line.close()
        try:
            self._running.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.wait()


_process: list[_Process] = []
_starting = Lock()


def _hand_over(line: socket.socket) -> None:
    with _starting:
        try:
            _opened().hand_over(line)
        except OSError:
            close()
            _opened().hand_over(line)


def _opened() -> _Process:
    if not _process:
        _process.append(_Process())
    return _process[0]


def close() -> None:
    """End the process of this darkroom; the next file opens it anew."""
    while _process:
        _process.pop().end()


atexit.register(close)


class _Child:
    """One child and the line to it; good for one order after another until it dies."""

    def __init__(self) -> None:
        self.line, there = socket.socketpair()
        with there:
            _hand_over(there)
        self.pid = ""
        self.served = 0

    def ask(self, order: dict[str, Any], content: bytes, limits: Limits) -> bytes:
        """Send the order and the file, give the line that comes back; all before time is up."""
        deadline = monotonic() + limits.wall_seconds
        head = json.dumps(order | {"limits": asdict(limits)}).encode()
        self._send(head, deadline)
        if not self.pid:
            self.pid = self._line(_NAME, deadline).decode()
        self._send(content, deadline)
        self.served += 1
        return self._line(limits.answer_bytes, deadline)

    def let_go(self) -> None:
        """Hang up; whatever the child is still doing, it is done: its whole group is killed."""
        self.line.close()
        if self.pid.isdigit():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(int(self.pid), signal.SIGKILL)

    def _send(self, content: bytes, deadline: float) -> None:
        self.line.settimeout(max(deadline - monotonic(), 0.001))
        self.line.sendall(len(content).to_bytes(4, "big") + content)

    def _line(self, most: int, deadline: float) -> bytes:
        got = bytearray()
        while not got.endswith(b"\n"):
            self.line.settimeout(max(deadline - monotonic(), 0.001))
            more = self.line.recv(_CHUNK)
            got += more
            if not more:
                raise DidNotSurvive("killed")
            if len(got) > most:
                raise DidNotSurvive("more than an answer")
        return bytes(got[:-1])


class Roll:
    """A child kept for the next file of the same sender; for one thread at a time."""

    def __init__(self) -> None:
        self.kept: list[_Child] = []

    def end(self) -> None:
        """Let the child go."""
        while self.kept:
            self.kept.pop().let_go()


_roll: ContextVar[Roll | None] = ContextVar("roll", default=None)


@contextlib.contextmanager
def on(roll: Roll) -> Iterator[None]:
    """For the length of a block one child serves file after file; whoever made the roll ends it."""
    token = _roll.set(roll)
    try:
        yield
    finally:
        _roll.reset(token)


def ask(order: dict[str, Any], content: bytes, limits: Limits) -> dict[str, Any]:
    """One order, one answer. Raises `DidNotSurvive`; `HoldsRows` inside an act."""
    must_hold_no_rows()
    roll = _roll.get()
    child = roll.kept.pop() if roll and roll.kept else _Child()
    try:
        answer = said(child.ask(order, content, limits))
    except TimeoutError as late:
        child.let_go()
        raise DidNotSurvive("late") from late
    except OSError as gone:
        child.let_go()
        raise DidNotSurvive("gone") from gone
    except DidNotSurvive:
        child.let_go()
        raise
    if roll is None or child.served >= _ON_A_ROLL:
        child.let_go()
    else:
        roll.kept.append(child)
    return answer


def said(line: bytes) -> dict[str, Any]:
    """An answer as it was said. Raises `DidNotSurvive` for a fault or nonsense."""
    try:
        told = json.loads(line)
    except ValueError as odd:
        raise DidNotSurvive("not an answer") from odd
    if not isinstance(told, dict) or "fault" in told:
        name = "".join(filter(str.isalnum, str(told)))[:_NAME]
        _log.warning("a portrait could not be opened: %s", name)
        raise DidNotSurvive("fault")
    return told
