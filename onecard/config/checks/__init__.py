"""What must be true before the house may open: `onecard check` (guarantees 16).

Three rooms: the settings a browser depends on, the parts this installation runs on, the database.
Some hold everywhere, the rest only with `ONECARD_PRODUCTION=1`. They are Django system checks, so
that `onecard django check --deploy` asks the same.
"""

from onecard.config.checks import database, parts, web

__all__ = ["database", "parts", "web"]
