"""The real platform for browser tests: `onecard run` in a process and a home of its own.

It loads the demo city, serves pages and API, and keeps its worker running at the demo's pace. The
simulated partners live in its home, so a test can make people known to the province and read the
number on a card, as somebody would who holds it.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from onecard.adapters.hr_database.magic import Resident
from onecard.adapters.simulation import SEED, SimulatedPartners, simulated_partners, state_in
from onecard.domain.application.upgrade import ONE_CARD_GENERATION
from onecard.seams.clock import SystemClock

SECONDS_TO_START, SECONDS_TO_STOP = 180, 40
SECONDS_TO_REGISTER, LOOK_AGAIN_SECONDS = 30, 0.3
LONGEST_LOG = 4000


class DidNotStart(RuntimeError):
    """The platform said nothing, or ended; the message holds the end of its log."""


@dataclass(frozen=True)
class Platform:
    """A running platform: where it answers, where it lives, who its partners are."""

    base: str
    home: Path
    partners: SimulatedPartners

    def make_known(self, *residents: Resident) -> None:
        """Let the province and the real-name service know somebody."""
        self.partners.simulation.seed(residents)

    def card_number_of(self, identity_number: str) -> str:
        """The nine characters on somebody's One Card, as the province has them by and by."""
        end = time.monotonic() + SECONDS_TO_REGISTER
        while time.monotonic() < end:
            cards = self.partners.simulation.hr_database.cards_of(identity_number)
            if cards and cards[-1].generation == ONE_CARD_GENERATION:
                return cards[-1].card_number
            time.sleep(LOOK_AGAIN_SECONDS)
        raise AssertionError("the province was not told of the card")

    def log(self) -> str:
        """What the platform has said so far."""
        return (self.home / "log").read_text()


@contextmanager
def served() -> Iterator[Platform]:
    """Start the platform, wait until it answers, and stop it by its own process at the end."""
    home, port = Path(tempfile.mkdtemp(prefix="onecard-browser-")), _free_port()
    with (home / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "onecard.cli.main", "run", "--port", str(port)],
            env=_environment(home, port),
            stdout=log,
            stderr=log,
        )
    partners = simulated_partners(state_folder=state_in(home), now=SystemClock().now, seed=SEED)
    platform = Platform(f"http://127.0.0.1:{port}", home, partners)
    try:
        _wait_for(process, port, platform)
        yield platform
    finally:
        _stop(process)
        partners.simulation.close()
        shutil.rmtree(home, ignore_errors=True)


def _environment(home: Path, port: int) -> dict[str, str]:
    own = {"ONECARD_HOME": str(home), "ONECARD_DEMO": "1", "DATABASE_URL": ""}
    return os.environ | own | {"ONECARD_PUBLIC_URL": f"http://127.0.0.1:{port}"}


def _wait_for(process: subprocess.Popen[bytes], port: int, platform: Platform) -> None:
    """Until it listens. Raises `DidNotStart`."""
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.3)
    raise DidNotStart(platform.log()[-LONGEST_LOG:])


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
