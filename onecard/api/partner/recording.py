"""A scenario that was played in the sandbox, kept as a pytest file (platform B13, D8).

Every call is a step. An id that an answer gave out and a later call uses becomes a variable, so
that the file runs against a city made anew from the same seed. Keys of the sandbox are made up, so
they may stand in it.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException

MOST_STEPS = 500
OWN = "/v1/sandbox/recording"
CARRIED = ("Idempotency-Key", "If-Match")
_OPAQUE = re.compile(r"[a-z]{3,4}_[0-9A-HJKMNP-TV-Z]{26}")
_HEAD = '''"""Recorded in the sandbox; runs against one (ONECARD_SANDBOX=http://127.0.0.1:8200)."""

import base64
import os
from string import Template

from onecard.cli.conforming.caller import Caller

URL = os.environ.get("ONECARD_SANDBOX", "http://127.0.0.1:8200")


def call(seen, serial, key, method, url, body, headers):
    filled = [Template(text).substitute(seen) for text in (url, body)]
    more = {name: Template(text).substitute(seen) for name, text in headers.items()}
    caller = Caller(URL, serial, base64.b64decode(key))
    if body:
        more["Content-Type"] = "application/json"
    return caller.send(method, filled[0], filled[1].encode(), more)


def test_scenario():
    seen = {}
'''


@dataclass(frozen=True)
class RecordedStep:
    """One call and what was answered."""

    method: str
    url: str
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    serial: str = ""
    key: str = ""
    status: int = 200
    answer: Any = None

    @property
    def sent(self) -> str:
        """Everything in it that may name an id."""
        return " ".join((self.url, self.body, *self.headers.values()))


@dataclass
class Recorder:
    """What was called since it was started; nothing before that."""

    running: bool = False
    steps: list[RecordedStep] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def start(self) -> None:
        """Begin anew."""
        with self.lock:
            self.running, self.steps = True, []

    def note(self, request: HttpRequest, response: HttpResponse, url: str) -> None:
        """Keep one call, unless it is about the recording itself."""
        if not self.running or request.path.startswith(OWN) or len(self.steps) >= MOST_STEPS:
            return
        proof = getattr(request, "proof", None)
        given = {name: request.headers[name] for name in CARRIED if name in request.headers}
        step = RecordedStep(
            method=request.method or "",
            url=url,
            body=_body(request),
            headers=given,
            serial=proof.serial if proof else "",
            key=base64.b64encode(proof.secret).decode() if proof else "",
            status=response.status_code,
            answer=_json(response.content),
        )
        with self.lock:
            self.steps.append(step)


recorder = Recorder()
"""The one of this process: a sandbox is one process."""


def as_pytest(steps: list[RecordedStep]) -> str:
    """The steps as a test that can be run on its own."""
    names: dict[str, str] = {}
    lines = [line for place in range(len(steps)) for line in _lines(steps, place, names)]
    return _HEAD + "\n".join(f"    {line}" for line in lines or ["assert seen == {}"]) + "\n"


def _lines(steps: list[RecordedStep], place: int, names: dict[str, str]) -> Iterator[str]:
    step = steps[place]
    headers = {name: _template(text, names) for name, text in step.headers.items()}
    told = (step.method, _template(step.url, names), _template(step.body, names), headers)
    parts = ", ".join(repr(part) for part in (step.serial, step.key, *told))
    yield f"reply = call(seen, {parts})"
    yield f"assert reply.status_code == {step.status}, reply.text"
    if isinstance(step.answer, dict) and "code" in step.answer:
        yield f"assert reply.json()['code'] == {step.answer['code']!r}"
    later = " ".join(other.sent for other in steps[place + 1 :])
    sooner = " ".join(other.sent for other in steps[: place + 1])
    for path, value in _ids(step.answer):
        if value in later and value not in sooner and value not in names:
            names[value] = f"id_{len(names) + 1}"
            yield f"seen[{names[value]!r}] = reply.json(){path}"


def _template(text: str, names: dict[str, str]) -> str:
    """Known ids as variables; every other dollar sign stays one."""
    made = text.replace("$", "$$")
    for value, name in names.items():
        made = made.replace(value, f"${{{name}}}")
    return made


def _ids(answer: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every opaque id in an answer, and the way to it."""
    if isinstance(answer, str) and _OPAQUE.fullmatch(answer):
        yield path, answer
    if isinstance(answer, (dict, list)):
        for step, value in answer.items() if isinstance(answer, dict) else enumerate(answer):
            yield from _ids(value, f"{path}[{step!r}]")


def _body(request: HttpRequest) -> str:
    """What was sent; what was never read as one piece (too large, a form) is left out."""
    try:
        return request.body.decode("utf-8", "replace")
    except (RawPostDataException, RequestDataTooBig):
        return ""


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None
