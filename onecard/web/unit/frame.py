"""What every page of the employer portal shares."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from onecard.domain.authority import Role
from onecard.queries.staff import Me
from onecard.web.sign_in.desk import Door, desk, show

DOORS = (
    Door("unit:start", "unit.nav.start", "F2"),
    Door("unit:add", "unit.nav.add", "F3"),
    Door("unit:handout", "unit.nav.handout", "F4"),
)

employers_agent = desk(Role.EMPLOYER_AGENT)


def page(request: HttpRequest, me: Me, template: str, *, code: str, **context: Any) -> HttpResponse:
    """A page of the employer portal."""
    return show(request, me, f"unit/{template}", code=code, doors=DOORS, **context)
