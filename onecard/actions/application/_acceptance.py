"""Whether an application that was submitted is accepted now, or for what it waits."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from onecard.actions._province import Province
from onecard.actions.application import _writing
from onecard.domain.authority import Actor
from onecard.domain.photo import Verdict, may_be_printed
from onecard.domain.production import Holder
from onecard.domain.refusal import Refusal
from onecard.records.models import Application, Photo

PRINTABLE = (
    Q(photo=None)
    | Q(photo__verdict=Verdict.PASS.value)
    | Q(photo__verdict=Verdict.HUMAN.value, photo__decided_at__isnull=False)
)
"""Applications whose portrait holds nothing up: `photo_refusal` in the language of the archive."""


def waits_for(photo: Photo | None) -> str:
    """Who must act before this application can be accepted."""
    holder = Holder.PROVINCE if photo_refusal(photo) is None else Holder.REVIEWER
    return str(holder.value)


def accept_if_clear(
    row: Application, province: Province, photo: Photo | None, *, by: Actor, at: datetime
) -> None:
    """Accept at once when the register has spoken and nobody has to look at the portrait."""
    if province.answered and photo_refusal(photo) is None:
        _writing.accept(row, by=by, at=at)


def photo_refusal(photo: Photo | None) -> Refusal | None:
    """Whether the portrait may go onto the card; no portrait, nothing to look at."""
    if photo is None:
        return None
    return may_be_printed(verdict=Verdict(photo.verdict), looked_at=photo.decided_at is not None)
