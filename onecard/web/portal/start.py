"""The first page: what do you want to do?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from onecard.web import pages


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The few tasks, in citizens' words."""
    return pages.show(request, "portal/start.html", code="C1-01")
