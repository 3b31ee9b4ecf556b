"""What a page says when it cannot be given: absent, not allowed, expired, broken."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onecard.domain.refusal import NotFound, Refused
from onecard.web import pages

Answer = Callable[[HttpRequest], HttpResponse]

NOT_ALLOWED = 405
FOR_PROGRAMS = ("/api/", "/v1/")


class RefusalMiddleware:
    """Turns what the floors below raise into pages: `Refused` a refusal page, `NotFound` a 404."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; an address that only takes forms is to be read like one that is absent."""
        response = self._answer(request)
        if response.status_code == NOT_ALLOWED and not request.path.startswith(FOR_PROGRAMS):
            allowed, response = response["Allow"], _page(request, "absent", NOT_ALLOWED)
            response["Allow"] = allowed
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for an exception a door did not catch itself; the API has its own."""
        if request.path.startswith(FOR_PROGRAMS):
            return None
        if isinstance(error, Refused):
            return pages.refuse(request, error)
        return absent(request) if isinstance(error, NotFound) else None


class LargestBodyMiddleware:
    """Turns a body away unread that is larger than any form of ours: nothing of it is stored."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or say that it is too large."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.LARGEST_BODY_BYTES:
            return _page(request, "too_large", 413)
        return self._answer(request)


def absent(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: there is no such page, or not for this person; both look the same."""
    del exception
    return _page(request, "absent", 404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the door is closed for this role."""
    del exception
    return _page(request, "forbidden", 403)


def malformed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent cannot be read."""
    del exception
    return _page(request, "malformed", 400)


def expired_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of the form guard: the page stood open too long; nothing was done."""
    del reason
    return _page(request, "expired", 403)


def broken(request: HttpRequest) -> HttpResponse:
    """500: our mistake. Needs no table and no session."""
    return _page(request, "broken", 500)


def _page(request: HttpRequest, kind: str, status: int) -> HttpResponse:
    reader = pages.reader_in(request)
    context = {
        "reader": reader,
        "kind": kind,
        "headline": f"common.failure.{kind}.headline",
        "next": f"common.failure.{kind}.next",
        "here": "/" if kind == "broken" else request.path,
        "hotlines": pages.hotlines(reader.language),
        "page_code": f"E-{status}",
    }
    return render(request, "errors/failure.html", context, status=status)
