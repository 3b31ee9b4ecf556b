"""What was promised of the spreading of a loss (guarantees 6.2), beside what was measured."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

MEDIAN_MS, P99_MS, LONGEST_MS, HEALED_MS = 200, 1000, 3000, 3000


def goals(
    sizes: list[dict[str, Any]], *, stale: int, storm: dict[str, Any], differ: int
) -> list[dict[str, Any]]:
    """Each goal with the worst that was measured at any size; only banks that answer count."""
    banks = [phase["banks"] for size in sizes for phase in size["phases"]]
    return [
        _goal("lost cards found usable after acceptance", 0, [stale]),
        _goal("bank confirms: median ms", MEDIAN_MS, [one["median_ms"] for one in banks]),
        _goal("bank confirms: p99 ms", P99_MS, [one["p99_ms"] for one in banks]),
        _goal("bank confirms: longest ms", LONGEST_MS, [one["longest_ms"] for one in banks]),
        _goal("healed: all confirmed after ms", HEALED_MS, [size["healed_ms"] for size in sizes]),
        _goal("events lost", 0, [storm["lost"]]),
        _goal("books that differ", 0, [differ]),
    ]


def _goal(name: str, most: float, measured: Iterable[float | None]) -> dict[str, Any]:
    """A goal is missed where nothing was measured."""
    found = [value for value in measured if value is not None]
    worst = max(found, default=None)
    met = worst is not None and worst <= most
    return {"goal": name, "most": most, "measured": worst, "met": met}
