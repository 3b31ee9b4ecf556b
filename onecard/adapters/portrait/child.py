"""The darkroom's own process: waits for files, and gives each one a child that does nothing else.

Started by `darkroom.py`; Pillow is read once here, so that a child costs milliseconds. The child
closes everything but its own line, takes the limits upon itself before the first foreign byte
arrives, answers with one line of JSON, and ends. Nothing of one person's file is left for the next.
"""

from __future__ import annotations

import base64
import io
import json
import os
import resource
import signal
import socket
import warnings
from dataclasses import asdict
from typing import Any

import cattrs
from PIL import Image

from onecard.adapters.portrait.measuring import measure
from onecard.adapters.portrait.mending import mend
from onecard.domain.photo.judging import Caps
from onecard.domain.photo.mending import Mending

_LINE = 65536
_LENGTH = 4
_converter = cattrs.Converter()


def serve(control: socket.socket) -> None:
    """Fork a child for every line that is handed over, until the owner hangs up."""
    warnings.simplefilter("error")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _rehearse()
    control.sendall(b"!")
    while True:
        _, lines, _, _ = socket.recv_fds(control, 1, 1)
        if not lines:
            return
        if os.fork() == 0:
            try:
                _be_a_child(lines[0])
            finally:
                os._exit(0)
        os.close(lines[0])


def _be_a_child(line: int) -> None:
    """One file: take the order, put on the limits, take the bytes, answer, end."""
    os.setsid()
    os.dup2(line, 0)
    os.close(line)
    here = socket.socket(fileno=0)
    order = json.loads(_exactly(here, int.from_bytes(_exactly(here, _LENGTH), "big")))
    _confine(order["limits"])
    here.sendall(f"{os.getpid()}\n".encode())
    try:
        answer = _answer(b"".join(iter(lambda: here.recv(_LINE), b"")), order)
    except Exception as fault:  # noqa: BLE001 - said by its name; the owner makes a refusal of it
        answer = {"fault": type(fault).__name__}
    here.sendall(json.dumps(answer).encode() + b"\n")


def _confine(limits: dict[str, int]) -> None:
    """Memory, time, no file to write, no file or socket to open, no process, no core."""
    cpu = limits["cpu_seconds"]
    for which, most in (
        (resource.RLIMIT_AS, limits["address_bytes"]),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(which, (most, most))


def _answer(content: bytes, order: dict[str, Any]) -> dict[str, Any]:
    if order["ask"] == "measure":
        file = measure(content, _converter.structure(order["with"], Caps))
        return {"file": _converter.unstructure(file)}
    made = mend(content, _converter.structure(order["with"], Mending))
    return {"content": base64.b64encode(made.content).decode(), "quality": made.quality}


def _exactly(here: socket.socket, count: int) -> bytes:
    got = b""
    while len(got) < count and (more := here.recv(count - len(got))):
        got += more
    return got


def _rehearse() -> None:
    """Go once through every library a child will need: once confined it can read no more code."""
    measuring = {"ask": "measure", "with": asdict(Caps(_LINE, _LINE, _LINE, _LINE, _LINE))}
    mending = {"ask": "mend", "with": asdict(_A_PLAN)}
    for kind, mode in (("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P")):
        out = io.BytesIO()
        Image.new(mode, (8, 8)).save(out, kind, dpi=(350, 350), exif=_a_note())
        for content in (out.getvalue(), out.getvalue()[:-20]):
            json.dumps(_answer(content, measuring))
        json.dumps(_answer(out.getvalue(), mending))


_A_PLAN = Mending(
    keep_coded=False,
    orientation=6,
    width=9,
    height=9,
    crop=(0.1, 0.0, 0.9, 1.0),
    dpi=350,
    min_bytes=0,
    max_bytes=_LINE,
    quality=92,
    when_too_big=(),
    when_too_small=(),
    decode_pixels=_LINE,
)


def _a_note() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = "rehearsal"
    exif.get_ifd(0x8769)[0x9286] = b"rehearsal"
    return exif


if __name__ == "__main__":
    serve(socket.socket(fileno=0))
