"""`onecard id check`: is this number right, and if not, what is wrong with it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from onecard.queries import identity
from onecard.queries.identity import CheckedNumber, NumberKind
from onecard.seams.clock import local_day
from onecard.seams.world import world

app = typer.Typer(help="Check identity and card numbers. Nothing is stored, nothing is asked.")
console = Console(highlight=False, soft_wrap=True)


@app.callback()
def _group() -> None:
    """Check identity and card numbers. Nothing is stored, nothing is asked of anybody."""


@app.command()
def check(
    number: Annotated[str, typer.Argument(help="The number; `-` reads one line from the input.")],
    kind: Annotated[
        NumberKind | None, typer.Option(help="What the number is; without it, it is recognised.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,  # noqa: FBT002
) -> None:
    """Check one number: exit 0 when it is right, 1 when it is not.

    Form, region, dates and check character of resident IDs, residence permits,
    both permanent-residence numbers, travel permits, passports, social
    security numbers, credit codes, bank cards, EMS and card numbers.

    A wrong check character is named with the one expected. The answer shows
    the number masked, so that it may be copied into a message.

    onecard id check 11010519491231002X

    onecard id check 91110000600037341L --kind credit_code --json

    echo 320499199001010016 | onecard id check -
    """
    written = sys.stdin.readline() if number == "-" else number
    checked = identity.check_number(written, kind=kind, on=local_day(world().clock.now()))
    if as_json:
        typer.echo(json.dumps(asdict(checked), ensure_ascii=False))
    else:
        _tell(checked)
    raise typer.Exit(0 if checked.valid else 1)


def _tell(checked: CheckedNumber) -> None:
    mark = "[green]✓[/]" if checked.valid else "[red]✗[/]"
    console.print(f"{mark} {checked.number}  {checked.kind_zh} / {checked.kind_en}")
    for finding in checked.findings:
        console.print(f"  {finding.message_zh}\n  {finding.message_en}")
        console.print(f"  → {finding.next_zh} / {finding.next_en}")
    for zh, en in zip(checked.notices_zh, checked.notices_en, strict=True):
        console.print(f"  [dim]{zh}\n  {en}[/]")
