"""What every page of this desk shares: who may sit here, its bar, its page codes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from onecard.domain.authority import Role
from onecard.queries.staff import Me
from onecard.web.sign_in.desk import Door, desk, show

DOORS = (
    Door("card_desk:start", "card_desk.nav.start", "F2"),
    Door("card_desk:drawer", "card_desk.drawer.title", "F3"),
)

at_card_desk = desk(Role.CARD_OUTLET_CLERK)


def page(request: HttpRequest, me: Me, template: str, *, code: str, **context: Any) -> HttpResponse:
    """A page of this desk."""
    return show(request, me, f"card_desk/{template}", code=code, doors=DOORS, **context)
