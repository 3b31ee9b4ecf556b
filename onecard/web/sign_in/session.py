"""How long a staff session lasts: 30 minutes without use, eight hours in all (guarantees 13)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import auth
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django_otp import DEVICE_ID_SESSION_KEY

from onecard.actions import staff as acts
from onecard.domain.refusal import NotFound
from onecard.queries import staff
from onecard.seams.world import world
from onecard.web.display import page_of
from onecard.web.middleware import SIGNED_IN_AT, load_anew, looks_by_itself

SEEN_AT = "seen_at"
"""Session key: when this session was last used (ISO), kept to a few seconds."""

_KEPT_TO = timedelta(seconds=10)

Answer = Callable[[HttpRequest], HttpResponse]


class StaffSessionMiddleware:
    """Signs staff out when their time is over; citizens' sessions are not touched here."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or send to the sign-in page with the way back."""
        if SESSION_KEY not in request.session:
            return self._answer(request)
        now = world().clock.now()
        if now >= ends_at(request):
            because = "idle" if now < _longest(request) else "longest"
            sign_out(request, because=because)
            return to_sign_in(request, ended=because)
        if not looks_by_itself(request) and now - _instant(request, SEEN_AT) > _KEPT_TO:
            request.session[SEEN_AT] = now.isoformat()
        return self._answer(request)


def begin(request: HttpRequest, user: Any) -> None:
    """A fresh session with a new id for somebody whose password was right; nothing is carried over.

    No staff page opens before the second factor was given too.
    """
    request.session.flush()
    auth.login(request, user)
    now = world().clock.now().isoformat()
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = now


def let_in(request: HttpRequest, device: str) -> None:
    """The second factor was given: a new session id once more, and the device that proved it."""
    request.session.cycle_key()
    request.session[DEVICE_ID_SESSION_KEY] = device


def sign_out(request: HttpRequest, *, because: str) -> None:
    """End the session, and keep in the audit why."""
    try:
        actor = staff.me(staff=str(request.user.pk)).actor
        acts.sign_out(because=because, actor=actor, at=world().clock.now())
    except NotFound:
        pass
    auth.logout(request)


def ends_at(request: HttpRequest) -> datetime:
    """When this session ends if nobody touches it again."""
    return staff.session_ends_at(
        signed_in_at=_instant(request, SIGNED_IN_AT), seen_at=_instant(request, SEEN_AT)
    )


def seconds_left(request: HttpRequest) -> int:
    """Whole seconds until this session ends."""
    return max(0, int((ends_at(request) - world().clock.now()).total_seconds()))


def to_sign_in(request: HttpRequest, **why: str) -> HttpResponse:
    """To the sign-in page, and from there back to this page."""
    if looks_by_itself(request):
        return load_anew()
    way_back = urlencode({**why, "next": page_of(request)})
    return HttpResponseRedirect(f"{reverse('sign_in:start')}?{way_back}", status=303)


def _longest(request: HttpRequest) -> datetime:
    """The absolute end, whatever happens meanwhile."""
    signed_in_at = _instant(request, SIGNED_IN_AT)
    return staff.session_ends_at(signed_in_at=signed_in_at, seen_at=world().clock.now())


def _instant(request: HttpRequest, key: str) -> datetime:
    """An instant kept in the session; long ago if it is missing."""
    return datetime.fromisoformat(request.session.get(key) or "2000-01-01T00:00:00+00:00")
