"""`onecard reader`: the card reader on this desk: read, record, lend it to a page, play one."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from django.conf import settings
from django.db import DatabaseError
from rich.console import Console
from rich.table import Table

from onecard import words
from onecard.actions import reader as room
from onecard.actions.reader import CardSeen, HrSeen, LogSeen
from onecard.domain.refusal import Refused

app = typer.Typer(
    help="The card reader on this desk (PC/SC). docs/readers.md says how to set one up.",
    no_args_is_help=True,
)
console = Console(highlight=False, soft_wrap=True)
OUR_PAGES = ("http://127.0.0.1:8000", "http://localhost:8000")
FEN = 100

Name = Annotated[str, typer.Option("--reader", help="A part of its name; the first one if unsaid.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Slot = Annotated[int, typer.Option(min=0, max=1, help="Which slot of the virtual reader.")]


@app.command(name="list")
def list_(as_json: AsJson = False) -> None:  # noqa: FBT002
    """Every reader, and whether a card lies on it."""
    with explained():
        found = room.list_readers()
    if as_json:
        _print_json([asdict(one) for one in found])
        return
    table = Table("reader", "card")
    for one in found:
        table.add_row(one.name, "yes" if one.has_card else "-")
    console.print(table)


@app.command()
def read(reader: Name = "", as_json: AsJson = False) -> None:  # noqa: FBT002
    """Read a card: purse, balance, the social security side masked, and whose card it is.

    Nothing of it is proven: whatever moves money is decided from answers that verify.
    """
    with explained():
        seen = _read(reader)
    if as_json:
        _print_json(asdict(seen))
        return
    table = Table(title=seen.reader, show_header=False)
    for what, said in _lines(seen):
        table.add_row(what, said)
    console.print(table)


def _read(reader: str) -> CardSeen:
    """With the archive where one stands, without it elsewhere."""
    try:
        return room.read_card(reader=reader, ask_archive=True)
    except DatabaseError:
        return room.read_card(reader=reader, ask_archive=False)


def _lines(seen: CardSeen) -> Iterator[tuple[str, str]]:
    yield "answer to reset", seen.answer_to_reset
    yield "purse number", seen.purse_number
    yield "issuer", seen.issuer
    yield "valid", f"{seen.valid_from or '-'} to {seen.valid_to or '-'}"
    yield "balance", _yuan(seen.balance_fen)
    if seen.hr is not None:
        yield from _hr_lines(seen.hr)


def _hr_lines(hr: HrSeen) -> Iterator[tuple[str, str]]:
    yield "card number", hr.card_number
    yield "card identifier", hr.card_identifier
    yield "generation", str(hr.generation or "-")
    yield "holder", f"{hr.holder} {hr.identity_number}".strip() or "wants a security module"
    if hr.bound is None:
        yield "bound to", "no card of this archive"
        return
    agrees = "" if hr.bound.agrees else " [bold red]chip and archive name different people[/]"
    yield "bound to", f"{hr.bound.card} {hr.bound.holder} ({hr.bound.hr_state}){agrees}"


@app.command()
def log(reader: Name = "", as_json: AsJson = False) -> None:  # noqa: FBT002
    """Both logs of the purse: transactions (0x18) and journeys (0x1E), the newest first."""
    with explained():
        seen = room.read_log(reader=reader)
    if as_json:
        _print_json(asdict(seen))
        return
    for table in _tables(seen):
        console.print(table)


def _tables(seen: LogSeen) -> Iterator[Table]:
    moves = Table("counter", "type", "yuan", "terminal", "at", title="Transactions (0x18)")
    for one in seen.transactions:
        moves.add_row(
            str(one.counter), one.type, _yuan(one.amount_fen), one.terminal, _when(one.at)
        )
    yield moves
    heads = ("type", "by", "yuan", "balance", "city", "terminal", "at")
    rides = Table(*heads, title="Journeys (0x1E)")
    for ride in seen.journeys:
        money = (_yuan(ride.amount_fen), _yuan(ride.balance_fen))
        rides.add_row(ride.type, ride.mode, *money, ride.city, ride.terminal, _when(ride.at))
    yield rides


@app.command()
def record(
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the trace goes.")],
    title: Annotated[str, typer.Option(help="Which card this is.")] = "A purse, read",
    source: Annotated[str, typer.Option(help="Where and when it was recorded.")] = "this desk",
    reader: Name = "",
) -> None:
    """Read a card's purse and write the exchange down, as tests/chip/recorded keeps them.

    No personal data in it: the social security side is not read, the serial becomes zeros.
    """
    with explained():
        trace = room.record(title=title, source=source, reader=reader)
    out.write_text(trace, encoding="utf-8")
    console.print(f"{out}: {len(json.loads(trace)['exchanges'])} exchanges", markup=False)


@app.command()
def serve(
    origin: Annotated[
        list[str] | None,
        typer.Option(help="A page's origin that may speak to it. Once for each."),
    ] = None,
    port: Annotated[int, typer.Option(help="The loopback port.")] = 8765,
    token: Annotated[str, typer.Option(help="The pairing token; drawn anew if unsaid.")] = "",
    reader: Name = "",
) -> None:
    """Lend the reader to a counter page in the browser of this desk. Stop with Ctrl-C.

    The page asks once for the pairing token that is printed here. Only pages of the named origins
    are let in, one at a time; the card's bytes are never logged.
    """
    page = room.Page(tuple(origin or OUR_PAGES), port, token.strip().upper())
    with explained():
        bridge = room.open_bridge(page, home=_home(), tell=_tell, reader=reader)
    console.print(f"[bold]reader[/] {bridge.carrier.reader}")
    console.print(f"[bold]bridge[/] {bridge.address} for {', '.join(bridge.origins)}")
    console.print(f"[bold]pairing token[/] {bridge.token}")
    with _until_stopped():
        bridge.serve_forever()
    bridge.stop()


@app.command()
def virtual(
    card: Annotated[
        list[str] | None,
        typer.Option(help="The number of a card of the demo city. Twice for two slots."),
    ] = None,
    *,
    own: Annotated[
        bool, typer.Option("--own", help="A pcscd of one's own, beside the machine's.")
    ] = False,
) -> None:
    """A reader with cards made of nothing, for every PC/SC program. Stop with Ctrl-C.

    pcscd, its virtual driver and the cards run in a network of their own where that is permitted
    (root). Without --card the first slot holds a made-up card. Never in production.
    """
    with explained():
        numbers = (card or [""])[:2]
        room.put_cards(home=_home(), card_numbers=numbers, production=_production())
        process, apart = room.start(home=_home(), own_daemon=own, production=_production())
    folder = room.virtual_folder(_home())
    where = "in a network of its own" if apart else "vpcd listens on this machine's network"
    console.print(f"[bold]virtual reader[/] {where}; tear with: onecard reader hold tear POINT")
    if own:
        console.print(f"export PCSCLITE_CSOCK_NAME={folder / 'run' / 'pcscd.comm'}", markup=False)
    with _until_stopped():
        process.wait()
    process.terminate()
    process.wait()


@app.command()
def hold(
    line: Annotated[
        list[str],
        typer.Argument(help=f"look, away, back, stay away|back, tear {'|'.join(room.POINTS)}"),
    ],
    slot: Slot = 0,
) -> None:
    """The hand on a virtual card: tear it at a point, take it away, bring it back."""
    with explained():
        _print_json(room.hand(home=_home(), slot=slot, line=" ".join(line)))


@contextmanager
def _until_stopped() -> Iterator[None]:
    """Until Ctrl-C or SIGTERM, also where a shell started it in the background."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        yield


def _tell(line: str) -> None:
    console.print(line, style="dim", markup=False)


def _print_json(told: Any) -> None:
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2, default=str))


def _yuan(fen: int) -> str:
    sign, fen = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{fen // FEN}.{fen % FEN:02d}"


def _when(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else "-"


def _home() -> Path:
    home: Path = settings.ENVIRONMENT.home
    return home


def _production() -> bool:
    return bool(settings.ENVIRONMENT.production)


@contextmanager
def explained() -> Iterator[None]:
    """A refusal in words, and exit code 1."""
    try:
        yield
    except Refused as refused:
        for language in words.LANGUAGES:
            said = words.explain(refused.refusal, language)
            lines = (said.headline, said.why, said.next)
            Console(stderr=True, soft_wrap=True).print("\n".join(filter(None, lines)), markup=False)
        raise typer.Exit(1) from refused
