"""Commands that move money, each given to a card at most once, also over a restart.

A line is written and lies on the disk before the command leaves. Whoever finds its line sends
nothing: what became of it is unknown, and the server asks the card for a proof (rules 7 and 9).
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

_FOR_US_ONLY = 0o600


class GivenOnce:
    """What was given, in a file of digests: of a command, never the command."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._file = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, _FOR_US_ONLY)
        self._given = set(file.read_text("ascii").split())

    def may_give(self, digest: str) -> bool:
        """Whether it may leave now: true once, and written down before the answer."""
        with self._lock:
            if digest in self._given:
                return False
            os.write(self._file, f"{digest}\n".encode("ascii"))
            os.fsync(self._file)
            self._given.add(digest)
            return True

    def close(self) -> None:
        """Let the file go."""
        os.close(self._file)
