"""One command is a whole house: it takes no port that is in use, and ends as a whole."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

RUN = [sys.executable, "-m", "onecard.cli.main", "run", "--port"]


def a_listener() -> socket.socket:
    """Another house, which would share its port."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


def in_home(folder: Path) -> dict[str, str]:
    return {**os.environ, "ONECARD_HOME": str(folder), "DATABASE_URL": "", "ONECARD_DEMO": ""}


def children_of(parent: int) -> list[int]:
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]


def is_running(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def within(seconds: float, is_so: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/help", timeout=5) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def test_a_port_that_is_in_use_is_said_at_once(tmp_path: Path) -> None:
    """端口已被占用时直接说明，不与别的服务混在一起。"""
    with a_listener() as other:
        port = other.getsockname()[1]
        ran = subprocess.run(
            [*RUN, str(port)],
            env=in_home(tmp_path / "home"),
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
    assert ran.returncode == 1
    assert f"Port {port} is taken" in ran.stderr
    assert not (tmp_path / "home" / "onecard.sqlite3").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell of a parent's end")
def test_whatever_ends_the_house_ends_all_of_it(tmp_path: Path) -> None:
    """主进程被强行终止，网页与后台进程也随之停止。"""
    with a_listener() as free:
        port = free.getsockname()[1]
    house = subprocess.Popen([*RUN, str(port)], env=in_home(tmp_path))
    try:
        assert within(180, lambda: answers(port))
        children = children_of(house.pid)
        assert len(children) == 2
    finally:
        house.send_signal(signal.SIGKILL)
        house.wait(timeout=10)
    assert within(60, lambda: not any(map(is_running, children)))
    assert not answers(port)
