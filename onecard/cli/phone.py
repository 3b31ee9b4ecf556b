"""`onecard phone`: plays the phone over PC/SC. It is only a wire, as a phone is."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from rich.console import Console

from onecard.actions import reader as room
from onecard.cli.reader import Name, explained

app = typer.Typer()
TOKEN = "ONECARD_PHONE_TOKEN"  # noqa: S105 - the name of a variable
console = Console(stderr=True, highlight=False)


@app.command()
def phone(
    order: Annotated[str, typer.Argument(help="A paid order; nothing to look at the card.")] = "",
    server: Annotated[str, typer.Option(help="The platform.")] = "http://127.0.0.1:8000",
    token: Annotated[str, typer.Option(help=f"Of an API client; or {TOKEN}.")] = "",
    reader: Name = "",
) -> None:
    """Hold the card on the reader as if it were a phone: carry the server's steps, decide nothing.

    Exit 0 when the tap is over, whatever came of it; what came of it is printed as JSON.

    onecard phone ord_01J... --token TOKEN
    """
    home: Path = settings.ENVIRONMENT.home
    with explained():
        held = room.play_phone(
            server=server,
            token=token or os.environ.get(TOKEN, ""),
            home=home,
            tell=lambda line: console.print(line, style="dim", markup=False),
            order=order,
            reader=reader,
        )
    typer.echo(json.dumps(asdict(held), ensure_ascii=False, indent=2))
