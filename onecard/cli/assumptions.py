"""`onecard assumptions`: the city's figures, the ones that wait for its word first."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from onecard import words
from onecard.queries import figures
from onecard.queries.figures import CityFigures, FigureInForce
from onecard.seams.clock import local_day
from onecard.seams.world import world

app = typer.Typer()
console = Console(highlight=False, soft_wrap=True)


@app.command()
def assumptions(
    city: Annotated[
        str, typer.Option(help="A pack, or the folder of one; default: the pack in force.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,  # noqa: FBT002
) -> None:
    """Print every figure; those the city has not confirmed come first.

    The standing says who spoke: seed (the city's own FAQ), city, provincial,
    national, other_city, assumption. All but the first two wait for the city.
    In the JSON, `also` names the values that other sources give.

    onecard assumptions

    onecard assumptions --city shanghai-sample --json
    """
    try:
        told = figures.figures_of(city, on=local_day(world().clock.now()))
    except FileNotFoundError as missing:
        raise typer.BadParameter(str(missing)) from missing
    if as_json:
        typer.echo(json.dumps(_as_json(told), ensure_ascii=False, default=str))
    else:
        _tell(told)


def _tell(told: CityFigures) -> None:
    console.print(
        f"[bold]{told.city}[/] {told.version} {told.on}: "
        f"{len(told.waiting)} of {len(told.figures)} figures wait for the city's word."
    )
    for standing, group in groupby(told.figures, key=lambda figure: figure.standing):
        console.print(f"\n[bold]{standing}[/] {_heading(standing)}")
        for figure in group:
            console.print(_line(figure))


def _heading(standing: str) -> str:
    key = f"figures.standing.{standing}"
    return f"{words.text(key, 'zh')} / {words.text(key, 'en')}"


def _line(figure: FigureInForce) -> str:
    note = f" ({figure.note})" if figure.note else ""
    unit = f" {figure.unit}" if _is_measured(figure.value) else ""
    value = _said(figure.value) + unit
    return (
        f"  {figure.standing}  {figure.room}.{figure.key}  {escape(figure.title)} = "
        f"[bold]{escape(value)}[/]  [dim]{escape(figure.source + note)}[/]"
    )


def _is_measured(value: Any) -> bool:
    """Whether a unit belongs to the value: numbers and lists of numbers have one."""
    items = value if isinstance(value, tuple) and value else (value,)
    return all(isinstance(item, (int, float)) and not isinstance(item, bool) for item in items)


def _said(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return str(value.get("zh") or ", ".join(f"{k} {v}" for k, v in value.items()) or "none")
    if isinstance(value, tuple):
        return ", ".join(_said(item) for item in value) or "none"
    return str(value)


def _as_json(told: CityFigures) -> dict[str, Any]:
    return {
        "city": told.city,
        "version": told.version,
        "on": told.on.isoformat(),
        "waiting": len(told.waiting),
        "figures": [
            {
                "room": figure.room,
                "key": figure.key,
                "title": figure.title,
                "value": figure.value,
                "unit": figure.unit,
                "from": figure.since.isoformat(),
                "standing": figure.standing,
                "waits": figure.waits,
                "source": figure.source,
                "note": figure.note,
                "also": list(figure.also),
            }
            for figure in told.figures
        ],
    }
