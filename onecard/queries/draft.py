"""Saved answers, for the person they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onecard.domain.authority import Actor
from onecard.records.models import Draft


@dataclass(frozen=True)
class SavedDraft:
    """The answers as they were left, and when."""

    draft: str
    purpose: str
    answers: dict[str, Any]
    saved_at: datetime


def resume(*, purpose: str, as_seen_by: Actor) -> SavedDraft | None:
    """The open draft of whoever asks, if there is one. Nothing is lost by closing the page."""
    row = Draft.objects.filter(owner=as_seen_by.ref, purpose=purpose, submitted="").first()
    return SavedDraft(row.ref, row.purpose, row.answers, row.saved_at) if row else None
