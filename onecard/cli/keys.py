"""`onecard keys`: ceremonies over the purse's master keys, by two custodians. No key is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from rich.console import Console
from rich.table import Table

from onecard import words
from onecard.actions import key_custody
from onecard.actions.key_custody import Component, KeyReceipt
from onecard.actions.key_custody.tac_keys import import_tac_keys
from onecard.domain.authority import Actor
from onecard.domain.key_custody import KeyDeed, KeyKind
from onecard.domain.refusal import NotFound, Refused
from onecard.queries.key_custody import ceremonies
from onecard.seams.world import world

app = typer.Typer(no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)
_COMPONENT = re.compile(r"[0-9A-F]{32}")
_SHORTEST_PIN = 8

Kind = Annotated[
    KeyKind, typer.Option(help="dlk load, dulk unload, dpk purchase, dtk TAC.", prompt=False)
]
As = Annotated[str, typer.Option("--as", help="Your sign-in name.")]
With = Annotated[str, typer.Option("--with", help="Sign-in name of the other custodian.")]
Reason = Annotated[str, typer.Option(help="Why, for the audit.")]
Kcv = Annotated[str, typer.Option(help="Import: the agreed check value, 8 hex digits.")]
Proposal = Annotated[str, typer.Argument(help="The ceremony, by the number it was given.")]


@app.callback()
def _group() -> None:
    """Master keys of the purse: two custodians, proposal, approval, ceremony.

    Custodians are security administrators; each proves it with password and
    one-time code. Nobody approves an own proposal. Components are typed
    without echo and answered with their check value (KCV).

    onecard keys propose import --kind dlk --kcv 08D7B4FB --reason "..." --as wu

    onecard keys approve kcp_... --as deng

    onecard keys carry-out kcp_... --as wu --with deng
    """


@app.command("list")
def list_() -> None:
    """Every ceremony and generation, with its check value."""
    table = Table()
    for heading in ("ceremony", "what", "key", "version", "KCV", "state", "by", "and", "in force"):
        table.add_column(heading)
    for one in ceremonies():
        sign = "✓" if one.in_force else ""
        names = (one.proposal, one.deed, one.kind, str(one.version), one.kcv, one.state)
        table.add_row(*names, one.proposed_by, one.decided_by, sign)
    console.print(table)


@app.command()
def init(me: As, other: With) -> None:
    """Initialise the token: one custodian sets the officer's PIN, the other the user's."""
    with _said():
        one, two = _custodian(me), _custodian(other)
        so_pin = _new_pin(f"{me}, the security officer's PIN")
        pin = _new_pin(f"{other}, the user PIN")
        key_custody.initialise_token(so_pin=so_pin, pin=pin, other=two, actor=one, at=_now())
    console.print("The token is ready. Put the user PIN into the PIN file, readable by its owner.")


@app.command()
def propose(
    deed: Annotated[KeyDeed, typer.Argument(help="generate, import or retire.")],
    kind: Kind,
    me: As,
    reason: Reason,
    version: Annotated[int, typer.Option(help="0: the next generation.")] = 0,
    kcv: Kcv = "",
) -> None:
    """Propose a ceremony. Another custodian approves it before anything happens."""
    with _said():
        _print(
            key_custody.propose(
                deed=deed,
                kind=kind,
                version=version or None,
                kcv=kcv,
                reason=reason,
                actor=_custodian(me),
                at=_now(),
            )
        )


@app.command()
def rotate(kind: Kind, me: As, reason: Reason, kcv: Kcv = "") -> None:
    """Propose the next generation: imported if a check value is given, else made by the token.

    Cards of the old generation go on being verified by theirs.
    """
    deed = KeyDeed.IMPORT if kcv else KeyDeed.GENERATE
    propose(deed=deed, kind=kind, me=me, reason=reason, version=0, kcv=kcv)


@app.command()
def approve(proposal: Proposal, me: As) -> None:
    """Agree to a proposal of the other custodian."""
    with _said():
        _print(key_custody.approve(proposal=proposal, actor=_custodian(me), at=_now()))


@app.command()
def decline(proposal: Proposal, me: As) -> None:
    """Call a ceremony off that has not been carried out."""
    with _said():
        _print(key_custody.decline(proposal=proposal, actor=_custodian(me), at=_now()))


@app.command("import-tac")
def import_tac(
    file: Annotated[Path, typer.Argument(help="issuer,serial,version,cryptogram,kcv")],
    kcv: Annotated[str, typer.Option(help="The transport key's check value, as agreed.")],
    me: As,
    other: With,
) -> None:
    """Put TAC keys of cards into the token, from the file of their issuer.

    Each custodian types a component of the transport key. The file may be taken again.
    """
    with _said():
        one, two = _custodian(me), _custodian(other)
        components = (_component(me, one), _component(other, two))
        done = import_tac_keys(file=file.read_bytes(), kcv=kcv, components=components, at=_now())
    console.print(f"{done.cards} cards, {done.added} new to the token.")


@app.command("carry-out")
def carry_out(proposal: Proposal, me: As, other: With = "") -> None:
    """Do at the token what was approved. An import asks both custodians for their component."""
    with _said():
        one = _custodian(me)
        components: tuple[Component, ...] = ()
        if other:
            two = _custodian(other)
            components = (_component(me, one), _component(other, two))
        done = key_custody.carry_out(proposal=proposal, components=components, actor=one, at=_now())
        _print(done)


@app.command("wrap-data")
def wrap_data(me: As, other: With) -> None:
    """Wrap the keys of sealed records under a key of the token.

    Afterwards the plain file data.key leaves this machine: it is the only way back
    if the token is lost, so it goes into a safe. `onecard check` refuses while it lies here.
    """
    with _said():
        one, two = _custodian(me), _custodian(other)
        home = settings.ENVIRONMENT.home
        plain = (home / "data.key").read_bytes()
        wrapped = key_custody.wrap_data_keys(plain=plain, other=two, actor=one, at=_now())
        file = _kept(home, wrapped)
    console.print(f"{file.name} is written. Now take data.key away, into a safe, and start again.")


def _kept(home: Path, wrapped: bytes) -> Path:
    """The wrapped keys, written whole or not at all, for their owner only."""
    file, fresh = home / "data.key.wrapped", home / "data.key.wrapped.new"
    fresh.touch(mode=0o600)
    fresh.write_text(wrapped.hex(), encoding="ascii")
    fresh.chmod(0o400)
    return fresh.replace(file)


def _custodian(username: str) -> Actor:
    """Whoever proves to be this account, by password and one-time code."""
    password = typer.prompt(f"Password of {username}", hide_input=True, err=True)
    code = typer.prompt(f"One-time code of {username}", hide_input=True, err=True)
    return key_custody.identify(username=username, password=password, code=code, at=_now())


def _component(username: str, custodian: Actor) -> Component:
    """A component typed without echo; its check value is shown, and confirmed by its owner."""
    while True:
        typed = typer.prompt(f"Component of {username} (32 hex digits)", hide_input=True, err=True)
        plain = typed.replace(" ", "").upper()
        if not _COMPONENT.fullmatch(plain):
            errors.print(f"That has {len(plain)} characters; 32 hex digits are needed.")
            continue
        component = Component(custodian, bytes.fromhex(plain))
        if typer.confirm(f"Check value {component.kcv}. Is it the one on the envelope?", err=True):
            return component


def _new_pin(whose: str) -> str:
    """A PIN typed twice without echo."""
    while True:
        pin = str(typer.prompt(whose, hide_input=True, confirmation_prompt=True, err=True))
        if len(pin) >= _SHORTEST_PIN:
            return pin
        errors.print(f"That has {len(pin)} characters; {_SHORTEST_PIN} are needed.")


def _print(done: KeyReceipt) -> None:
    console.print(
        f"{done.proposal}  {done.deed} {done.kind} v{done.version}  KCV {done.kcv or '-'}"
        f"  {done.state}"
    )


@contextmanager
def _said() -> Iterator[None]:
    """A no in both languages, and exit 1."""
    try:
        yield
    except Refused as refused:
        for refusal in refused.refusals:
            for language in words.LANGUAGES:
                said = words.explain(refusal, language)
                errors.print(f"{said.headline} {said.why} {said.next}", markup=False)
        raise typer.Exit(1) from refused
    except NotFound as unknown:
        errors.print("There is no ceremony of this number. 没有这个编号的仪式。")
        raise typer.Exit(1) from unknown


def _now() -> datetime:
    return world().clock.now()
