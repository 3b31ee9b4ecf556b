"""C5-06 and C5-07: what does not fit between us and this bank; whose next benefit comes back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from onecard.queries import benefit, production
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web.bank.frame import DOORS, at_bank, page
from onecard.web.sign_in.desk import show


@at_bank
@require_safe
def discrepancies(request: HttpRequest, me: Me) -> HttpResponse:
    """C5-06: this bank's news that did not fit our tables; the platform's operator settles them."""
    rows = production.of_own_bank(as_seen_by=me.actor)
    return page(request, me, "discrepancies.html", code="C5-06", rows=rows, help_bank=me.bank)


@at_bank
@require_safe
def payday(request: HttpRequest, me: Me) -> HttpResponse:
    """C5-07: people of this bank whose next payment would come back, the soonest first."""
    rows = benefit.radar(as_seen_by=me.actor, at=world().clock.now())
    load = benefit.load_ahead(as_seen_by=me.actor, at=world().clock.now())
    return show(
        request,
        me,
        "staff/payday.html",
        code="C5-07",
        doors=DOORS,
        rows=rows,
        load=load,
        help_bank=me.bank,
    )
