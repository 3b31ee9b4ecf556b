"""The darkroom's own process: waits for files, and gives each one a child that does nothing else.

Started by `line.py`; decoders and models are read once here, so that a child costs milliseconds.
The child closes everything but its own line, takes the limits upon itself before the first foreign
byte arrives, and answers with one line of JSON. It serves one file, so that nothing of one person's
file is left for the next; only a folder or a batch of one sender is one roll for one child.
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
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import cattrs
import cv2
from PIL import Image

from onecard.adapters.portrait.examining import examine
from onecard.adapters.portrait.eyes.engines import Eyes, chosen
from onecard.adapters.portrait.measuring import measure
from onecard.adapters.portrait.mending import mend
from onecard.adapters.portrait.treating import treat
from onecard.domain.photo.framing import Framing
from onecard.domain.photo.judging import Caps
from onecard.domain.photo.mending import Made, Mending, Whitening
from onecard.domain.photo.seen import Optics

_LINE = 65536
_LENGTH = 4
_ON_A_ROLL = 100
_converter = cattrs.Converter()


def serve(control: socket.socket) -> None:
    """Fork a child for every line that is handed over, until the owner hangs up."""
    warnings.simplefilter("error")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    cv2.setNumThreads(1)
    eyes = chosen()
    _rehearse(eyes)
    control.sendall(b"!")
    while True:
        _, lines, _, _ = socket.recv_fds(control, 1, 1)
        if not lines:
            return
        if os.fork() == 0:
            try:
                _be_a_child(lines[0], eyes)
            finally:
                os._exit(0)
        os.close(lines[0])


def _be_a_child(line: int, eyes: Eyes) -> None:
    """Put on the limits, then order after order: take it, take the bytes, answer; then end."""
    os.setsid()
    os.dup2(line, 0)
    os.close(line)
    here = socket.socket(fileno=0)
    confined = False
    while head := _framed(here):
        order = json.loads(head)
        if not confined:
            _confine(order["limits"])
            here.sendall(f"{os.getpid()}\n".encode())
            confined = True
        _more_time(order["limits"]["cpu_seconds"])
        try:
            answer = _answer(_framed(here), order, eyes)
        except Exception as fault:  # noqa: BLE001 - said by its name; the owner makes a refusal of it
            answer = {"fault": type(fault).__name__}
        here.sendall(json.dumps(answer).encode() + b"\n")


def _confine(limits: dict[str, int]) -> None:
    """Memory beyond what it was born with, no file to write or open, no process, no core."""
    born_with = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    cpu = limits["cpu_seconds"]
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu * _ON_A_ROLL))
    for which, most in (
        (resource.RLIMIT_AS, born_with + limits["address_bytes"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(which, (most, most))


def _more_time(cpu_seconds: int) -> None:
    """So much time for this order, whatever the ones before it took."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _framed(here: socket.socket) -> bytes:
    """What is sent with its length before it; empty when the owner hangs up."""
    return _exactly(here, int.from_bytes(_exactly(here, _LENGTH), "big"))


def _answer(content: bytes, order: dict[str, Any], eyes: Eyes) -> dict[str, Any]:
    """`measure`: the file. `examine`: file and person. `mend`: the picture, and both of it."""
    if order["ask"] == "measure":
        file = measure(content, _converter.structure(order["with"], Caps))
        return {"file": _converter.unstructure(file)}
    if order["ask"] == "examine":
        return _examined(content, order, eyes)
    plan = _converter.structure(order["with"], Mending)
    made = treat(content, plan, eyes) if plan.framing or plan.whitening else mend(content, plan)
    again = _examined(made.content, order, eyes) if order.get("optics") else {}
    return _sent(made) | again


def _examined(content: bytes, order: dict[str, Any], eyes: Eyes) -> dict[str, Any]:
    caps = _converter.structure(order["caps"], Caps)
    file, seen = examine(content, caps, _converter.structure(order["optics"], Optics), eyes)
    return {"file": _converter.unstructure(file), "seen": seen.as_plain()}


def _sent(made: Made) -> dict[str, Any]:
    return asdict(made) | {"content": base64.b64encode(made.content).decode()}


def _exactly(here: socket.socket, count: int) -> bytes:
    got = bytearray()
    while len(got) < count and (more := here.recv(min(count - len(got), _LINE))):
        got += more
    return bytes(got)


def _rehearse(eyes: Eyes) -> None:
    """Go once through every library a child will need: once confined it can read no more code."""
    caps = asdict(Caps(_LINE, _LINE, _LINE, _LINE, _LINE))
    measuring = {"ask": "measure", "with": caps}
    looking = {"ask": "examine", "caps": caps, "optics": asdict(_OPTICS)}
    mending = {"ask": "mend", "with": asdict(_A_PLAN)}
    for kind, mode in (("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P")):
        out = io.BytesIO()
        Image.new(mode, (8, 8)).save(out, kind, dpi=(350, 350), exif=_a_note())
        for content in (out.getvalue(), out.getvalue()[:-20]):
            json.dumps(_answer(content, measuring, eyes))
            json.dumps(_answer(content, looking, eyes))
        json.dumps(_answer(out.getvalue(), mending, eyes))
    treating = {"ask": "mend", "with": asdict(replace(_A_PLAN, **_A_TREATMENT))}
    json.dumps(_answer(out.getvalue(), treating, eyes))


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


_OPTICS = Optics(
    short_side=8,
    face_px=1,
    ring_share=1,
    delta_e=0,
    shade_share=0,
    crown=(0, 0),
    light_share=0,
    light=(0, 0),
    width=9,
    height=9,
)

_A_TREATMENT: dict[str, Any] = {
    "framing": Framing(scale=1.2, degrees=3, at=(4, 4), to=(4, 4), face_width=4),
    "whitening": Whitening(most_residual=99, most_delta_e=99, share=1, delta_e=0, spread=0),
}


def _a_note() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = "rehearsal"
    exif.get_ifd(0x8769)[0x9286] = b"rehearsal"
    return exif


def main() -> None:
    """Serve on standard input, which is a socket."""
    serve(socket.socket(fileno=0))
