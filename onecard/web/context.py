"""What every template knows without being told."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from onecard import __version__
from onecard.web.reader import Reader


def frame(request: HttpRequest) -> dict[str, Any]:
    """The reader, the mode of this installation and where the page stands."""
    return {
        "reader": getattr(request, "reader", None) or Reader(),
        "demo": settings.ENVIRONMENT.demo,
        "version": __version__,
        "here": request.get_full_path(),
        "citizen_signed_in": "citizen" in getattr(request, "session", {}),
    }
