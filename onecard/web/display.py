"""The switches in the head of every page: language, 「长辈版」, colours. They keep the page."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from onecard.web import pages
from onecard.web.reader import CONTRASTS, ELDER_ENTRY, LANGUAGE_KEY, LANGUAGES, SIZES, THEMES

A_YEAR = 365 * 24 * 3600
KNOWN = {
    "language": (LANGUAGE_KEY, LANGUAGES),
    "size": ("size", SIZES),
    "theme": ("theme", THEMES),
    "contrast": ("contrast", CONTRASTS),
}


@dataclass(frozen=True)
class Offered:
    """One row of choices on the display page."""

    name: str
    values: tuple[str, ...]
    chosen: str


@require_http_methods(["GET", "POST"])
def display(request: HttpRequest) -> HttpResponse:
    """GET: the page with every choice. POST: keep the choices and go back to the page."""
    if request.method == "POST":
        response = HttpResponseRedirect(safe_next(request.POST.get("next", "/")))
        keep(request, response)
        return response
    reader = pages.reader_in(request)
    offered = (
        Offered("language", LANGUAGES, reader.language),
        Offered("size", SIZES, reader.size),
        Offered("theme", THEMES, reader.theme),
        Offered("contrast", CONTRASTS, reader.contrast),
    )
    back = safe_next(request.GET.get("next", "/"))
    return pages.show(request, "display.html", code="C0-01", offered=offered, back=back)


def keep(request: HttpRequest, response: HttpResponse) -> None:
    """Set the cookies a POST asks for: `show=size:22`, or one field per choice."""
    asked = (
        dict([request.POST["show"].split(":", 1)]) if ":" in request.POST.get("show", "") else {}
    )
    asked |= {name: request.POST[name] for name in KNOWN if name in request.POST}
    for name, value in asked.items():
        cookie, values = KNOWN.get(name, ("", ()))
        kept = ELDER_ENTRY if value == "elder" else value
        if kept in values:
            _set(response, cookie, kept)


def safe_next(wanted: str) -> str:
    """A path of our own to go back to; the first page for anything else."""
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours and urlsplit(wanted).path.startswith("/") else "/"


def _set(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=A_YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
