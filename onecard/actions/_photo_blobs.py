"""The picture behind a photo row, for whoever prints it onto a card."""

from __future__ import annotations

from onecard.records.models import Photo
from onecard.seams import sealed_blobs


def content_of(photo: Photo) -> bytes:
    """The print-size JPEG. Raises `KeyError` if the store has lost it."""
    return sealed_blobs.read(photo.blob)
