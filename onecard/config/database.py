"""The database settings: SQLite in one file by default, PostgreSQL by `DATABASE_URL`."""

from __future__ import annotations

from typing import Any

from psycopg.conninfo import conninfo_to_dict

from onecard.config.environment import Environment

_SQLITE_START = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
_SQLITE_SANDBOX = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
"""A city to play with is made anew every time, so nothing in it need survive a power cut."""
_POSTGRES_START = (
    "-c lock_timeout=3000 -c statement_timeout=10000"
    " -c idle_in_transaction_session_timeout=10000 -c synchronous_commit=on"
)


def database(environment: Environment) -> dict[str, Any]:
    """Django's `DATABASES["default"]`. Raises `ValueError` for an address of another engine."""
    url = environment.database_url
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": environment.home / "onecard.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": _SQLITE_SANDBOX if environment.sandbox else _SQLITE_START,
            },
        }
    if not url.startswith(("postgres://", "postgresql://")):
        message = "DATABASE_URL must begin with postgresql://; leave it empty for SQLite"
        raise ValueError(message)
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "onecard"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": parts.get("port", ""),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {"options": _POSTGRES_START},
    }
