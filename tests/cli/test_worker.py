"""The worker as people start it: one round, or until it is told to stop."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

COMMAND = (sys.executable, "-m", "onecard.cli.main")


@pytest.fixture
def house(tmp_path: Path) -> dict[str, str]:
    """The environment of an empty house on SQLite."""
    environment = os.environ | {"ONECARD_HOME": str(tmp_path), "DATABASE_URL": ""}
    subprocess.run([*COMMAND, "migrate"], env=environment, check=True, capture_output=True)
    return environment


def _jobs(house: dict[str, str]) -> dict[str, str]:
    with sqlite3.connect(Path(house["ONECARD_HOME"]) / "onecard.sqlite3") as database:
        return dict(database.execute("SELECT name, last_error FROM timed_job"))


def _leave_a_message(house: dict[str, str]) -> None:
    """A message for a party nobody speaks to."""
    with sqlite3.connect(Path(house["ONECARD_HOME"]) / "onecard.sqlite3") as database:
        database.execute(
            "INSERT INTO outbox (ref, event, party, subject, sequence, payload, created_at, due_at,"
            " attempts, last_error) VALUES ('evt_a', 'x', 'pigeon', 'a', 1, '{}',"
            " '2026-01-01 00:00:00', '2026-01-01 00:00:00', 0, '')"
        )


def _tries(house: dict[str, str]) -> int:
    with sqlite3.connect(Path(house["ONECARD_HOME"]) / "onecard.sqlite3") as database:
        return int(database.execute("SELECT attempts FROM outbox").fetchone()[0])


def test_one_round_runs_every_job_and_ends(house: dict[str, str]) -> None:
    """--once 运行一轮后退出,全部正常则返回 0。"""
    done = subprocess.run(
        [*COMMAND, "worker", "--once"], env=house, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    jobs = _jobs(house)
    assert {"outbox", "delivery.read_scans", "production.run_factory"} < set(jobs)
    assert not any(jobs.values())


def test_it_works_until_it_is_told_to_stop_and_leaves_nothing_half_done(
    house: dict[str, str],
) -> None:
    """收到 SIGTERM 后做完手头的事,正常退出。"""
    _leave_a_message(house)
    worker = subprocess.Popen(
        [*COMMAND, "worker", "--every", "0.1", "--quiet"], env=house, stderr=subprocess.PIPE
    )
    try:
        deadline = time.monotonic() + 20
        while not _tries(house) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert _tries(house) > 0
        worker.send_signal(signal.SIGTERM)
        _, said = worker.communicate(timeout=20)
    finally:
        worker.kill()
    assert worker.returncode == 0
    assert b"Traceback" not in said
