"""`onecard conformance`: checks a partner interface from outside, as a bank's engineer would.

It speaks HTTP only, signs as the contract says, listens on an address of its own for webhooks, and
writes a report. Against the sandbox it finds everything by itself; a partner points it at its own
copy of the interface and gives its key.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from onecard.cli.conforming import checks
from onecard.cli.conforming.caller import Caller, Listener
from onecard.cli.conforming.checks import Kit, Verdict

app = typer.Typer()
console = Console()
BANK = "bank"


@dataclass(frozen=True)
class Found:
    """One line of the report."""

    check: str
    verdict: str
    says: str


@app.command()
def conformance(
    url: Annotated[str, typer.Option(help="Where the interface is, e.g. http://127.0.0.1:8200")],
    serial: Annotated[str, typer.Option(help="The serial of your HMAC key.")],
    key: Annotated[str, typer.Option(help="Your HMAC key, Base64.")],
    card: Annotated[str, typer.Option(help="A card of yours that may be lost and found again.")],
    as_: Annotated[str, typer.Option("--as", help="What you are: bank.")] = BANK,
    foreign_card: Annotated[str, typer.Option(help="A card of another bank.")] = "",
    callback_port: Annotated[
        int, typer.Option(help="The loopback port to hear webhooks on; -1 to leave them out.")
    ] = 0,
    report: Annotated[Path | None, typer.Option(help="Where to write the report (JSON).")] = None,
) -> None:
    """Check signing, idempotency, versions, pages, errors, events and webhooks; exit 1 on a no."""
    if as_ != BANK:
        raise typer.BadParameter("only a bank's interface can be checked: --as bank")
    caller = Caller(url.rstrip("/"), serial, base64.b64decode(key))
    with Listener(callback_port) as listener:
        kit = Kit(caller, card, foreign_card, listener)
        found = [_tried(check, kit) for check in checks.ALL]
    _show(found)
    if report is not None:
        rows = [vars(line) for line in found]
        report.write_text(json.dumps({"url": url, "as": as_, "checks": rows}, indent=2) + "\n")
    failed = sum(line.verdict == "no" for line in found)
    console.print(f"{len(found) - failed} passed, {failed} failed")
    raise typer.Exit(code=int(failed > 0))


def _tried(check: checks.Check, kit: Kit) -> Found:
    """A check that breaks is a no, and the others go on."""
    try:
        verdict = check.run(kit)
    except Exception as trouble:  # noqa: BLE001 - the others go on
        verdict = Verdict.no(f"{type(trouble).__name__}: {trouble}"[:200])
    return Found(check.name, verdict.word, verdict.says)


def _show(found: list[Found]) -> None:
    table = Table("check", "", "what was seen")
    colours = {"yes": "green", "no": "bold red", "left out": "yellow"}
    for line in found:
        table.add_row(line.check, f"[{colours[line.verdict]}]{line.verdict}[/]", line.says)
    console.print(table)
