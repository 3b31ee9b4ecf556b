"""审计: an auditor reads the record; that they read, and what they sought, is kept too (C10.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions._keeping import act, concerning, note
from onecard.domain.authority import Actor

GROUND = "GB/T 22239 8.1.4.3; platform C10.5"


@dataclass(frozen=True)
class ReadNoted:
    """That somebody read the record, and how many lines they were shown."""

    lines: int


@act("audit.note_read")
def note_read(
    *, about: str, person: str, filters: tuple[str, ...], lines: int, actor: Actor, at: datetime
) -> ReadNoted:
    """Keep that lines of the record were read. `about` and `person` are opaque refs or empty.

    `filters` names what was asked for, never a personal value.
    """
    if person:
        concerning(person)
    note(about=about, by=actor, at=at, ground=GROUND, filters=filters, lines=lines)
    return ReadNoted(lines)
