"""What the environment says about this installation. Everything has a default that runs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

IN_TOKEN, ON_HOST = "imported", "on_host"
"""The ways of a TAC key (`ONECARD_PKCS11_TAC`); the second is for tests."""


@dataclass(frozen=True)
class KeyToken:
    """A PKCS#11 token: its vendor's library, its label, where its PIN lies, the way of TACs."""

    library: Path
    label: str
    pin_file: Path
    tac: str


@dataclass(frozen=True)
class Environment:
    """The installation as the operator described it.

    `home` holds database, blobs, key file and exchange files. `demo` loads the demo city and shows
    its sign-ins; `production` refuses every simulated part (`onecard check`); `bench` adds a bare
    page to measure the others against. `partners_elsewhere` are the addresses of partners that are
    not behind the gateway, by partner key.
    `keys` is the token that keeps the purse's keys; None for the keys of development.
    """

    home: Path
    database_url: str
    city_pack: str
    demo: bool
    production: bool
    bench: bool
    sandbox: bool
    partners_url: str
    partners_elsewhere: Mapping[str, str]
    allowed_hosts: tuple[str, ...]
    public_url: str
    trusted_proxies: tuple[str, ...]
    keys: KeyToken | None = None


def read() -> Environment:
    """Read `ONECARD_*` and `DATABASE_URL`."""
    return Environment(
        home=Path(os.environ.get("ONECARD_HOME", "var")).resolve(),
        database_url=os.environ.get("DATABASE_URL", ""),
        city_pack=os.environ.get("ONECARD_CITY_PACK", "changzhou"),
        demo=_flag("ONECARD_DEMO"),
        production=_flag("ONECARD_PRODUCTION"),
        bench=_flag("ONECARD_BENCH"),
        sandbox=_flag("ONECARD_SANDBOX"),
        partners_url=os.environ.get("ONECARD_PARTNERS_URL", ""),
        partners_elsewhere=_pairs("ONECARD_PARTNERS_ELSEWHERE"),
        allowed_hosts=tuple(
            os.environ.get("ONECARD_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
        ),
        public_url=os.environ.get("ONECARD_PUBLIC_URL", "http://127.0.0.1:8000"),
        trusted_proxies=tuple(os.environ.get("ONECARD_TRUSTED_PROXIES", "").split()),
        keys=_token(),
    )


def _token() -> KeyToken | None:
    """The token that `ONECARD_PKCS11_LIBRARY` names; the PIN file lies in the home by default.

    Raises `ValueError` for a way of TACs that there is not.
    """
    library = os.environ.get("ONECARD_PKCS11_LIBRARY", "")
    if not library:
        return None
    tac = os.environ.get("ONECARD_PKCS11_TAC", IN_TOKEN)
    if tac not in {IN_TOKEN, ON_HOST}:
        message = f"ONECARD_PKCS11_TAC is {tac!r}; it is {IN_TOKEN} or {ON_HOST}"
        raise ValueError(message)
    home = Path(os.environ.get("ONECARD_HOME", "var"))
    return KeyToken(
        library=Path(library),
        label=os.environ.get("ONECARD_PKCS11_TOKEN", "onecard"),
        pin_file=Path(os.environ.get("ONECARD_PKCS11_PIN_FILE", home / "pkcs11.pin")).resolve(),
        tac=tac,
    )


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def _pairs(name: str) -> Mapping[str, str]:
    """`bank:icbc=https://one.example bank:abc=https://other.example`."""
    words = os.environ.get(name, "").split()
    return {key: address for key, _, address in (word.partition("=") for word in words)}
