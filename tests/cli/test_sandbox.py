"""The sandbox as a partner meets it: served, signed, moved in time, made anew (platform D8, B13).

One sandbox process serves every test of this file; what it prints is what the tests go by.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from onecard.cli.conforming.caller import Caller, new_key

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sandbox")]
SECONDS_TO_START = 120
ADDRESS = re.compile(r"sandbox (http://\S+)/v1/")
MEMBER = re.compile(r"as=(\S+)  client=(\S+)  secret=(\S+)  serial=(\S+)  key=(\S+)")
HOLDER = re.compile(r"bank=(\S+)  card=(\S+)  card_number=(\S+)  identity_number=(\S+)")


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox and what it said."""

    url: str
    said: str
    folder: Path

    def caller(self, as_: str = "bank:icbc") -> Caller:
        """A partner that signs."""
        found = next(one for one in MEMBER.findall(self.said) if one[0] == as_)
        return Caller(self.url, found[3], base64.b64decode(found[4]))

    def secret(self, as_: str) -> tuple[str, str]:
        """Client id and secret."""
        found = next(one for one in MEMBER.findall(self.said) if one[0] == as_)
        return found[1], found[2]

    def cards(self, bank: str = "icbc") -> list[tuple[str, str, str]]:
        """Card, card number and identity number of everybody at a bank."""
        return [found[1:] for found in HOLDER.findall(self.said) if found[0] == bank]

    def post(self, path: str, body: Any = None) -> httpx.Response:
        """A tool of the sandbox, which needs no key."""
        return httpx.post(f"{self.url}/v1/{path}", json=body or {}, timeout=120)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """`onecard sandbox up` in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="onecard-sandbox-") as folder:
        log = Path(folder) / "log"
        command = [sys.executable, "-m", "onecard.cli.main", "sandbox", "up", "--port", "0"]
        with log.open("w") as out:
            process = subprocess.Popen(
                [*command, "--home", f"{folder}/home"],
                env=os.environ | {"COLUMNS": "400", "PYTHONUNBUFFERED": "1"},
                stdout=out,
                stderr=out,
            )
        try:
            yield _started(process, log)
        finally:
            process.terminate()
            process.wait(timeout=20)


def _started(process: subprocess.Popen[bytes], log: Path) -> Sandbox:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        said = log.read_text()
        if len(HOLDER.findall(said)) == 8:
            found = ADDRESS.search(said)
            assert found
            return Sandbox(found.group(1), said, log.parent)
        time.sleep(0.2)
    raise AssertionError(log.read_text()[-2000:])


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line beside it."""
    command = [sys.executable, "-m", "onecard.cli.main", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_it_says_that_nothing_is_real(sandbox: Sandbox) -> None:
    """沙箱里的一切都不是真的。"""
    assert "not real" in sandbox.said
    answer = httpx.get(f"{sandbox.url}/v1/test_clock")
    assert answer.headers["OneCard-Sandbox"].startswith("not real")
    assert answer.json()["now"].startswith("2026-03-02T01:0")


@pytest.mark.rule("platform D8")
def test_the_conformance_kit_passes_against_our_own_interface(sandbox: Sandbox) -> None:
    """银行自测工具对本平台全部通过。"""
    caller, (card, *_), (foreign, *_) = (
        sandbox.caller(),
        sandbox.cards()[0],
        sandbox.cards("abc")[0],
    )
    report = sandbox.folder / "report.json"
    done = run(
        *("conformance", "--as", "bank", "--url", sandbox.url, "--serial", caller.serial),
        *("--key", base64.b64encode(caller.key).decode(), "--card", card),
        *("--foreign-card", foreign, "--report", str(report)),
    )
    checks = json.loads(report.read_text())["checks"]
    assert [line for line in checks if line["verdict"] != "yes"] == []
    assert (done.returncode, len(checks)) == (0, 11)


def test_the_kit_finds_an_interface_that_does_not_conform(sandbox: Sandbox) -> None:
    """The teeth of the kit: a wrong key fails nearly everything, and the exit code says so."""
    caller = sandbox.caller()
    wrong = base64.b64encode(b"x" * 32).decode()
    done = run(
        *("conformance", "--url", sandbox.url, "--serial", caller.serial, "--key", wrong),
        *("--card", sandbox.cards()[0][0], "--callback-port", "-1"),
    )
    assert done.returncode == 1
    assert "signed requests and replies" in done.stdout


def test_the_tool_shows_the_exact_string_to_sign(sandbox: Sandbox) -> None:
    """验签工具逐字节给出待签名串。"""
    told = sandbox.post(
        "tools/verify-signature",
        {
            "method": "POST",
            "url": "/v1/losses",
            "timestamp": "1767225600",
            "nonce": "593BEC0C930BF1AFEB40B4A08C8FB242",
            "body": '{"card_id":"card_01JGFJJZ000000000000000CA1","kind":"formal","reason":"lost"}',
        },
    ).json()
    assert told["byte_length"] == 138
    assert told["sha256"].startswith("80ac2b0d2100f985")
    assert told["string_to_sign"].splitlines()[0] == "POST"
    assert (told["valid"], told["refused"]) == (False, "signature.invalid")


def test_time_moves_when_it_is_asked_to_and_timers_run_on_the_way(sandbox: Sandbox) -> None:
    """沙箱时钟可以拨快,到期的任务按顺序办理。"""
    before = httpx.get(f"{sandbox.url}/v1/test_clock").json()["now"]
    moved = sandbox.post("test_clock/advance", {"seconds": 86_400}).json()
    assert moved["now"][:10] > before[:10]
    assert moved["steps"] == 24
    caller = sandbox.caller()
    assert caller.get("/v1/cards").status_code == 200, "signatures go by the caller's own time"


def test_a_partner_can_be_broken_and_healed(sandbox: Sandbox) -> None:
    fault = {"partner": "bank:icbc", "fault": "down"}
    assert sandbox.post("simulate/partner_fault", fault).json() == {"done": True}
    assert sandbox.post("simulate/partner_healing", {"partner": "bank:icbc"}).status_code == 200
    odd = sandbox.post("simulate/partner_fault", {"partner": "bank:icbc", "fault": "on fire"})
    assert odd.status_code == 400


def test_the_factory_can_be_told_to_reject_cards(sandbox: Sandbox) -> None:
    """沙箱:卡厂退卡。"""
    assert sandbox.post("simulate/factory_reject", {"cards": 2}).json() == {"done": True}
    assert sandbox.post("simulate/factory_reject", {"cards": 0}).status_code == 400


@pytest.mark.rule("platform B13")
def test_a_scenario_is_recorded_as_a_test_that_runs_and_has_teeth(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """操作过的场景存成pytest文件,在同一种子的沙箱上可重放。"""
    icbc, (card, *_) = sandbox.caller(), sandbox.cards()[1]
    assert sandbox.post("sandbox/recording").json() == {"done": True}
    body = {"card_id": card, "kind": "formal"}
    told = icbc.post("/v1/losses", body, Idempotency_Key=new_key()).json()
    path, version = f"/v1/losses/{told['id']}/withdrawal", f'"{told["version"]}"'
    assert icbc.post(path, Idempotency_Key=new_key()).status_code == 428
    done = icbc.post(path, Idempotency_Key=new_key(), If_Match=version)
    assert done.status_code == 200
    text = httpx.get(f"{sandbox.url}/v1/sandbox/recording").text
    assert told["id"] not in text
    sandbox.post("sandbox/reset?seed=7")
    assert replayed(text, sandbox, tmp_path) == 0
    sandbox.post("sandbox/reset?seed=7")
    assert replayed(text.replace("== 428", "== 200"), sandbox, tmp_path) == 1
    sandbox.post("sandbox/reset?seed=7")  # the altered scenario stopped half-way: a card is lost


def replayed(text: str, sandbox: Sandbox, folder: Path) -> int:
    """Run a recorded file on its own; pytest's exit code."""
    file = folder / "test_recorded.py"
    file.write_text(text)
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-c",
            os.devnull,
            "--rootdir",
            str(folder),
            str(file),
        ],
        env=os.environ | {"ONECARD_SANDBOX": sandbox.url, "PYTHONPATH": str(Path.cwd())},
        cwd=folder,
        timeout=120,
        check=False,
    ).returncode


