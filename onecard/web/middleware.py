"""What happens around every page: how it is read, how long a sign-in lasts, who may keep a copy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from onecard.seams.world import world
from onecard.web.reader import reader_of

Answer = Callable[[HttpRequest], HttpResponse]

SIGNED_IN_AT = "signed_in_at"
"""Session key: the instant of sign-in (ISO), kept for citizens and staff alike."""

LONGEST_SESSION = timedelta(hours=8)
"""A sign-in ends after this however busy it was (guarantees.md 13)."""


class ReaderMiddleware:
    """Puts `request.reader` in place and tells caches that pages differ by it."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Read first, answer, then say what the answer depended on."""
        request.reader = reader_of(request)  # type: ignore[attr-defined]
        response = self._answer(request)
        patch_vary_headers(response, ("Cookie", "Accept-Language"))
        if "Content-Language" not in response:
            response["Content-Language"] = request.reader.tag  # type: ignore[attr-defined]
        return response


SEEN_AT = "seen_at"
RENEW_AFTER = timedelta(minutes=1)
"""How often use is noted: a page a second must not mean a row written a second."""


def looks_by_itself(request: HttpRequest) -> bool:
    """Whether a page asked with nobody's hand on it: a loss board that looks again."""
    return request.headers.get("HX-Request") == "true"


def load_anew() -> HttpResponse:
    """To a page that looked by itself after its session had ended: it is loaded as a whole."""
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


class SessionLimitMiddleware:
    """Keeps a citizen's session alive while it is used, and ends it after eight hours all the same.

    A page that looks by itself uses nothing: left open in a library, it ends like any other.
    Sessions of staff keep other times and are looked after where staff sign in.
    """

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Flush the session when it has lived long enough, else note that it is in use."""
        if "citizen" in request.session:
            now = world().clock.now()
            if _since(request, SIGNED_IN_AT, now) > LONGEST_SESSION:
                request.session.flush()
            elif not looks_by_itself(request) and _since(request, SEEN_AT, now) > RENEW_AFTER:
                request.session[SEEN_AT] = now.isoformat()
        return self._answer(request)


def _since(request: HttpRequest, name: str, now: datetime) -> timedelta:
    noted = request.session.get(name)
    return now - datetime.fromisoformat(noted) if noted else timedelta.max


class PersonalPagesMiddleware:
    """Pages of somebody signed in are kept nowhere: not in the browser, not on the way."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mark the answer when the asker is known."""
        response = self._answer(request)
        if SIGNED_IN_AT in request.session or "citizen" in request.session:
            response["Cache-Control"] = "no-store"
        return response
