"""合作系统健康: how partners answer, kept for the operator's desk.

The adapters tell what is news (`report` is handed to them by the wiring) and this room keeps it,
one row for each partner. It is a reading of instruments, not something a person did: no audit row.
"""

from __future__ import annotations

import logging
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError

from onecard.actions import hold
from onecard.actions._keeping import _request, act
from onecard.adapters.sightings import Sighting
from onecard.domain.authority import THE_CLOCK, Actor
from onecard.records.models import PartnerHealth
from onecard.seams.world import world

_log = logging.getLogger(__name__)
_LONGEST_SILENCE = 120


@dataclass(frozen=True)
class HealthReceipt:
    """How the partner stands now; `silent_since` is empty while it answers."""

    partner: str
    silent_since: datetime | None


def report(sighting: Sighting) -> None:
    """Keep a sighting. Never fails: a health row that cannot be kept must not stop the work."""
    apart = copy_context()
    apart.run(_request.set, None)  # the stored receipt of the request being answered is not ours
    try:
        apart.run(_keep, sighting)
    except DatabaseError as error:
        _log.warning("partner_health.not_kept %s %s", sighting.partner, type(error).__name__)


@act("partner.note_health")
def note_health(*, partner: str, silence: str, actor: Actor, at: datetime) -> HealthReceipt:
    """A partner answered at `at`, or was silent for a reason. What is older changes nothing."""
    del actor
    hold.name(f"partner-health:{partner}")
    row = hold.maybe(PartnerHealth, partner=partner) or PartnerHealth.objects.create(
        ref=world().ids.new("hea"), partner=partner
    )
    last = max(filter(None, (row.answered_at, row.silent_at)), default=at)
    if at >= last:
        _write(row, silence, at)
    return HealthReceipt(partner, row.silent_since)


def _write(row: PartnerHealth, silence: str, at: datetime) -> None:
    if silence:
        row.silent_at, row.silence = at, silence[:_LONGEST_SILENCE]
        row.silent_since = row.silent_since or at
    else:
        row.answered_at, row.silent_since = at, None
    row.save(update_fields=["answered_at", "silent_at", "silence", "silent_since"])


def _keep(sighting: Sighting) -> None:
    note_health(partner=sighting.partner, silence=sighting.silence, actor=THE_CLOCK, at=sighting.at)
