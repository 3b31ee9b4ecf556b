"""`onecard batch`: make production batches, write their files, bring return files in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from onecard import words
from onecard.actions import production
from onecard.actions.production import BatchReceipt, ImportReceipt
from onecard.cli.progress import bar, steps
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.exchange import MOST_FILE_BYTES
from onecard.domain.refusal import NotFound, Refusal, Refused
from onecard.queries import production as desk
from onecard.seams.world import world

app = typer.Typer()
console = Console(highlight=False, soft_wrap=True)
ME = Actor(Role.PLATFORM_OPERATOR, "command_line", Channel.OFFICE)
REFUSED, SET_ASIDE = 1, 3

AsJson = Annotated[bool, typer.Option("--json", help="A JSON list instead of a table.")]


@app.callback()
def _group() -> None:
    """Production batches: make them, write their files, import return files.

    A card is made in this order: accepted applications are batched by bank
    (make); the bank opens the accounts (export, then import what it returns);
    the card vendor makes the cards (export again, import again). `onecard
    worker` does all of this by itself; these commands are for files that are
    carried by hand, and for looking over the worker's shoulder.
    """


@app.command()
def make(
    *,
    bank: Annotated[str, typer.Option(help="Only this bank, by its key (icbc, abc, ...).")] = "",
    as_json: AsJson = False,
) -> None:
    """Batch everybody who was accepted and is not batched yet.

    One bank per batch, oldest application first, up to the agreed size.
    Somebody whose name or address no file can carry is held back and named;
    the others are not kept waiting.

    onecard batch make

    onecard batch make --bank icbc --json
    """
    banks = [bank] if bank else [one.bank for one in desk.banks_waiting(as_seen_by=ME)]
    made: list[BatchReceipt] = []
    for one in steps(banks, "batch make"):
        made += production.make_batches(bank=one, actor=ME, at=world().clock.now())
    if as_json:
        _print_json(asdict(receipt) for receipt in made)
        return
    for receipt in made:
        if receipt.size:
            console.print(f"[green]✓[/] {receipt.number}  {receipt.bank}  {receipt.size}")
        for held in receipt.held_back:
            console.print(f"[yellow]![/] {held.number}  {held.partner}  {held.code} ({held.field})")
    if not made:
        console.print("Nobody is waiting to be batched.")


@app.command()
def export(
    batch: Annotated[
        str, typer.Argument(help="A batch by its number; without it, every batch.")
    ] = "",
    *,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for the files; made if it is absent.")
    ] = Path(),
    carried: Annotated[
        bool, typer.Option("--carried", help="They are carried by hand: never send them by wire.")
    ] = False,
    send: Annotated[
        bool, typer.Option("--send", help="Also hand over by wire whatever lies ready.")
    ] = False,
) -> None:
    """Write the order files that are due: to the bank first, then to the card vendor.

    Each file is written once; the same command again writes the same bytes
    into the folder as long as the file was not sent. Files hold personal data:
    every export is in the audit, and the folder is yours to protect.

    onecard batch export B20260302-0001 -o outgoing --carried

    onecard batch export -o outgoing --send
    """
    at = world().clock.now()
    for one in steps(_batches(batch), "batch export"):
        if one.may_write_bank_file:
            production.write_bank_file(batch=one.batch, actor=ME, at=at)
        if one.may_write_vendor_file:
            production.write_vendor_file(batch=one.batch, actor=ME, at=at)
    out.mkdir(parents=True, exist_ok=True)
    for name in _write_files(batch, out, carried=carried):
        console.print(f"[green]✓[/] {out / name}")
    if send:
        sent = production.send_files(actor=ME, at=world().clock.now())
        console.print(f"sent {len(sent.files)}; no answer from: {', '.join(sent.silent) or '-'}")
        raise typer.Exit(REFUSED if sent.silent else 0)


@app.command(name="import")
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE..."),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Import return files of banks and of the card vendor.

    A damaged file is refused whole, with the line that is wrong; a file that
    was imported before changes nothing; an import that was interrupted goes on
    where it stopped. One line that does not fit never stops the others: it is
    set aside for the operators.

    Exit 0: every line was recorded, now or before. 1: a file was refused.
    3: imported, and some lines were set aside.

    onecard batch import incoming/icbc-account_return-20260302-000001.csv

    onecard batch import incoming/*.csv incoming/*.txt --json
    """
    done: list[ImportReceipt] = []
    refused: list[tuple[Path, Refusal]] = []
    for file in files:
        try:
            done.append(_import(file))
        except Refused as said:
            refused.append((file, said.refusal))
    if as_json:
        _print_json([*map(asdict, done), *(_as_json(file, why) for file, why in refused)])
    else:
        _tell(done, refused)
    if refused:
        raise typer.Exit(REFUSED)
    raise typer.Exit(SET_ASIDE if any(one.discrepancies for one in done) else 0)


def _import(file: Path) -> ImportReceipt:
    with bar(file.name) as move:
        return production.import_file(
            name=file.name,
            content=_read(file),
            progress=move,
            actor=ME,
            at=world().clock.now(),
        )


def _read(file: Path) -> bytes:
    """The file, and of an endless one only as much as is refused anyway."""
    with file.open("rb") as stream:
        return stream.read(MOST_FILE_BYTES + 1)


def _batches(number: str) -> list[desk.BatchSeen]:
    at = world().clock.now()
    if not number:
        return list(desk.batches(as_seen_by=ME, at=at, still_open=True))
    try:
        return [desk.batch(batch=number, as_seen_by=ME, at=at)]
    except NotFound as unknown:
        newest = ", ".join(one.number for one in desk.batches(as_seen_by=ME, at=at, most=5))
        console.print(f"[red]✗[/] no batch {number}; the newest are: {newest or '-'}")
        raise typer.Exit(REFUSED) from unknown


def _write_files(batch: str, out: Path, *, carried: bool) -> Iterable[str]:
    """Write every order file that was not sent yet; its name is given once it is on disk."""
    only = _batches(batch)[0].batch if batch else ""
    for seen in desk.unsent_files(as_seen_by=ME, batch=only):
        at = world().clock.now()
        exported = production.export_file(file=seen.file, actor=ME, at=at)
        (out / exported.name).write_bytes(exported.content)
        if carried:
            production.mark_sent(file=seen.file, actor=ME, at=at)
        yield exported.name


def _tell(done: list[ImportReceipt], refused: list[tuple[Path, Refusal]]) -> None:
    if done:
        table = Table("file", "lines", "recorded", "failed", "before", "set aside", box=None)
        for one in done:
            counts = (one.lines, one.recorded, one.failed, one.already, one.discrepancies)
            table.add_row(f"{one.name}{' (known)' if one.notice else ''}", *map(str, counts))
        console.print(table)
    for _, why in refused:
        for language in words.LANGUAGES:
            said = words.explain(why, language)
            console.print(f"[red]✗[/] {said.headline}\n  {said.why}\n  → {said.next}")


def _as_json(file: Path, why: Refusal) -> dict[str, Any]:
    said = {language: words.explain(why, language) for language in words.LANGUAGES}
    return {
        "name": file.name,
        "refused": why.code,
        "line": why.facts.get("line"),
        **{f"message_{language}": text.headline for language, text in said.items()},
        **{f"why_{language}": text.why for language, text in said.items()},
    }


def _print_json(items: Iterable[Any]) -> None:
    typer.echo(json.dumps(list(items), ensure_ascii=False, default=str))
