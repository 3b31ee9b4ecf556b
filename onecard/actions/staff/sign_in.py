"""What the audit keeps of signing in and out. Names that were typed wrongly are never stored."""

from __future__ import annotations

from datetime import datetime

from onecard.actions._keeping import act, note
from onecard.domain.authority import Actor
from onecard.records.models import Staff

_GROUND = "GB/T 22239 8.1.4.3"


@act("staff.note_failed_sign_in")
def note_failed_sign_in(*, username: str, actor: Actor, at: datetime) -> bool:
    """Keep that somebody failed to sign in, and to which account if there is one by that name.

    Returns whether there is; for the audit only, never for the page.
    """
    row = Staff.objects.filter(username=username).first()
    note(about=row.ref if row else "", by=actor, at=at, ground=_GROUND, known_name=row is not None)
    return row is not None


@act("staff.sign_out")
def sign_out(*, because: str, actor: Actor, at: datetime) -> str:
    """Keep that a session ended: by its owner, by idleness or by its longest time."""
    note(about=actor.ref, by=actor, at=at, ground=_GROUND, because=because)
    return because
