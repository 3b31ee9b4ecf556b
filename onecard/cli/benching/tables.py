"""What the measurements found, as tables for people. Ratios come from one and the same run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.table import Table

SHOWN = {"checked": "", "bare": "of_bare", "looked_up": "of_database"}


def speed(timed: dict[str, float]) -> tuple[str, str, str]:
    """Calls a second, median and 95th percentile."""
    return (
        f"{timed['per_second']:.0f}",
        f"{timed['median_ms']:.1f}",
        f"{timed['p95_ms']:.1f}",
    )


def rest(line: dict[str, Any]) -> tuple[str, str]:
    """The bare thing's speed, and the ratio."""
    return f"{line['second']['per_second']:.0f}", f"{line['ratio']:.3f}"


def status(figures: list[dict[str, Any]]) -> Table:
    """Checks, bare views and bare look-ups; each ratio is checks over that line's."""
    headings = ("engine", "clients", "what", "a second", "median ms", "p95 ms", "p99 ms", "ratio")
    table = _table("Card status, every call signed", headings)
    for one in figures:
        for name, ratio in SHOWN.items():
            said = f"{one[ratio]:.3f}" if ratio else ""
            p99 = f"{one[name]['p99_ms']:.1f}"
            size = str(one["clients"])
            table.add_row(one["engine"], size, name, *speed(one[name]), p99, said)
    return table


def loss(figures: dict[str, Any]) -> Iterator[Table]:
    """How fast losses were confirmed at each size, what became of the storm, and the goals."""
    for size in figures["sizes"]:
        yield _propagation(figures, size)
    yield _storm(figures)
    yield _goals(figures)


def photo(figures: dict[str, Any]) -> Table:
    """Each kind of work with its floor."""
    title = f"Photos on one core, engine {figures['engine']}: CPU ms a photo"
    table = _table(title, ("what", "ms", "floor ms", "ratio"))
    for line in figures["lines"]:
        told = (line["ms"], line["floor_ms"], line["ratio"])
        table.add_row(line["name"], *(f"{value:.2f}" for value in told))
    return table


def chip(figures: dict[str, Any]) -> Table:
    """Top-ups and single commands, a line for each wire."""
    table = _table(
        "A simulated card: whole top-ups against single commands on the same wire",
        ("wire", "top-ups/s", "median ms", "p95 ms", "commands/s", "ratio"),
    )
    for line in figures["rows"]:
        commands = f"{line['second']['per_second']:.0f}"
        table.add_row(line["wire"], *speed(line["first"]), commands, f"{line['ratio']:.3f}")
    return table


def memory(figures: dict[str, Any]) -> str:
    """The file gate and the memory, in a line."""
    header = figures["header"]
    return (
        f"file gate: {header['files']:,} headers in {header['seconds']:.2f} s"
        f" ({header['each_ms']:.3f} ms each); memory {figures['memory_mb']:.0f} MB"
    )


def _propagation(figures: dict[str, Any], size: dict[str, Any]) -> Table:
    title = f"{figures['engine']}, {size['clients']} clients: confirmed after (ms)"
    headings = ("phase", "party", "told", "median", "p99", "longest", "not confirmed then")
    table = _table(title, headings)
    for phase in size["phases"]:
        for one in phase["parties"]:
            spent = (one["median_ms"], one["p99_ms"], one["longest_ms"])
            said = ["-" if value is None else f"{value:.0f}" for value in spent]
            name = f"{one['party']} (silent)" if one["unconfirmed"] else one["party"]
            table.add_row(phase["name"], name, str(one["told"]), *said, str(one["unconfirmed"]))
    return table


def _storm(figures: dict[str, Any]) -> Table:
    storm = figures["storm"]
    table = _table("Storm: two banks say things twice or answer 500", ("what", "how many"))
    for name in ("acts", "told", "delivered", "given_up", "gaps", "out_of_order", "tries", "lost"):
        table.add_row(name.replace("_", " "), f"{storm[name]:,}")
    table.add_row("acts a second", f"{storm['acts_per_second']:.1f}")
    table.add_row("events a second", f"{storm['events_per_second']:.1f}")
    table.add_row("books that differ", str(figures["differ"] or 0))
    return table


def _goals(figures: dict[str, Any]) -> Table:
    table = _table("Goals (guarantees 6.2)", ("goal", "at most", "measured", ""))
    for goal in figures["goals"]:
        word = "[green]met[/]" if goal["met"] else "[bold red]missed[/]"
        measured = "-" if goal["measured"] is None else f"{goal['measured']:.0f}"
        table.add_row(goal["goal"], f"{goal['most']:.0f}", measured, word)
    return table


def _table(title: str, headings: tuple[str, ...]) -> Table:
    table = Table(title=title)
    for heading in headings:
        table.add_column(heading, justify="right")
    return table
