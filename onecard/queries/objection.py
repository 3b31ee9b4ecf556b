"""异议: which looks somebody has objected to, and under which number."""

from __future__ import annotations

from onecard.domain.authority import Actor, Role
from onecard.domain.refusal import NotFound
from onecard.records.models import AuditRow


def mine(*, as_seen_by: Actor) -> dict[int, str]:
    """The objections of whoever is signed in: line of the record -> number."""
    if as_seen_by.role is not Role.CITIZEN:
        raise NotFound(AuditRow.__name__)
    rows = AuditRow.objects.filter(act="objection.file", result="done", concerning=as_seen_by.ref)
    return {row.facts["line"]: row.about for row in rows}
