"""A return file whose import is killed with -9, in a real process on a real database."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PEOPLE = 400
PYTHON = [sys.executable, "-c"]
ONECARD = [sys.executable, "-m", "onecard.cli.main"]

PREPARE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "onecard.config.settings"
import django
django.setup()
from pathlib import Path
from django.core.management import call_command
call_command("migrate", verbosity=0)
from onecard.actions import production
from onecard.adapters.simulation import simulated_partners
from onecard.records.models import ExchangeFile
from onecard.seams import sealed_blobs
from onecard.seams.world import world
from tests import cast
from tests.production import a_person, an_accepted, now
for sequence in range(int(sys.argv[1])):
    an_accepted(a_person(sequence))
batch = production.make_batch(bank="icbc", actor=cast.OPERATOR, at=now()).batch
production.write_bank_file(batch=batch, actor=cast.OPERATOR, at=now())
order = ExchangeFile.objects.get()
bank = simulated_partners(state_folder=None, now=world().clock.now, seed=7).simulation.banks["icbc"]
bank.send_file(order.name, sealed_blobs.read(order.blob))
(answer,) = bank.fetch_files()
Path(sys.argv[2], answer.name).write_bytes(answer.content)
"""


@pytest.mark.rule("guarantees F4")
def test_an_import_that_is_killed_goes_on_and_ends_as_if_nothing_had_happened(
    tmp_path: Path,
) -> None:
    """导入过程中强行杀掉进程,再导入一次,结果与没有中断一样。"""
    home = {**os.environ, "ONECARD_HOME": str(tmp_path / "home"), "DATABASE_URL": ""}
    subprocess.run([*PYTHON, PREPARE, str(PEOPLE), str(tmp_path)], env=home, check=True)
    (file,) = tmp_path.glob("*.csv")
    command = [*ONECARD, "batch", "import", str(file), "--json"]
    kills = 0
    for _ in range(3):
        with subprocess.Popen(command, env=home, stdout=subprocess.DEVNULL) as process:
            before = done(tmp_path)
            while process.poll() is None and done(tmp_path) <= before:
                time.sleep(0.01)
            kills += process.poll() is None
            process.send_signal(signal.SIGKILL)
    assert kills == 3
    assert 0 < done(tmp_path) < PEOPLE
    finished = subprocess.run(command, env=home, check=True, capture_output=True, text=True)
    (receipt,) = json.loads(finished.stdout)
    assert receipt["done"] == receipt["recorded"] + receipt["failed"] == PEOPLE
    assert receipt["already"] == receipt["discrepancies"] == 0
    assert count(tmp_path, "SELECT count(*) FROM return_line") == PEOPLE
    steps = "SELECT count(*) FROM application_step WHERE event IN ('bank_ok', 'bank_fail')"
    assert count(tmp_path, steps) == PEOPLE
    assert count(tmp_path, "SELECT count(*) FROM discrepancy") == 0


def done(tmp_path: Path) -> int:
    """How many lines are recorded so far."""
    query = "SELECT coalesce(max(json_extract(result, '$.done')), 0) FROM exchange_file"
    return count(tmp_path, query)


def count(tmp_path: Path, query: str) -> int:
    database = sqlite3.connect(tmp_path / "home" / "onecard.sqlite3", timeout=10)
    try:
        return int(database.execute(query).fetchone()[0])
    finally:
        database.close()
