"""挂失送达: how long each party took to confirm a loss, and what it has not confirmed (6.2).

From acceptance here to the party's own answer. What a bank reported itself it has confirmed by
doing so, and is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from onecard.domain import partner
from onecard.domain.authority import Actor, Role
from onecard.domain.refusal import NotFound
from onecard.records.models import LossConfirmation

_SEES = frozenset({Role.PLATFORM_OPERATOR, Role.AUDITOR, Role.SYSTEM})
REPORTED = ("loss.formal.created", "loss.temporary.created")


@dataclass(frozen=True)
class Propagation:
    """One party: losses told, those it has not confirmed, and its times in milliseconds.

    `refused` are those it said no to; `waiting_since` is the oldest one without an answer.
    """

    party: str
    told: int
    unconfirmed: int
    refused: int
    waiting_since: datetime | None
    median_ms: float | None
    p99_ms: float | None
    longest_ms: float | None


def propagation(*, since: datetime, until: datetime, as_seen_by: Actor) -> tuple[Propagation, ...]:
    """The register and every bank to whom a loss was told in that time, by name."""
    by_party = _told(since, until, as_seen_by)
    return tuple(_of(party, by_party[party]) for party in sorted(by_party))


def times_ms(*, since: datetime, until: datetime, as_seen_by: Actor) -> dict[str, list[float]]:
    """How long each party took for each loss it confirmed, the quickest first."""
    by_party = _told(since, until, as_seen_by)
    return {party: _spent_ms(by_party[party]) for party in sorted(by_party)}


def _told(
    since: datetime, until: datetime, viewer: Actor
) -> defaultdict[str, list[LossConfirmation]]:
    if viewer.role not in _SEES:
        raise NotFound(LossConfirmation.__name__)
    from_there = Q(party__startswith=partner.bank(""), signature="", confirmed_at__isnull=False)
    rows = LossConfirmation.objects.filter(
        event__in=REPORTED, queued_at__gte=since, queued_at__lt=until
    ).exclude(from_there)
    by_party: defaultdict[str, list[LossConfirmation]] = defaultdict(list)
    for row in rows:
        by_party[row.party].append(row)
    return by_party


def _spent_ms(rows: list[LossConfirmation]) -> list[float]:
    return sorted(
        (row.confirmed_at - row.queued_at).total_seconds() * 1000
        for row in rows
        if row.confirmed_at is not None
    )


def _of(party: str, rows: list[LossConfirmation]) -> Propagation:
    spent = _spent_ms(rows)
    silent = [row.queued_at for row in rows if row.confirmed_at is None and not row.refused]
    return Propagation(
        party=party,
        told=len(rows),
        unconfirmed=len(silent),
        refused=sum(bool(row.refused) for row in rows),
        waiting_since=min(silent, default=None),
        median_ms=at_share(spent, 0.5),
        p99_ms=at_share(spent, 0.99),
        longest_ms=spent[-1] if spent else None,
    )


def at_share(ordered: Iterable[float], share: float) -> float | None:
    """The value below which this share of ordered values lies; None of none."""
    values = list(ordered)
    return values[min(len(values) - 1, int(share * len(values)))] if values else None
