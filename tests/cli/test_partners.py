"""`onecard partners` and `onecard check`, as a person types them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

ONECARD = [sys.executable, "-m", "onecard.cli.main"]


def _onecard(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*ONECARD, *words],
        env=_environment(home, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def _environment(home: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "ONECARD_HOME": str(home), "DATABASE_URL": "", **more}


def test_a_fault_set_on_the_command_line_is_listed_and_healed(tmp_path: Path) -> None:
    """命令行设置故障,列出,恢复。"""
    assert _onecard(tmp_path, "partners", "fault", "bank:icbc", "down").returncode == 0
    assert "down" in _onecard(tmp_path, "partners", "list").stdout
    assert _onecard(tmp_path, "partners", "heal", "bank:icbc").returncode == 0
    assert "down" not in _onecard(tmp_path, "partners", "list").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fault", "bank:nobody", "down"), "no such partner"),
        (("fault", "sms", "odd"), "no such fault"),
    ],
)
def test_a_slip_is_answered_with_what_there_is(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    ran = _onecard(tmp_path, "partners", *words)
    assert ran.returncode == 1
    assert said in ran.stdout


def test_the_served_partners_answer_until_interrupted(tmp_path: Path) -> None:
    """单独启动的模拟服务应答请求,可中断。"""
    command = [*ONECARD, "partners", "serve", "--port", "0"]
    environment = _environment(tmp_path, PYTHONUNBUFFERED="1")
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as served:
        try:
            assert served.stdout is not None
            address = served.stdout.readline().split()[1].rstrip("/")
            assert address.startswith("http://127.0.0.1:")
            reply = httpx.post(
                f"{address}/hr-database/find-person",
                json={"AAC002": "320499199001019002"},
                trust_env=False,
            )
            assert reply.json()["person"]["AAC003"] == "吴常顺"
        finally:
            served.send_signal(signal.SIGINT)
            assert served.wait(timeout=20) == 0


def test_one_bank_is_served_alone_with_its_habit(tmp_path: Path) -> None:
    """单独启动一家银行:其他地址没有,脾气是它自己的。"""
    command = [*ONECARD, "partners", "serve", "--port", "0", "--only", "bank:jsb", "--with-habits"]
    environment = _environment(tmp_path, PYTHONUNBUFFERED="1")
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as served:
        try:
            assert served.stdout is not None
            said = served.stdout.readline()
            address = said.split()[1].rstrip("/")
            assert f"ONECARD_PARTNERS_ELSEWHERE=bank:jsb={address}" in said
            asked = {"cursor": "", "most": 10}
            own, other = (
                httpx.post(f"{address}/bank/{key}/accounts-after", json=asked, trust_env=False)
                for key in ("jsb", "icbc")
            )
            assert (own.status_code, other.status_code) == (200, 404)
        finally:
            served.send_signal(signal.SIGINT)
            assert served.wait(timeout=20) == 0


def test_a_port_in_use_is_said_in_words(tmp_path: Path) -> None:
    """端口被占用,说明并给出办法。"""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = _onecard(tmp_path, "partners", "serve", "--port", port)
    assert ran.returncode == 1
    assert "--port" in ran.stdout


def test_a_fresh_house_passes_the_check_and_production_refuses_it(tmp_path: Path) -> None:
    """试用可以;生产环境拒绝模拟部件。"""
    assert _onecard(tmp_path, "check").returncode == 0
    refused = _onecard(tmp_path, "check", ONECARD_PRODUCTION="1", ONECARD_DEMO="")
    assert refused.returncode == 1
    assert "onecard.E051" in refused.stderr
