"""The owner's side of the darkroom: hands a file in, waits only so long, checks the answer.

One process with Pillow read in (`child.py`) is started at first use and forks a child for each
file. Measured on two shared cores: 70 ms for a new Python with Pillow, under 4 ms for a fork of one
that has it; so a hundred files take half a second, and still no file shares a process with another.
"""

from __future__ import annotations

import atexit
import base64
import binascii
import contextlib
import json
import logging
import math
import os
import signal
import socket
import subprocess
import sys
from dataclasses import asdict, dataclass
from threading import Lock
from time import monotonic
from typing import Any

import cattrs

from onecard.domain.photo.facts import ORIENTATIONS, PhotoFile
from onecard.domain.photo.judging import Caps
from onecard.domain.photo.mending import Made, Mending
from onecard.seams.holding import must_hold_no_rows

_log = logging.getLogger(__name__)
_converter = cattrs.Converter()
_CHUNK = 65536
_START_SECONDS = 30.0
_MIB = 1 << 20
_PERCENT = 100
_NAME = 40
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH")


class DidNotSurvive(Exception):
    """The child ended without an answer worth believing: killed by a limit, late, or lying."""


@dataclass(frozen=True)
class Limits:
    """What one child may use (guarantees 9.1): bytes of memory, seconds of work, of waiting."""

    address_bytes: int = 512 * _MIB
    cpu_seconds: int = 10
    wall_seconds: float = 15.0
    answer_bytes: int = 32 * _MIB


def measure(content: bytes, caps: Caps, limits: Limits | None = None) -> PhotoFile:
    """What can be said of a file. Raises `DidNotSurvive`; `HoldsRows` inside an act."""
    said = _ask({"ask": "measure", "with": asdict(caps)}, content, limits or Limits())
    try:
        file = _converter.structure(said["file"], PhotoFile)
    except Exception as odd:
        raise DidNotSurvive("no measures") from odd
    if not _can_be_believed(file, content):
        raise DidNotSurvive("measures that cannot be")
    return file


def mend(content: bytes, plan: Mending, limits: Limits | None = None) -> Made:
    """The file mended as planned. Raises `DidNotSurvive`; `HoldsRows` inside an act."""
    said = _ask({"ask": "mend", "with": asdict(plan)}, content, limits or Limits())
    try:
        made = Made(base64.b64decode(said["content"], validate=True), int(said["quality"]))
    except (KeyError, TypeError, ValueError, binascii.Error) as odd:
        raise DidNotSurvive("no picture") from odd
    if not made.content.startswith(b"\xff\xd8") or not 0 <= made.quality <= _PERCENT:
        raise DidNotSurvive("no JPEG")
    return made


class _Process:
    """The process that forks, and the line to it."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair()
        with theirs:
            self._running = subprocess.Popen(
                [sys.executable, "-I", "-m", "onecard.adapters.portrait.child"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
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


def _ask(order: dict[str, Any], content: bytes, limits: Limits) -> dict[str, Any]:
    """One order, one child, one answer."""
    must_hold_no_rows()
    here, there = socket.socketpair()
    with here:
        with there:
            _hand_over(there)
        answer = bytearray()
        try:
            _speak(here, order, content, limits, answer)
        except TimeoutError as late:
            raise DidNotSurvive("late") from late
        except OSError as gone:
            raise DidNotSurvive("gone") from gone
        finally:
            _let_go(answer)
    return _said(answer)


def _speak(
    here: socket.socket, order: dict[str, Any], content: bytes, limits: Limits, answer: bytearray
) -> None:
    """Send the order and the file, gather the answer; all of it before the time is up."""
    deadline = monotonic() + limits.wall_seconds
    head = json.dumps(order | {"limits": asdict(limits)}).encode()
    here.settimeout(limits.wall_seconds)
    here.sendall(len(head).to_bytes(4, "big") + head)
    answer += here.recv(_CHUNK)
    here.settimeout(max(deadline - monotonic(), 0.001))
    here.sendall(content)
    here.shutdown(socket.SHUT_WR)
    while more := here.recv(_CHUNK):
        answer += more
        if len(answer) > limits.answer_bytes:
            raise OSError("more than an answer")
        here.settimeout(max(deadline - monotonic(), 0.001))


def _let_go(answer: bytearray) -> None:
    """Whatever the child is still doing, it is done: its whole group is killed."""
    told = answer.partition(b"\n")[0]
    if told.isdigit():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(int(told), signal.SIGKILL)


def _said(answer: bytearray) -> dict[str, Any]:
    line = answer.partition(b"\n")[2]
    if not line.endswith(b"\n"):
        raise DidNotSurvive("killed")
    try:
        said = json.loads(line)
    except ValueError as odd:
        raise DidNotSurvive("not an answer") from odd
    if not isinstance(said, dict) or "fault" in said:
        name = "".join(filter(str.isalnum, str(said)))[:_NAME]
        _log.warning("a portrait could not be opened: %s", name)
        raise DidNotSurvive("fault")
    return said


def _can_be_believed(file: PhotoFile, content: bytes) -> bool:
    """The child read foreign bytes; what it says must at least be possible."""
    whole = file.byte_count == len(content) and min(file.width, file.height, file.scans) >= 0
    picture = file.pixels > 0 or not file.complete
    density = not file.dpi or all(math.isfinite(d) and d > 0 for d in file.dpi)
    quality = file.quality is None or 0 <= file.quality <= _PERCENT
    return whole and picture and density and quality and file.orientation in ORIENTATIONS
