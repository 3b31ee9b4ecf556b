"""What every page of the 12333 desk shares: who may sit here, the bar with its keys."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from onecard.domain.authority import Role
from onecard.queries.staff import Me
from onecard.web.sign_in.desk import Door, desk, show

DOORS = (
    Door("phone:start", "phone_desk.nav.start", "F2"),
    Door("phone:page", "phone_desk.nav.page", "F4"),
)

at_phone = desk(Role.PHONE_OPERATOR)


def page(request: HttpRequest, me: Me, template: str, *, code: str, **context: Any) -> HttpResponse:
    """A page of the 12333 desk."""
    return show(request, me, f"phone/{template}", code=code, doors=DOORS, **context)