def test_a_hospital_signs_in_with_a_token_and_checks_a_card_that_is_shown(
    sandbox: Sandbox,
) -> None:
    client, secret = sandbox.secret("hospital")
    form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
    token = httpx.post(f"{sandbox.url}/v1/oauth/token", data=form).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    card, number, identity = sandbox.cards()[1]
    unseen = httpx.get(f"{sandbox.url}/v1/cards/{card}", headers=headers)
    pair = {"card_number": number, "identity_number": identity}
    shown = httpx.post(f"{sandbox.url}/v1/persons/search", json=pair, headers=headers).json()
    seen = httpx.get(f"{sandbox.url}/v1/cards/{card}/functions/hr", headers=headers).json()
    assert (unseen.status_code, shown["match"], shown["card_id"]) == (404, True, card)
    assert seen["usable"] is True


def test_the_same_seed_gives_the_same_city_again(sandbox: Sandbox) -> None:
    """同一种子重置后,城市、客户端、密钥完全一样。"""
    caller, (card, *_) = sandbox.caller(), sandbox.cards()[0]
    body = {"card_id": card, "kind": "formal"}
    assert caller.post("/v1/losses", body, Idempotency_Key=new_key()).status_code == 201
    assert httpx.post(f"{sandbox.url}/v1/sandbox/reset?seed=7", timeout=120).status_code == 200
    state = caller.get(f"/v1/cards/{card}/functions/hr").json()["state"]
    assert state == "normal"
    cards = [row["id"] for row in caller.get("/v1/cards").json()["data"]]
    assert sorted(cards) == sorted(found[0] for found in sandbox.cards())


def test_a_folder_that_holds_something_else_is_never_emptied(tmp_path: Path) -> None:
    """不是沙箱自己的文件夹,一概不动。"""
    (tmp_path / "precious.txt").write_text("mine")
    command = [sys.executable, "-m", "onecard.cli.main", "sandbox", "up", "--home", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "holds something else" in done.stdout
    assert (tmp_path / "precious.txt").read_text() == "mine"
