"""`onecard purse explain`: any balance line by line, across cards, for people or for a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.refusal import NotFound
from onecard.queries.purse_proof import (
    PersonProof,
    ProofLine,
    PurseProof,
    person_proof,
    purse_proof,
)
from onecard.words import text

app = typer.Typer(no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)
ME = Actor(Role.AUDITOR, "command_line", Channel.OFFICE)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    "purse",
    "card",
    "at",
    "kind",
    "by_yuan",
    "balance_yuan",
    "who",
    "by",
    "where",
    "proof",
    "tac",
    "about",
)


@app.callback()
def _group() -> None:
    """The transit purse: what lies on a card, and why."""


@app.command()
def explain(
    purse: Annotated[str, typer.Argument(help="A purse (pur_...); or --person.")] = "",
    *,
    person: Annotated[str, typer.Option(help="All purses of a person (per_...).")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="A line for each movement.")] = False,
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
) -> None:
    """Every fen of a balance: who, when, by which proof.

    Exit 1 where a part of it has no cause: people have to look.
    """
    if bool(purse) == bool(person):
        raise typer.BadParameter("name one purse, or --person", param_hint="PURSE")
    if language not in {"zh", "en"}:
        raise typer.BadParameter(f"{language} is neither zh nor en", param_hint="--language")
    found = _found(purse, person)
    proofs = found.purses if isinstance(found, PersonProof) else (found,)
    if as_json:
        typer.echo(json.dumps(asdict(found), default=str, ensure_ascii=False))
    elif as_csv:
        typer.echo(_csv(proofs, language), nl=False)
    else:
        _show(proofs, language)
    raise typer.Exit(0 if found.explained else 1)


def _found(purse: str, person: str) -> PurseProof | PersonProof:
    try:
        if person:
            return person_proof(person=person, as_seen_by=ME)
        return purse_proof(purse=purse, as_seen_by=ME)
    except NotFound as error:
        console.print(f"[red]✗[/] {person or purse}: nobody and nothing of that name here")
        raise typer.Exit(2) from error


def _show(proofs: tuple[PurseProof, ...], language: str) -> None:
    for proof in proofs:
        console.print(_table(proof, language))
        for part in proof.differences:
            cause = text(part.cause_word, language)
            console.print(f"  {_yuan(part.by_fen)}  {cause}", markup=False)
        mark = "[green]✓[/]" if proof.explained else "[red]✗[/]"
        proven = "-" if proof.balance_fen is None else _yuan(proof.balance_fen)
        console.print(f"{mark} {_yuan(proof.books_fen)} → {proven}")


def _table(proof: PurseProof, language: str) -> Table:
    table = Table(title=f"{proof.purse}  {proof.card}")
    for name in COLUMNS[2:-2]:
        right = "right" if name.endswith("yuan") else "left"
        table.add_column(text(f"purse_proof.column.{name}", language), justify=right)  # type: ignore[arg-type]
    for line in proof.lines:
        table.add_row(*_row(line, language)[:-2])
    return table


def _rows(proof: PurseProof, language: str) -> Iterator[tuple[str, ...]]:
    """The lines, then the differences between books and chip, in the same columns."""
    for line in proof.lines:
        yield (proof.purse, proof.card, *_row(line, language))
    at = proof.balance_at.isoformat() if proof.balance_at else ""
    for part in proof.differences:
        cause = text(part.cause_word, language)
        yield (proof.purse, proof.card, at, cause, _yuan(part.by_fen), *[""] * 7)


def _row(line: ProofLine, language: str) -> tuple[str, ...]:
    deed = line.deed
    who = text(deed.who_word, language)
    proof = text(deed.proof_word, language)
    by = "+".join(deed.decided_by) or deed.by
    kind = " ".join(filter(None, (text(line.kind_word, language), line.reason)))
    money = (_yuan(line.by_fen), _yuan(line.balance_fen))
    return (line.at.isoformat(), kind, *money, who, by, deed.where, proof, deed.proof, line.about)


def _csv(proofs: tuple[PurseProof, ...], language: str) -> str:
    """For a spreadsheet: no cell but money begins as a formula does."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([text(f"purse_proof.column.{name}", language) for name in COLUMNS])
    money = [COLUMNS.index("by_yuan"), COLUMNS.index("balance_yuan")]
    for proof in proofs:
        for row in _rows(proof, language):
            cells = [c if i in money else _harmless(c) for i, c in enumerate(row)]
            writer.writerow(cells)
    return out.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _yuan(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
