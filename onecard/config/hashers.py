"""How passwords of staff are hashed: Argon2id, 64 MiB, three passes, four lanes (guarantees 13)."""

from __future__ import annotations

import os
from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

_AT_ONCE = BoundedSemaphore(2 * (os.cpu_count() or 1))
"""At most two hashes per core at a time, the others queue: each takes 64 MiB."""


class StaffPasswordHasher(Argon2PasswordHasher):
    """Django's Argon2id hasher with the house's cost, and a queue in front of the memory."""

    time_cost = 3
    memory_cost = 64 * 1024
    parallelism = 4

    def encode(self, password: str, salt: str) -> str:
        """Hash a new password."""
        with _AT_ONCE:
            return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        """Whether this is the password."""
        with _AT_ONCE:
            return bool(super().verify(password, encoded))
