"""Blobs that nobody can read but we: sealed, and bound to the random name they lie under.

A sealed blob put under another name does not open, so one person's photo can never be passed off
as another's by moving files (guarantees 11.2).
"""

from __future__ import annotations

from onecard.seams.world import world


def put(prefix: str, content: bytes) -> str:
    """Seal and store under a new random name; the name. Raises `OSError` when the store is full."""
    name = world().ids.new(prefix)
    world().blobs.put(name, world().custody.seal(content, bound_to=_place(name)))
    return name


def read(name: str) -> bytes:
    """The content. Raises `KeyError` if there is none, `CannotUnseal` if it was tampered with."""
    return world().custody.unseal(world().blobs.read(name), bound_to=_place(name))


def _place(name: str) -> str:
    return f"blob|content|{name}"
