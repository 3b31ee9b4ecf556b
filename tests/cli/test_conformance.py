"""The kit against a bank's own callback: it finds the good one good, and each bad one bad (D8)."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
Answer = Callable[[bytes, dict[str, str]], int]
KNOWN = {"loss.formal.created"}


def careful(body: bytes, headers: dict[str, str]) -> int:
    """As a bank should: the official library judges, repeats and the unknown are taken."""
    try:
        Webhook(SECRET).verify(body, headers)
    except WebhookVerificationError:
        return 401
    return 204


def trusting(_: bytes, __: dict[str, str]) -> int:
    return 200


def narrow(body: bytes, headers: dict[str, str]) -> int:
    """Refuses types it does not know: it would lose the endpoint on our next release."""
    status = careful(body, headers)
    return status if status != 204 or json.loads(body)["type"] in KNOWN else 400


def only_the_first_signature(body: bytes, headers: dict[str, str]) -> int:
    first = headers["webhook-signature"].split(" ")[0]
    return careful(body, headers | {"webhook-signature": first})


@contextmanager
def a_bank(answer: Answer) -> Iterator[str]:
    """A bank's own address on this machine."""

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            names = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(answer(body, names))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """No log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook"
    finally:
        server.shutdown()
        server.server_close()


def conformance(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "onecard.cli.main", "conformance", "--as", "bank", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def missed(answer: Answer, folder: Path) -> tuple[int, list[str]]:
    """The exit code, and what the kit found wrong."""
    report = folder / "report.json"
    with a_bank(answer) as url:
        done = conformance(
            *("--callback", url, "--callback-secret", SECRET, "--report", str(report))
        )
    checks: list[dict[str, Any]] = json.loads(report.read_text())["checks"]
    assert len(checks) == 7
    return done.returncode, [line["check"] for line in checks if line["verdict"] == "no"]


@pytest.mark.rule("platform D8")
def test_a_careful_banks_callback_passes_by_the_official_library(tmp_path: Path) -> None:
    """银行自己的回调地址,按官方库验签的全部通过。"""
    assert missed(careful, tmp_path) == (0, [])


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        (trusting, ["callback: refuses strangers", "callback: refuses old and early ones"]),
        (narrow, ["callback: ignores what it does not know"]),
        (only_the_first_signature, ["callback: two secrets overlap"]),
    ],
)
def test_each_careless_callback_is_found(answer: Answer, wrong: list[str], tmp_path: Path) -> None:
    """The teeth of the kit."""
    assert missed(answer, tmp_path) == (1, wrong)


def test_nobody_at_the_address_is_a_no_not_a_crash(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    options = ("--callback", "http://127.0.0.1:9/hook", "--callback-secret", SECRET)
    assert conformance(*options, "--report", str(report)).returncode == 1
    assert {line["verdict"] for line in json.loads(report.read_text())["checks"]} == {"no"}


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ((), "--url"),
        (("--url", "http://127.0.0.1:9"), "--serial"),
        (("--callback", "http://127.0.0.1:9"), "--callback-secret"),
        (("--callback", "http://127.0.0.1:9", "--callback-secret", "ü"), "--callback-secret"),
    ],
)
def test_what_is_missing_is_named(options: tuple[str, ...], named: str) -> None:
    """缺什么说什么。"""
    done = conformance(*options)
    assert done.returncode == 2
    assert named in done.stderr
