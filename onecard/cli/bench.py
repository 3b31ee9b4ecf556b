"""`onecard bench`: measures this machine, as ratios against a bare thing in the same run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from onecard.cli.benching import tables
from onecard.cli.benching.scratch import engines, measure, partners, running, scratch, server

app = typer.Typer(no_args_is_help=True)
console = Console(stderr=True)
SIZES = "1,4,16"
AsJson = Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")]
Clients = Annotated[str, typer.Option(help="How many at once, one size after the other.")]


@app.callback()
def bench() -> None:
    """Measure this machine against a bare view and a bare INSERT.

    On SQLite in a scratch folder; on PostgreSQL when DATABASE_URL names a server on which a scratch
    database may be made. Nothing of this installation is touched.
    """


@app.command()
def intake(
    rounds: Annotated[int, typer.Option(help="Rounds; the medians are reported.")] = 5,
    per_round: Annotated[int, typer.Option(help="Applications in each round.")] = 20,
    clients: Annotated[str, typer.Option(help="How many clerks at once, e.g. 1,4.")] = "1,4",
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Applications accepted a second, against bare INSERTs of the same bytes."""
    with scratch() as environment:
        words = [str(rounds), str(per_round), clients]
        figures = measure("intake", words, environment)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    table = Table(title=f"Intake on {figures['engine']}, {figures['bytes']} bytes an application")
    for heading in ("clients", "accepted/s", "median ms", "p95 ms", "INSERT/s", "ratio"):
        table.add_column(heading, justify="right")
    for line in figures["compared"]:
        table.add_row(str(line["clients"]), *tables.speed(line["first"]), *tables.rest(line))
    console.print(table)


@app.command()
def http(
    seconds: Annotated[float, typer.Option(help="How long each page is asked for.")] = 3,
    clients: Annotated[int, typer.Option(help="Connections at once.")] = 4,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Page times, against a bare Django view on the same server."""
    with scratch() as environment, server(environment) as port:
        figures = measure("http", [str(seconds), str(clients), str(port)], environment)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    table = Table(title=f"Pages, {clients} connections; ratio = pages/s over bare views/s")
    for heading in ("page", "as", "kB", "pages/s", "median ms", "p95 ms", "ratio"):
        table.add_column(heading, justify="right")
    for page in figures["pages"]:
        size = f"{page['bytes'] / 1000:.1f}"
        speed = tables.speed(page["timed"])
        table.add_row(page["path"], page["signed_in"], size, *speed, f"{page['ratio']:.2f}")
    console.print(table)


@app.command()
def status(
    seconds: Annotated[float, typer.Option(help="How long each is asked for.")] = 6,
    clients: Clients = SIZES,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """A partner's signed card-status check, against a bare view and the look-up in SQL alone.

    On SQLite, and on PostgreSQL as well when DATABASE_URL names a server.
    """
    figures = []
    for url in engines():
        with scratch(url) as environment, server(environment) as port:
            words = [str(seconds), clients, str(port)]
            figures += measure("status", words, environment)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    console.print(tables.status(figures))


@app.command()
def loss(
    reports: Annotated[int, typer.Option(help="Loss reports in each phase.")] = 100,
    per_minute: Annotated[float, typer.Option(help="How fast they come.")] = 200,
    clients: Clients = SIZES,
    events: Annotated[int, typer.Option(help="Messages to be told in the storm.")] = 3000,
    holders: Annotated[int, typer.Option(help="How many cards there are.")] = 48,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """From the acceptance of a loss to its confirmation, with one bank silent and healed.

    For each number of clients (desks) there are two phases at the same pace; the storm comes at the
    end. The banks are a process of their own, spoken to over HTTP; the worker is another one.
    """
    with scratch() as environment:
        people = measure("holders", [str(holders)], environment)
        file = Path(environment["ONECARD_HOME"]) / "holders.json"
        file.write_text(json.dumps(people))
        with partners(environment) as address:
            environment |= {"ONECARD_PARTNERS_URL": address}
            with running(["worker", "--quiet"], environment):
                words = [str(file), str(reports), str(per_minute), clients, str(events)]
                figures = measure("loss", words, environment)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    for table in tables.loss(figures):
        console.print(table)


@app.command()
def photo(
    folder: Annotated[
        Path, typer.Argument(help="Portraits: the set beside the checkout, or your own.")
    ] = Path("../shared/photos"),
    rounds: Annotated[int, typer.Option(help="Rounds over the photos; medians are told.")] = 10,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Photo gate and doctor on one core, against bare decoding and one face detection."""
    with scratch() as environment:
        figures = measure("photo", [str(folder.resolve()), str(rounds)], environment)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    console.print(tables.photo(figures))
    console.print(tables.memory(figures))


@app.command()
def chip(
    rounds: Annotated[int, typer.Option(help="Rounds; the medians are told.")] = 5,
    per_round: Annotated[int, typer.Option(help="Top-ups in each round.")] = 200,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Whole top-ups a second with a simulated card, in process and over PC/SC.

    Against single commands on the same wire. PC/SC needs pyscard, pcscd, vpcd and root, and is left
    out, with the reason, where one of them is missing.
    """
    with scratch() as environment:
        figures = measure("chip", [str(rounds), str(per_round)], environment)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    console.print(tables.chip(figures))
    for wire, why in figures["left_out"].items():
        console.print(f"{wire} left out: {why}", markup=False)
