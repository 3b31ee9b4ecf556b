"""What every office page shares. Three administrators, three desks; none opens another one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from onecard.domain.authority import Role
from onecard.queries.staff import Me
from onecard.web.sign_in.desk import Door, desk, show

OPERATORS = frozenset({Role.PLATFORM_OPERATOR})
AUDITORS = frozenset({Role.AUDITOR})
SECURITY = frozenset({Role.SECURITY_ADMIN})
DOORS = (
    Door("office:start", "office.nav.start", "F2", OPERATORS),
    Door("office:batches", "office.nav.batches", "F3", OPERATORS),
    Door("office:failures", "office.nav.failures", "F4", OPERATORS),
    Door("office:due", "office.nav.due", "F6", OPERATORS),
    Door("office:outbox", "office.nav.outbox", "F7", OPERATORS),
    Door("office:discrepancies", "office.nav.discrepancies", "F8", OPERATORS),
    Door("office:held", "held_cases.title", "", OPERATORS),
    Door("office:payday", "office.nav.payday", "", OPERATORS),
    Door("office:reconciliation", "office.nav.reconciliation", "", OPERATORS),
    Door("office:accounts", "office.nav.accounts", "", SECURITY),
    Door("office:audit", "office.nav.audit", "", AUDITORS),
)

operator = desk(*OPERATORS)
auditor = desk(*AUDITORS)
security_admin = desk(*SECURITY)


def page(request: HttpRequest, me: Me, template: str, *, code: str, **context: Any) -> HttpResponse:
    """An office page."""
    return show(request, me, f"office/{template}", code=code, doors=DOORS, **context)
