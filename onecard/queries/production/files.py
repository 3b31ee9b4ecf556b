"""Exchange files in and out, with how far they are and what became of their lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.domain.authority import Actor
from onecard.domain.exchange import Direction
from onecard.domain.production import LineVerdict
from onecard.queries.production._seeing import MOST, sees_everything
from onecard.records.models import ExchangeFile


@dataclass(frozen=True)
class FileSeen:
    """A file. `kind` and `direction` are keys of words; `done_at` is when it was sent or imported.

    The counts are of a return file's lines; `done` of `lines` were looked at.
    """

    file: str
    name: str
    kind: str
    direction: str
    partner: str
    batch: str
    lines: int
    at: datetime
    done_at: datetime | None
    done: int
    recorded: int
    failed: int
    already: int
    discrepancies: int


def files(*, as_seen_by: Actor, batch: str = "", most: int = MOST) -> tuple[FileSeen, ...]:
    """The newest files first, of one batch or of all."""
    if not sees_everything(as_seen_by):
        return ()
    rows = ExchangeFile.objects.order_by("-at", "-ref")
    return tuple(_seen(row) for row in (rows.filter(batch=batch) if batch else rows)[:most])


def unsent_files(*, as_seen_by: Actor, batch: str = "") -> tuple[FileSeen, ...]:
    """Order files that lie ready, in the order in which they go out."""
    if not sees_everything(as_seen_by):
        return ()
    waiting = ExchangeFile.objects.filter(direction=Direction.OUT.value, sent_at=None)
    rows = waiting.filter(batch=batch) if batch else waiting
    return tuple(_seen(row) for row in rows.order_by("at", "-kind", "ref"))


def _seen(row: ExchangeFile) -> FileSeen:
    is_out = row.direction == Direction.OUT.value
    counts = row.result
    return FileSeen(
        file=row.ref,
        name=row.name,
        kind=f"exchange.kind.{row.kind}",
        direction=f"exchange.direction.{row.direction}",
        partner=row.partner,
        batch=row.batch_id or "",
        lines=row.lines,
        at=row.at,
        done_at=row.sent_at if is_out else row.imported_at,
        done=counts.get("done", 0),
        recorded=counts.get(LineVerdict.RECORDED.value, 0),
        failed=counts.get(LineVerdict.FAILED.value, 0),
        already=counts.get(LineVerdict.ALREADY.value, 0),
        discrepancies=counts.get(LineVerdict.DISCREPANCY.value, 0),
    )
