"""`onecard conformance`: checks a partner interface from outside, as a bank's engineer would.

It speaks HTTP only, signs as the contract says, listens on an address of its own for webhooks, and
writes a report. A bank's engineer runs it against the sandbox or their own copy of the interface
with their key, and against their own callback with its secret.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from onecard.cli.conforming import callback as of_callback
from onecard.cli.conforming import checks
from onecard.cli.conforming.callback import Callback
from onecard.cli.conforming.caller import Caller, Listener
from onecard.cli.conforming.checks import Kit
from onecard.cli.conforming.verdicts import Verdict
from onecard.domain.webhook import SECRET_MARK

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
    url: Annotated[str, typer.Option(help="Where the interface is: http://127.0.0.1:8200")] = "",
    serial: Annotated[str, typer.Option(help="The serial of your HMAC key.")] = "",
    key: Annotated[str, typer.Option(help="Your HMAC key, Base64.")] = "",
    card: Annotated[str, typer.Option(help="A card of yours that may be lost and found.")] = "",
    as_: Annotated[str, typer.Option("--as", help="What you are: bank.")] = BANK,
    foreign_card: Annotated[str, typer.Option(help="A card of another bank.")] = "",
    callback_port: Annotated[
        int, typer.Option(help="The loopback port to hear webhooks on; -1 to leave them out.")
    ] = 0,
    callback: Annotated[str, typer.Option(help="Your own address for our webhooks.")] = "",
    callback_secret: Annotated[str, typer.Option(help="Its secret: whsec_...")] = "",
    report: Annotated[Path | None, typer.Option(help="Where to write the report (JSON).")] = None,
) -> None:
    """Check signing, idempotency, versions, pages, errors, events and webhooks; exit 1 on a no.

    With --url the interface is checked, ours or your copy; with --callback your own address, to
    which the kit pushes as the platform does. Both may be checked in one run.
    """
    if as_ != BANK:
        raise typer.BadParameter("only a bank's interface can be checked: --as bank")
    found: list[Found] = []
    if url:
        _must_be_given({"--serial": serial, "--key": key, "--card": card})
        caller = Caller(url.rstrip("/"), serial, _decoded(key, "--key"))
        with Listener(callback_port) as listener:
            kit = Kit(caller, card, foreign_card, listener)
            found += [_tried(check.name, partial(check.run, kit)) for check in checks.ALL]
    if callback:
        _must_be_given({"--callback-secret": callback_secret})
        secret = _decoded(callback_secret.removeprefix(SECRET_MARK), "--callback-secret")
        own = Callback(callback, secret)
        found += [_tried(one.name, partial(one.run, own)) for one in of_callback.ALL]
    if not found:
        raise typer.BadParameter("name what to check: --url, --callback, or both")
    _tell(found, {"url": url, "callback": callback, "as": as_}, report)


def _tell(found: list[Found], about: dict[str, str], report: Path | None) -> None:
    """On the screen, in the report, and as the exit code."""
    _show(found)
    if report is not None:
        rows = [vars(line) for line in found]
        report.write_text(json.dumps({**about, "checks": rows}, indent=2) + "\n")
    failed = sum(line.verdict == "no" for line in found)
    console.print(f"{len(found) - failed} passed, {failed} failed")
    raise typer.Exit(code=int(failed > 0))


def _must_be_given(options: dict[str, str]) -> None:
    for name, value in options.items():
        if not value:
            raise typer.BadParameter("is needed", param_hint=name)


def _decoded(text: str, option: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise typer.BadParameter("is no Base64", param_hint=option) from None


def _tried(name: str, run: Callable[[], Verdict]) -> Found:
    """A check that breaks is a no, and the others go on."""
    try:
        verdict = run()
    except Exception as trouble:  # noqa: BLE001 - the others go on
        verdict = Verdict.no(f"{type(trouble).__name__}: {trouble}"[:200])
    return Found(name, verdict.word, verdict.says)


def _show(found: list[Found]) -> None:
    table = Table("check", "", "what was seen")
    colours = {"yes": "green", "no": "bold red", "left out": "yellow"}
    for line in found:
        table.add_row(line.check, f"[{colours[line.verdict]}]{line.verdict}[/]", line.says)
    console.print(table)
