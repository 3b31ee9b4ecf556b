"""A whole storm: its parts in processes of their own, finished parts kept, so that it may go on.

How a storm is cut does not depend on the machine, so neither does its trace.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from onecard.simulator.purse_storm.weather import Weather

PART = 2500
"""Orders in one part."""


class PartFailed(RuntimeError):
    """A part ended without a verdict; the text is the end of what it said."""


@dataclass(frozen=True)
class Storm:
    """What is to be run: so many orders, from this seed, in this weather."""

    orders: int
    seed: int
    weather: Weather

    @property
    def name(self) -> str:
        """The same for the same storm, and for no other."""
        told = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def parts(self) -> list[int]:
        """How many orders each part has."""
        whole, rest = divmod(self.orders, PART)
        return [PART] * whole + [rest] * bool(rest)


class Parts:
    """Runs the parts of a storm that `folder` does not hold yet, `jobs` at a time."""

    def __init__(self, storm: Storm, folder: Path, moved: Callable[[int, int], None]) -> None:
        self._storm, self._folder, self._moved = storm, folder / storm.name, moved
        self._done: dict[int, int] = {}
        self._counting = threading.Lock()

    def run(self, *, jobs: int) -> list[dict[str, object]]:
        """The verdict of each part, in their order. Raises `PartFailed`."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(jobs) as pool:
            return list(pool.map(self._part, *zip(*enumerate(self._storm.parts()), strict=True)))

    def _part(self, number: int, orders: int) -> dict[str, object]:
        kept = self._folder / f"{number}.json"
        if not kept.exists():
            found = self._in_a_process(number, orders)
            half = kept.with_suffix(".half")
            half.write_text(found, encoding="utf-8")
            half.rename(kept)
        self._count(number, orders)
        told: dict[str, object] = json.loads(kept.read_text(encoding="utf-8"))
        return told

    def _in_a_process(self, number: int, orders: int) -> str:
        weather = json.dumps(asdict(self._storm.weather))
        words = [str(orders), f"{self._storm.seed}/{number}", weather]
        command = [sys.executable, "-m", "onecard.simulator.purse_storm", *words]
        with tempfile.TemporaryDirectory(prefix="onecard-storm-") as home:
            quiet = os.environ | {"ONECARD_HOME": home, "DATABASE_URL": "", "ONECARD_DEMO": ""}
            child = subprocess.Popen(  # noqa: S603 - this very program
                command,
                env=quiet,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            said = self._listen(number, child)
            printed = child.stdout.read() if child.stdout else ""
            if child.wait():
                raise PartFailed("".join(said[-30:]))
        return printed

    def _listen(self, number: int, child: subprocess.Popen[str]) -> list[str]:
        said = []
        for line in child.stderr or ():
            if line.strip().isdigit():
                self._count(number, int(line))
            else:
                said.append(line)
        return said

    def _count(self, number: int, done: int) -> None:
        with self._counting:
            self._done[number] = done
            self._moved(sum(self._done.values()), self._storm.orders)
