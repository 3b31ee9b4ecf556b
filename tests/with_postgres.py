"""Starts a PostgreSQL of our own on a private port, runs a command against it, stops it again.

    python -m tests.with_postgres COMMAND [ARG ...]

Uses the Debian packages and installs them when missing and permitted. Where that cannot be, it
says so in one loud line, runs nothing and exits 0: SQLite's round has been run by then. The
cluster is thrown away at the end, but keeps its promises meanwhile: fsync stays on.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests import debian

INITDB = ("-U", "onecard", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-k")
SETTINGS = (
    "-c listen_addresses=127.0.0.1 -c shared_buffers=256MB -c max_connections=120"
    " -c log_min_messages=fatal -c deadlock_timeout=200ms"
)


class NoPostgres(Exception):
    """There is none and none can be installed."""


def main(command: list[str]) -> int:
    """Run `command` with `ONECARD_TEST_POSTGRES` naming the private server."""
    try:
        with own_postgres() as url:
            environment = os.environ | {"ONECARD_TEST_POSTGRES": url}
            return subprocess.run(command, env=environment, check=False).returncode
    except NoPostgres:
        return 0


@contextmanager
def own_postgres() -> Iterator[str]:
    """The address of a private server. Raises `NoPostgres`."""
    if not debian.ensure("postgresql"):
        raise NoPostgres
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="onecard-pg-"))
    port = _free_port()
    user = _unprivileged_user()
    if user:
        shutil.chown(folder, user.pw_uid, user.pw_gid)
    data = folder / "data"
    _as(user, programs / "initdb", "-D", data, *INITDB)
    options = f"{SETTINGS} -p {port} -k {folder}"
    _as(user, programs / "pg_ctl", "-D", data, "-o", options, "-w", "-l", folder / "log", "start")
    try:
        yield f"postgresql://onecard@127.0.0.1:{port}/postgres"
    finally:
        _as(user, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """The newest server's folder of programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return (found[-1] if found else Path(str(shutil.which("initdb")))).parent


def _unprivileged_user() -> pwd.struct_passwd | None:
    """The server refuses to run as root, so we hand it over; None when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    print("!! running as root, with no other user to run PostgreSQL as: SKIPPED", file=sys.stderr)
    raise NoPostgres


def _as(user: pwd.struct_passwd | None, *command: object) -> None:
    words = [str(word) for word in command]
    who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd="/", **who)  # type: ignore[call-overload]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
