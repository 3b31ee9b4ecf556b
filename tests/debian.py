"""Debian packages the tests need: found, or installed where that is permitted.

    python -m tests.debian chromium fonts softhsm

Whatever cannot be had is named in one loud line with the way to get it; the tests that need it are
skipped then, everything else runs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

LOUD = "!! {what} is missing, so {lost} SKIPPED. To get it: sudo apt-get install {packages}"


@dataclass(frozen=True)
class Need:
    """One thing from Debian: how to see that it is there, and what installs it."""

    what: str
    lost: str
    packages: tuple[str, ...]
    signs: tuple[str, ...]
    every: bool = False
    """Whether all its signs must be there, not just one of them."""

    def is_there(self) -> bool:
        """Whether its signs are on this machine."""
        found = (shutil.which(s) or any(Path("/").glob(s.lstrip("/"))) for s in self.signs)
        return all(found) if self.every else any(found)


NEEDS = {
    "chromium": Need(
        "Chromium", "the browser tests are", ("chromium",), ("chromium", "chromium-browser")
    ),
    "fonts": Need(
        "a Chinese font",
        "screenshots with Chinese are",
        ("fonts-noto-cjk",),
        ("/usr/share/fonts/*/noto/NotoSansCJK*",),
    ),
    "reader": Need(
        "the reader stack (pcscd, vpcd)",
        "the PC/SC tests are",
        (
            "pcscd",
            "vsmartcard-vpcd",
            "libpcsclite1",
            "libpcsclite-dev",
            "swig",
            "gcc",
            "libc6-dev",
            "python3-dev",
        ),
        (
            "/usr/sbin/pcscd",
            "/usr/lib/pcsc/drivers/serial/libifdvpcd.so*",
            "/usr/include/PCSC/winscard.h",
            "swig",
            "gcc",
        ),
        every=True,
    ),
    "softhsm": Need(
        "SoftHSM",
        "the tests of key custody in a token are",
        ("softhsm2",),
        ("/usr/lib/softhsm/libsofthsm2.so",),
    ),
    "postgresql": Need(
        "PostgreSQL",
        "the PostgreSQL round is",
        ("postgresql",),
        ("/usr/lib/postgresql/*/bin/initdb", "initdb"),
    ),
}


def ensure(name: str) -> bool:
    """Whether the thing is there now, after installing it if that is permitted."""
    need = NEEDS[name]
    if not need.is_there() and os.geteuid() == 0 and shutil.which("apt-get"):
        _install(need.packages)
    if need.is_there():
        return True
    said = LOUD.format(what=need.what, lost=need.lost, packages=" ".join(need.packages))
    print(said, file=sys.stderr)
    return False


def _install(packages: tuple[str, ...]) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    print(f"Installing {' '.join(packages)} from Debian", file=sys.stderr)
    subprocess.run(["apt-get", "update", "-qq"], check=False)
    wish = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(wish, env=environment, check=False, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        ensure(wanted)
