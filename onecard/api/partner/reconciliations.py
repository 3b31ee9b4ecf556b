"""Comparisons of our states with a partner's own book, and what differed: for that partner alone.

What is found here is put right by two persons on our side, or by the partner in its own book.
"""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Query, Router

from onecard.api.partner.asking import CardPageAsked, Page, PageAsked, page, place_in
from onecard.api.partner.door import allowed
from onecard.api.partner.told import DiscrepancyTold, ReconciliationTold
from onecard.domain.partner_scope import RECONCILIATION_READ
from onecard.queries import partner as queries

router = Router(tags=["reconciliations"])
RUNS, DISCREPANCIES = "reconciliations", "discrepancies"


@router.get(
    "/reconciliations", response=Page[ReconciliationTold], operation_id="list_reconciliations"
)
def list_runs(request: HttpRequest, asked: Query[PageAsked]) -> object:
    """Every comparison with your book that is over, the oldest first."""
    caller = allowed(request, RECONCILIATION_READ)
    after = place_in(asked.after, of=RUNS, client=caller.ref)
    found = queries.reconciliations(caller=caller, after=after, limit=asked.limit)
    return page(found, asked.limit, of=RUNS, client=caller.ref)


@router.get(
    "/reconciliations/{run_id}", response=ReconciliationTold, operation_id="read_reconciliation"
)
def read_run(request: HttpRequest, run_id: str) -> object:
    """One comparison: counts and digests of both sides, and what was found."""
    caller = allowed(request, RECONCILIATION_READ)
    return queries.reconciliation(caller=caller, run=run_id)


@router.get("/discrepancies", response=Page[DiscrepancyTold], operation_id="list_discrepancies")
def list_discrepancies(request: HttpRequest, asked: Query[CardPageAsked]) -> object:
    """Where your book and ours differ or differed, and why; of one card or of all."""
    caller = allowed(request, RECONCILIATION_READ)
    after = place_in(asked.after, of=DISCREPANCIES, client=caller.ref)
    found = queries.discrepancies(caller=caller, card=asked.card_id, after=after, limit=asked.limit)
    return page(found, asked.limit, of=DISCREPANCIES, client=caller.ref)
