"""C9-17: whose next benefit would come back, how many will come where, who replaces often."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from onecard.queries import benefit, replacement
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web.office.frame import DOORS, operator
from onecard.web.sign_in.desk import show


@operator
@require_safe
def payday(request: HttpRequest, me: Me) -> HttpResponse:
    """The whole city: the list, the load of the outlets, and the flags without effect."""
    seen_by, now = me.actor, world().clock.now()
    return show(
        request,
        me,
        "staff/payday.html",
        code="C9-17",
        doors=DOORS,
        rows=benefit.radar(as_seen_by=seen_by, at=now),
        load=benefit.load_ahead(as_seen_by=seen_by, at=now),
        many=replacement.many_replacements(as_seen_by=seen_by, at=now),
    )
