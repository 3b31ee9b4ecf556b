"""`onecard staff found`: the first two security administrators of a new house.

There is no default account. Whoever installs the house names two people; each gets a first password
that is shown this once and must be changed, and both must enrol a second factor.
"""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from onecard import words
from onecard.actions import staff as acts
from onecard.actions.staff import NewAccount
from onecard.domain.authority import THE_CLOCK, Role
from onecard.domain.refusal import Refused
from onecard.seams.world import world

app = typer.Typer(no_args_is_help=True)
console = Console(stderr=True)
Name = Annotated[str, typer.Option(help="Sign-in name and name of a person, as name=Full Name.")]


@app.callback()
def staff() -> None:
    """The accounts of those who work here. Everything after the first two is done in the office."""


@app.command()
def found(first: Name, second: Name) -> None:
    """Open the first two security administrators, while nobody works here yet.

    onecard staff found --first wu=吴刚 --second deng=邓洁
    """
    try:
        accounts = acts.found_house(
            first=_asked(first), second=_asked(second), actor=THE_CLOCK, at=world().clock.now()
        )
    except Refused as refused:
        for language in words.LANGUAGES:
            said = words.explain(refused.refusal, language)
            console.print(f"{said.headline} {said.next}")
        raise typer.Exit(1) from refused
    for account in accounts:
        typer.echo(f"{account.username}\t{account.first_password}")
    console.print("Each password is shown this once. Sign in at /sign-in/ to change it.")


def _asked(written: str) -> NewAccount:
    username, _, display_name = written.partition("=")
    if not username.strip() or not display_name.strip():
        raise typer.BadParameter(f"{written!r} is not written name=Full Name")
    return NewAccount(username.strip(), display_name.strip(), Role.SECURITY_ADMIN)
