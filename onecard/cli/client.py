"""`onecard client`: who may call the API. Tokens and keys are shown once and kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from onecard import words
from onecard.actions import api_client, partner
from onecard.actions.api_client import ClientPlan
from onecard.domain.authority import THE_CLOCK, Role
from onecard.domain.partner_scope import RIGHTS, PartnerKind
from onecard.domain.refusal import NotFound, Refused
from onecard.domain.signature import Profile
from onecard.queries import partner as queries
from onecard.seams.world import world

app = typer.Typer(
    help="Programs that may call the API: partners, outlets' systems.", no_args_is_help=True
)
console = Console()
BANK = "bank:"
_CLIENT_ID = 30
"""Characters of a client's id: shown whole in any terminal, for it is copied from here."""
PROFILES = {"hmac": Profile.HMAC, "sm2": Profile.SM2, "webhook": Profile.WEBHOOK}

Scopes = Annotated[
    list[str] | None, typer.Option("--scope", help="Once for each; all of its kind if unsaid.")
]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What the list shall call it.")],
    as_: Annotated[
        str,
        typer.Option(
            "--as",
            help="bank:KEY, hr, transit, hospital, courier; or a role such as outlet_clerk.",
        ),
    ],
    scope: Scopes = None,
    outlet: Annotated[str, typer.Option(help="The outlet it stands at (roles only).")] = "",
    employer: Annotated[str, typer.Option(help="The employer it acts for (roles only).")] = "",
    webhook_host: Annotated[
        list[str] | None,
        typer.Option(help="A host name its events may be pushed to. Once for each."),
    ] = None,
) -> None:
    """Register a client and show its token once.

    A partner's token is its OAuth client secret; give it a key with `onecard client key`.
    """
    kind, bank = _kind(as_)
    scopes = tuple(scope or (sorted(RIGHTS[kind].scopes) if kind else ()))
    plan = ClientPlan(
        name=name,
        role=Role.PARTNER if kind else _role(as_),
        scopes=scopes,
        outlet=outlet,
        employer=employer,
        bank=bank,
        kind=kind,
        webhook_hosts=tuple(webhook_host or ()),
    )
    with _explained():
        made = api_client.register(plan=plan, actor=THE_CLOCK, at=world().clock.now())
    _say("client", made.client)
    _say("secret" if kind else "token", made.token)
    console.print("Shown this once: keep it now.")


@app.command()
def key(
    client: Annotated[str, typer.Argument(help="The client, cli_...")],
    profile: Annotated[str, typer.Option(help=", ".join(PROFILES))] = "hmac",
    public_key: Annotated[
        str, typer.Option(help="The SM2 public key: 04, x, y as 130 hexadecimal digits.")
    ] = "",
) -> None:
    """Give a client a new key; the ones before it end after the overlap."""
    if profile not in PROFILES:
        raise typer.BadParameter(", ".join(PROFILES))
    with _explained():
        made = partner.add_key(
            client=client,
            profile=PROFILES[profile],
            public_key=public_key,
            actor=THE_CLOCK,
            at=world().clock.now(),
        )
    _say("serial", made.serial)
    if made.secret:
        _say("key", made.secret)
        console.print("Shown this once: keep it now.")


@app.command(name="list")
def show() -> None:
    """Every client, what it may do, and its keys."""
    table = Table(Column("client", min_width=_CLIENT_ID, no_wrap=True))
    for heading in ("name", "as", "scopes", "keys", "since", "ended"):
        table.add_column(heading, overflow="fold")
    for row in queries.clients():
        who = f"{row.kind}:{row.bank}" if row.bank else row.kind or row.role
        keys = "\n".join(f"{key.serial} {key.profile}" for key in row.keys if not key.revoked_at)
        ended = f"{row.revoked_at:%Y-%m-%d}" if row.revoked_at else ""
        table.add_row(
            row.client,
            row.name,
            who,
            "\n".join(row.scopes),
            keys,
            f"{row.created_at:%Y-%m-%d}",
            ended,
        )
    console.print(table)


@app.command()
def revoke(
    what: Annotated[str, typer.Argument(help="A client (cli_...) or one key by its serial.")],
) -> None:
    """Take a client, or one of its keys, away: effective at once."""
    now = world().clock.now()
    with _explained():
        if what.startswith("cli_"):
            api_client.revoke(client=what, actor=THE_CLOCK, at=now)
        else:
            partner.revoke_key(serial=what, actor=THE_CLOCK, at=now)
    console.print(f"{what} is revoked.")


def _kind(as_: str) -> tuple[PartnerKind | None, str]:
    """The kind of partner and its bank; no kind for a role."""
    if as_.startswith(BANK):
        return PartnerKind.BANK, as_.removeprefix(BANK)
    kinds = {kind.value: kind for kind in PartnerKind if kind is not PartnerKind.BANK}
    return kinds.get(as_), ""


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError:
        known = [
            BANK + "KEY",
            *(kind.value for kind in PartnerKind),
            *(role.value for role in Role),
        ]
        raise typer.BadParameter(", ".join(known)) from None


def _say(what: str, value: str) -> None:
    """On a line of its own, unbroken, so that programs can read it too."""
    console.print(f"{what} {value}", soft_wrap=True, highlight=False, markup=False)


@contextmanager
def _explained() -> Iterator[None]:
    """A refusal in words, and exit code 1."""
    try:
        yield
    except NotFound as absent:
        console.print("There is no such client or key.")
        raise typer.Exit(1) from absent
    except Refused as refused:
        said = words.explain(refused.refusal, "en")
        console.print(f"[bold red]{said.headline}[/]\n{said.why}\n{said.next}".strip())
        raise typer.Exit(1) from refused
