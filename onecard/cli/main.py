"""The console script `onecard`: one command line for everything a house needs.

Only the command that was asked for is imported, and only then is Django prepared, so that `--help`
answers at once. `onecard django ...` hands over to Django's own commands.
"""

from __future__ import annotations

import importlib
import os
import sys
from dataclasses import dataclass

import typer

HELP = """The open platform of a city's social security card (一卡通).

[bold]First steps[/]

  onecard run                      serve pages, API and worker on port 8000
  onecard assumptions              what the city still has to confirm
  onecard id check 11010519491231002X

Every command explains itself: [bold]onecard COMMAND --help[/].

Data lie in the folder ONECARD_HOME (var), or in the PostgreSQL that
DATABASE_URL names; the city's figures are ONECARD_CITY_PACK (changzhou)."""


@dataclass(frozen=True)
class Command:
    """A line of `onecard --help`, and the module that does it. A group has commands of its own."""

    name: str
    module: str
    says: str
    panel: str
    is_group: bool = False


_FOR_US_ONLY = 0o077
"""Archive, keys and exchange files lie in plain folders: nobody else on the machine reads them."""

_HOUSE, _WORK, _LOOK = "Run the house", "Daily work", "Look something up"

COMMANDS = (
    Command("run", "onecard.cli.run", "Serve the platform: pages, API and worker.", _HOUSE),
    Command("worker", "onecard.cli.worker", "Deliver the outbox and keep the timers.", _HOUSE),
    Command("migrate", "onecard.cli.migrate", "Bring the tables up to date.", _HOUSE),
    Command("demo", "onecard.cli.demo", "Load the fictional demo city.", _HOUSE),
    Command("staff", "onecard.cli.staff", "The first two accounts of a new house.", _HOUSE, True),
    Command(
        "partners", "onecard.cli.partners", "The simulated partners as a service.", _HOUSE, True
    ),
    Command(
        "sandbox", "onecard.cli.sandbox", "An offline city for partners' programs.", _HOUSE, True
    ),
    Command("keys", "onecard.cli.keys", "Master keys of the purse, by two people.", _HOUSE, True),
    Command("check", "onecard.cli.check", "What must hold before the house may open.", _HOUSE),
    Command("django", "", "Django's own commands: onecard django COMMAND.", _HOUSE),
    Command("batch", "onecard.cli.batch", "Production batches: make, export, import.", _WORK, True),
    Command("client", "onecard.cli.client", "Programs that may call the API.", _WORK, True),
    Command("reader", "onecard.cli.reader", "The card reader on this desk.", _WORK, True),
    Command("phone", "onecard.cli.phone", "Hold a card as a phone does, over PC/SC.", _WORK),
    Command("photo", "onecard.cli.photo", "Check and mend portrait files.", _WORK, True),
    Command("clearing", "onecard.cli.clearing", "Fare files of transit operators.", _WORK, True),
    Command("bench", "onecard.cli.bench", "Measure this machine against a bare one.", _WORK, True),
    Command(
        "simulate", "onecard.cli.simulate", "Storms of misfortune over the real acts.", _WORK, True
    ),
    Command(
        "conformance", "onecard.cli.conformance", "Check a partner interface, with a report.", _LOOK
    ),
    Command("purse", "onecard.cli.purse", "Any balance, explained line by line.", _LOOK, True),
    Command("id", "onecard.cli.identity", "Check identity and card numbers.", _LOOK, True),
    Command("assumptions", "onecard.cli.assumptions", "What the city still has to confirm.", _LOOK),
)


def main() -> None:
    """Entry point of the console script. Whatever it writes is for the house's own eyes."""
    os.umask(_FOR_US_ONLY)
    arguments = sys.argv[1:]
    asked = next((word for word in arguments if not word.startswith("-")), "")
    if asked == "django":
        prepare()
        from django.core.management import execute_from_command_line

        execute_from_command_line(["onecard django", *arguments[arguments.index(asked) + 1 :]])
        return
    command_line(asked)(prog_name="onecard")


def command_line(asked: str) -> typer.Typer:
    """The command line with the one command that was asked for; the others are lines of help."""
    app = typer.Typer(
        help=HELP, add_completion=False, no_args_is_help=True, rich_markup_mode="rich"
    )
    for command in COMMANDS:
        if command.name != asked or not command.module:
            app.command(command.name, help=command.says, rich_help_panel=command.panel)(_asleep)
            continue
        if command.name == "sandbox":
            from onecard.cli.sandbox_settings import choose

            choose(sys.argv)
        prepare()
        its_app = importlib.import_module(command.module).app
        app.add_typer(its_app, name=command.name if command.is_group else None)
    return app


def prepare() -> None:
    """Wire the house: settings, tables, seams and the city's figures."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onecard.config.settings")
    import django

    django.setup()


def _asleep() -> None:
    """Stands in the help for a command that was not asked for."""


if __name__ == "__main__":
    main()
