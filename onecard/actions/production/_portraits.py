"""Portraits for the card vendor: read from the blob store, by application number."""

from __future__ import annotations

from collections.abc import Sequence

from onecard.records.models import Application
from onecard.seams import sealed_blobs


def of(people: Sequence[Application]) -> dict[str, bytes]:
    """The portraits of those who have one; a child under seven has none."""
    return {one.number: portrait for one in people if (portrait := of_one(one)) is not None}


def of_one(application: Application) -> bytes | None:
    """The portrait that goes onto the card, or None."""
    return sealed_blobs.read(application.photo.blob) if application.photo else None
