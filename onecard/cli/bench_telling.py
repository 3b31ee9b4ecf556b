"""What the longer measurements of `onecard bench` say to people."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table


def photo(figures: dict[str, Any], console: Console) -> None:
    """Each kind of work with its floor, then the file gate and the memory."""
    header = figures["header"]
    table = Table(title=f"Photos on one core, engine {figures['engine']}: CPU ms a photo")
    for heading in ("what", "ms", "floor ms", "ratio"):
        table.add_column(heading, justify="right")
    for line in figures["lines"]:
        told = (line["ms"], line["floor_ms"], line["ratio"])
        table.add_row(line["name"], *(f"{value:.2f}" for value in told))
    console.print(table)
    console.print(
        f"file gate: {header['files']:,} headers in {header['seconds']:.2f} s"
        f" ({header['each_ms']:.3f} ms each); memory {figures['memory_mb']:.0f} MB"
    )


def loss(figures: dict[str, Any], console: Console) -> None:
    """How fast each party confirmed, and what the storm left."""
    for phase in figures["phases"]:
        console.print(_propagation(phase))
    _rest(figures, console)


def _propagation(phase: dict[str, Any]) -> Table:
    table = Table(title=f"Confirmed after (ms): {phase['name']}")
    for heading in ("party", "told", "median", "p99", "longest", "not confirmed then"):
        table.add_column(heading, justify="right")
    for one in phase["parties"]:
        spent = (one["median_ms"], one["p99_ms"], one["longest_ms"])
        said = ["-" if value is None else f"{value:.0f}" for value in spent]
        name = f"{one['party']} (silent)" if one["unconfirmed"] else one["party"]
        table.add_row(name, str(one["told"]), *said, str(one["unconfirmed"]))
    return table


def _rest(figures: dict[str, Any], console: Console) -> None:
    storm = figures["storm"]
    console.print(
        f"{figures['engine']}: healed, everything confirmed {figures['healed_ms']:.0f} ms later"
    )
    console.print(
        f"storm: {storm['acts']} acts, {storm['per_second']:.1f} a second,"
        f" {storm['told']} losses told, {storm['lost']} lost"
    )
    console.print(
        f"lost cards found usable: {figures['stale']}; books that differ: {figures['differ'] or 0}"
    )
