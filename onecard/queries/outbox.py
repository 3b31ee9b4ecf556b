"""发件箱状态: who waits for how much, who gives no answer, what was given up and why.

For the operator's desk and `onecard worker`. Counts, codes and opaque refs only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, Q, Sum, Window
from django.db.models.functions import Lag

from onecard.domain.authority import Actor, Role
from onecard.domain.refusal import NotFound
from onecard.queries._reading import one_moment
from onecard.records.models import OutboxRow, PartyQueue, TimedJob

MOST_LINES = 500
OVERDUE = timedelta(minutes=10)
_BY_PARTY = ("outbox", "webhook")
_LINE = ("subject", "party")
_SEES_QUEUES = frozenset({Role.PLATFORM_OPERATOR, Role.SECURITY_ADMIN, Role.AUDITOR, Role.SYSTEM})


@dataclass(frozen=True)
class PartyHealth:
    """One party's queue. `behind_seconds` is the age of its oldest waiting message."""

    party: str
    waiting: int
    given_up: int
    behind_seconds: int
    silent_since: datetime | None
    next_try_at: datetime | None
    answered_at: datetime | None
    last_error: str


@dataclass(frozen=True)
class MessageSeen:
    """A message of the outbox and why it is not there yet."""

    message: str
    party: str
    event: str
    subject: str
    created_at: datetime
    attempts: int
    due_at: datetime
    gave_up_at: datetime | None
    reason: str


@dataclass(frozen=True)
class JobSeen:
    """A timed job: when it last ran, when it is due, how often it has failed in a row.

    `overdue`: nobody has taken it for far too long, so no worker seems to run.
    """

    job: str
    due_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    failures: int
    last_error: str
    overdue: bool


@dataclass(frozen=True)
class DeliveryProof:
    """Messages told in some time. `gaps` are numbers missing in a line of one subject and party.

    `tries` beyond `told` are those that had to be said again; `out_of_order` were delivered before
    what had been told before them.
    """

    told: int
    delivered: int
    given_up: int
    tries: int
    gaps: int
    out_of_order: int


def parties(*, as_seen_by: Actor, at: datetime) -> tuple[PartyHealth, ...]:
    """Every party anything was ever told to, by name."""
    _must_see_queues(as_seen_by)
    waiting = Q(delivered_at=None, gave_up_at=None)
    given_up = Q(delivered_at=None, gave_up_at__isnull=False)
    with one_moment():
        queues = {row.party: row for row in PartyQueue.objects.order_by("party")}
        counts = (
            OutboxRow.objects.filter(delivered_at=None)
            .order_by("party")
            .values("party")
            .annotate(
                waiting=Count("pk", filter=waiting),
                given_up=Count("pk", filter=given_up),
                oldest_at=Min("created_at", filter=waiting),
            )
        )
        by_party: dict[str, Mapping[str, Any]] = {row["party"]: row for row in counts}
    return tuple(
        _health(party, queues.get(party), by_party.get(party, {}), at)
        for party in sorted({*queues, *by_party})
    )


def given_up(*, as_seen_by: Actor, at: datetime, party: str = "") -> tuple[MessageSeen, ...]:
    """Messages that were given up, the newest first, with the reason."""
    _must_see_queues(as_seen_by)
    rows = OutboxRow.objects.filter(delivered_at=None, gave_up_at__lte=at)
    if party:
        rows = rows.filter(party=party)
    return tuple(_message(row) for row in rows.order_by("-gave_up_at", "ref")[:MOST_LINES])


def held_back(*, as_seen_by: Actor, party: str) -> tuple[MessageSeen, ...]:
    """Messages for one party that are still waiting, the oldest first."""
    _must_see_queues(as_seen_by)
    rows = OutboxRow.objects.filter(party=party, delivered_at=None, gave_up_at=None)
    return tuple(_message(row) for row in rows.order_by("created_at", "ref")[:MOST_LINES])


def jobs(*, as_seen_by: Actor, at: datetime) -> tuple[JobSeen, ...]:
    """Every timed job that has run here, by name.

    Without those that bring messages: a worker has a thread for each party instead, and how far
    each of them is stands in `parties`.
    """
    _must_see_queues(as_seen_by)
    return tuple(
        JobSeen(
            row.name,
            row.due_at,
            row.started_at,
            row.ended_at,
            row.failures,
            row.last_error,
            row.due_at + OVERDUE < at,
        )
        for row in TimedJob.objects.exclude(name__in=_BY_PARTY).order_by("name")
    )


def delivery_proof(*, since: datetime, as_seen_by: Actor) -> DeliveryProof:
    """What became of everything that was told since then: nothing lost, nothing out of order."""
    _must_see_queues(as_seen_by)
    rows = OutboxRow.objects.filter(created_at__gte=since)
    counts = rows.aggregate(
        told=Count("pk"),
        delivered=Count("pk", filter=Q(delivered_at__isnull=False)),
        given_up=Count("pk", filter=Q(delivered_at=None, gave_up_at__isnull=False)),
        tries=Sum("attempts", default=0),
    )
    runs = rows.values("subject", "party").annotate(
        missing=Max("sequence") - Min("sequence") + 1 - Count("pk")
    )
    before = Window(Lag("delivered_at"), partition_by=_LINE, order_by="sequence")
    crossed = rows.annotate(before=before).filter(delivered_at__lt=F("before"))
    return DeliveryProof(
        told=counts["told"],
        delivered=counts["delivered"],
        given_up=counts["given_up"],
        tries=counts["tries"],
        gaps=sum(run["missing"] for run in runs.exclude(missing=0).order_by()),
        out_of_order=crossed.count(),
    )


def _must_see_queues(viewer: Actor) -> None:
    if viewer.role not in _SEES_QUEUES:
        raise NotFound("Outbox")


def _health(
    party: str, queue: PartyQueue | None, counts: Mapping[str, Any], at: datetime
) -> PartyHealth:
    oldest = counts.get("oldest_at") or at
    return PartyHealth(
        party=party,
        waiting=counts.get("waiting", 0),
        given_up=counts.get("given_up", 0),
        behind_seconds=max(0, int((at - oldest).total_seconds())),
        silent_since=queue.silent_since if queue else None,
        next_try_at=queue.next_try_at if queue else None,
        answered_at=queue.answered_at if queue else None,
        last_error=queue.last_error if queue else "",
    )


def _message(row: OutboxRow) -> MessageSeen:
    return MessageSeen(
        message=row.ref,
        party=row.party,
        event=row.event,
        subject=row.subject,
        created_at=row.created_at,
        attempts=row.attempts,
        due_at=row.due_at,
        gave_up_at=row.gave_up_at,
        reason=row.last_error,
    )
