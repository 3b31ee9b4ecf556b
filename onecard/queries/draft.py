"""Saved answers, for the person they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onecard.domain.authority import Actor
from onecard.domain.staff import AT_AN_OUTLET as AT_A_COUNTER
from onecard.records.models import Draft


@dataclass(frozen=True)
class SavedDraft:
    """The answers as they were left, and when."""

    draft: str
    purpose: str
    answers: dict[str, Any]
    saved_at: datetime


def resume(*, purpose: str, as_seen_by: Actor, person: str = "") -> SavedDraft | None:
    """The open draft of whoever asks, if there is one. Nothing is lost by closing the page.

    `person` is named by a clerk before whom that person stands: the draft is the person's.
    """
    owner = person if as_seen_by.role in AT_A_COUNTER and person else as_seen_by.ref
    row = Draft.objects.filter(owner=owner, purpose=purpose, submitted="").first()
    return SavedDraft(row.ref, row.purpose, row.answers, row.saved_at) if row else None
