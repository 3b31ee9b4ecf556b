"""The console script `onecard`: prepares Django, then hands over to the commands."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Entry point of the console script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onecard.config.settings")
    import django

    django.setup()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["onecard", *sys.argv[2:]])


if __name__ == "__main__":
    main()
