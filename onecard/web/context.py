"""What every template knows without being told."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from onecard import __version__
from onecard.domain.authority import Actor, Channel, Role
from onecard.queries import notification
from onecard.web.reader import Reader


def frame(request: HttpRequest) -> dict[str, Any]:
    """The reader, the mode of this installation and where the page stands."""
    return {
        "reader": getattr(request, "reader", None) or Reader(),
        "demo": settings.ENVIRONMENT.demo,
        "version": __version__,
        "here": request.get_full_path(),
        "citizen_signed_in": bool(_citizen(request)),
        "unread": SimpleLazyObject(partial(_unread, request)),
    }


def _citizen(request: HttpRequest) -> str:
    return str(getattr(request, "session", {}).get("citizen", ""))


def _unread(request: HttpRequest) -> int:
    """How many messages wait for the citizen; asked only by pages that show it."""
    citizen = _citizen(request)
    if not citizen:
        return 0
    return notification.unread(as_seen_by=Actor(Role.CITIZEN, citizen, Channel.PORTAL))
