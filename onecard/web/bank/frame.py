"""What every page of the bank desk shares: who may sit here, the bar with its keys."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from onecard.domain.authority import Role
from onecard.queries.staff import Me
from onecard.web.sign_in.desk import Door, desk, show

DOORS = (
    Door("bank:start", "bank_desk.nav.start", "F2"),
    Door("bank:payday", "bank_desk.nav.payday", "F3"),
    Door("bank:discrepancies", "bank_desk.nav.discrepancies", "F4"),
)

at_bank = desk(Role.BANK_CLERK)


def page(request: HttpRequest, me: Me, template: str, *, code: str, **context: Any) -> HttpResponse:
    """A page of the bank desk."""
    return show(request, me, f"bank/{template}", code=code, doors=DOORS, **context)
