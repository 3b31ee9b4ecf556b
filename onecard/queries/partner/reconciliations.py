"""对账结果: what a partner may read of the comparisons with its own book, and of their findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from onecard.domain import partner
from onecard.domain.partner_scope import PartnerCaller, PartnerKind
from onecard.domain.refusal import NotFound
from onecard.records.models import Reconciliation, StateBreak


@dataclass(frozen=True)
class ReconciliationSeen:
    """One comparison that is over. `silent` says why it could not be finished; `found` counts."""

    id: str
    business_on: date
    begun_at: datetime
    ended_at: datetime
    equal: bool
    silent: str
    our_count: int
    our_digest: str
    their_count: int
    their_digest: str
    found: Mapping[str, int]


@dataclass(frozen=True)
class DiscrepancySeen:
    """One difference: `ours` and `theirs` are states, empty where one side has no line.

    `card_id` is empty for a card that only the partner knows; `closed_at` for what still differs.
    """

    id: str
    reconciliation_id: str
    card_id: str
    kind: str
    state: str
    ours: str
    theirs: str
    found_at: datetime
    seen_at: datetime
    closed_at: datetime | None


def reconciliations(*, caller: PartnerCaller, after: str, limit: int) -> list[ReconciliationSeen]:
    """The next comparisons with the caller's book after an id."""
    rows = _runs(caller).filter(ref__gt=after).order_by("ref")
    return [_run(row) for row in rows[: limit + 1]]


def reconciliation(*, caller: PartnerCaller, run: str) -> ReconciliationSeen:
    """One comparison. Raises `NotFound`."""
    row = _runs(caller).filter(ref=run).first()
    if row is None:
        raise NotFound("Reconciliation")
    return _run(row)


def discrepancies(
    *, caller: PartnerCaller, card: str, after: str, limit: int
) -> list[DiscrepancySeen]:
    """The next differences with the caller's book after an id, of one card or of all."""
    rows = StateBreak.objects.filter(party=_party(caller), ref__gt=after)
    if card:
        rows = rows.filter(card=card)
    return [_discrepancy(row) for row in rows.order_by("ref")[: limit + 1]]


def _party(caller: PartnerCaller) -> str:
    """By which key its book is known; nobody else keeps one."""
    if caller.kind is PartnerKind.HR:
        return partner.HR_DATABASE
    return partner.bank(caller.bank) if caller.bank else ""


def _runs(caller: PartnerCaller) -> QuerySet[Reconciliation]:
    return Reconciliation.objects.filter(party=_party(caller), ended_at__isnull=False)


def _run(row: Reconciliation) -> ReconciliationSeen:
    return ReconciliationSeen(
        id=row.ref,
        business_on=row.business_on,
        begun_at=row.begun_at,
        ended_at=row.ended_at or row.begun_at,
        equal=bool(row.our_digest) and row.our_digest == row.their_digest,
        silent=row.silent,
        our_count=row.our_count,
        our_digest=row.our_digest,
        their_count=row.their_count,
        their_digest=row.their_digest,
        found=row.found,
    )


def _discrepancy(row: StateBreak) -> DiscrepancySeen:
    return DiscrepancySeen(
        id=row.ref,
        reconciliation_id=row.seen_in_id,
        card_id=row.card_id or "",
        kind=row.kind.value,
        state=row.state.value,
        ours=row.ours,
        theirs=row.theirs,
        found_at=row.found_at,
        seen_at=row.seen_at,
        closed_at=row.closed_at,
    )
