"""What a partner says that does not fit: kept, shown, never applied. No personal value in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from onecard.domain.production import LineVerdict, Misfit
from onecard.records.models import Discrepancy, ExchangeFile
from onecard.seams.world import world

LONGEST_ABOUT = 40


def of_line(
    about: str,
    misfits: Sequence[Misfit],
    content: str,
    place: int,
    file: ExchangeFile,
    at: datetime,
) -> LineVerdict:
    """Keep one line of a return file as a discrepancy; the same line again is the same one."""
    detail = {
        "file": file.name,
        "row": place,
        "misfits": [misfit.value for misfit in misfits],
        "content": content,
    }
    return keep(file.kind, about, file.partner, detail, at)


def keep(
    kind: str, about: str, partner: str, detail: Mapping[str, object], at: datetime
) -> LineVerdict:
    """Open a discrepancy, unless the same one is open already."""
    about = about[:LONGEST_ABOUT]
    same = Discrepancy.objects.filter(kind=kind, about=about, settled_at=None)
    if any(known.detail.get("content") == detail["content"] for known in same):
        return LineVerdict.ALREADY
    Discrepancy.objects.create(
        ref=world().ids.new("dis"),
        kind=kind,
        about=about,
        partner=partner,
        detail=dict(detail),
        found_at=at,
    )
    return LineVerdict.DISCREPANCY
