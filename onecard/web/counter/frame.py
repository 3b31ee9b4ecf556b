"""What every counter page shares: who may sit here, the bar with its keys, the page code."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from onecard.domain.authority import Role
from onecard.queries.staff import Me
from onecard.web.sign_in.desk import Door, desk, show

CLERKS = (Role.OUTLET_CLERK, Role.OUTLET_SUPERVISOR, Role.HR_CLERK)
DOORS = (
    Door("counter:start", "counter.nav.start", "F2"),
    Door("counter:employers", "counter.nav.employers", "F3"),
    Door("counter:stock", "counter.nav.stock", "F4"),
    Door("counter:count", "counter.nav.count"),
)

at_counter = desk(*CLERKS)


def page(request: HttpRequest, me: Me, template: str, *, code: str, **context: Any) -> HttpResponse:
    """A counter page."""
    return show(request, me, f"counter/{template}", code=code, doors=DOORS, **context)
