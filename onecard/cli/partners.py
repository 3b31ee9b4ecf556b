"""`onecard partners`: the simulated partners as a service, and the switches that break them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from rich.console import Console
from rich.table import Table

from onecard import words
from onecard.actions import partner_service
from onecard.domain.refusal import Refused

app = typer.Typer(
    help="Banks, the province, the card vendor, the courier: simulated, served, broken on purpose.",
    no_args_is_help=True,
)
console = Console()

Partner = Annotated[
    str, typer.Argument(help="hr_database, real_name, card_vendor, courier, sms or bank:<key>.")
]


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="The loopback port to listen on.")] = 8100,
    only: Annotated[str, typer.Option(help="One partner alone, e.g. bank:icbc.")] = "",
    tell: Annotated[
        str, typer.Option(help="A platform's address: banks tell it their news (bank-KEY.voice).")
    ] = "",
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Seconds instead of days.")] = False,
    with_habits: Annotated[
        bool, typer.Option("--with-habits", help="Each bank behaves in its own way.")
    ] = False,
) -> None:
    """Serve the simulated partners over HTTP on this machine. Stop with Ctrl-C.

    Start the platform with ONECARD_PARTNERS_URL set to the printed address, and it speaks to them
    with its real clients; with ONECARD_PARTNERS_ELSEWHERE=bank:icbc=ADDRESS a single bank is
    spoken to there. Habits: slow, away now and then, twice, out of order, 500 after the work.
    """

    def started(address: str) -> None:
        whose = f"ONECARD_PARTNERS_ELSEWHERE={only}={address}" if only else ""
        console.print(
            f"[bold]partners[/] {address}/   ({whose or f'ONECARD_PARTNERS_URL={address}'})",
            soft_wrap=True,
        )

    with _explained(), suppress(KeyboardInterrupt):
        partner_service.serve(
            home=_home(),
            port=port,
            quick=quick,
            started=started,
            only=only,
            with_habits=with_habits,
            tell=tell,
        )


@app.command()
def fault(
    partner: Partner,
    kind: Annotated[str, typer.Argument(help=", ".join(partner_service.FAULT_NAMES))],
    times: Annotated[
        int | None, typer.Option(min=1, help="For so many calls; until healed if not given.")
    ] = None,
) -> None:
    """Let a simulated partner fail, in every process at once."""
    with _explained():
        partner_service.set_fault(home=_home(), partner=partner, fault=kind, times=times)


@app.command()
def heal(partner: Partner) -> None:
    """Let a simulated partner work again."""
    with _explained():
        partner_service.heal(home=_home(), partner=partner)


@app.command()
def payment(
    notices: Annotated[str, typer.Option(help=", ".join(partner_service.NOTICE_NAMES))] = "prompt",
    refunds: Annotated[str, typer.Option(help=", ".join(partner_service.REFUND_NAMES))] = "prompt",
) -> None:
    """How the simulated payment channel tells and pays back; without options as it should."""
    with _explained():
        partner_service.spoil_payments(home=_home(), notices=notices, refunds=refunds)


@app.command(name="list")
def show() -> None:
    """Every partner and the fault that is set for it."""
    table = Table("partner", "fault")
    for partner, kind in partner_service.standing_faults(home=_home()).items():
        table.add_row(partner, kind or "-")
    console.print(table)


def _home() -> Path:
    home: Path = settings.ENVIRONMENT.home
    return home


@contextmanager
def _explained() -> Iterator[None]:
    """A refusal in words, and exit code 1."""
    try:
        yield
    except Refused as refused:
        said = words.explain(refused.refusal, "en")
        console.print(f"[bold red]{said.headline}[/]\n{said.why}\n{said.next}".strip())
        raise typer.Exit(1) from refused
