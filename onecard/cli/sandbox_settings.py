"""The settings of a sandbox, told to the environment before Django reads it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

MARK = "sandbox.mark"
"""Lies in a folder that a sandbox may empty; no other folder is ever emptied."""


def choose(arguments: list[str]) -> None:
    """A home of its own, emptied if it is a sandbox's; embedded database, simulated partners."""
    home = _home_in(arguments)
    if (home / MARK).exists():
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "ONECARD_HOME": str(home),
        "ONECARD_SANDBOX": "1",
        "ONECARD_DEMO": "1",
        "DATABASE_URL": "",
        "ONECARD_PARTNERS_URL": "",
    }
    os.environ.pop("ONECARD_PRODUCTION", None)


def _home_in(arguments: list[str]) -> Path:
    """As `--home` says; the option itself is read later, by the command."""
    for place, word in enumerate(arguments):
        if word == "--home" and place + 1 < len(arguments):
            return Path(arguments[place + 1]).resolve()
        if word.startswith("--home="):
            return Path(word.partition("=")[2]).resolve()
    return Path("var/sandbox").resolve()
