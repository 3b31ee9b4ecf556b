"""The switches in the head of every page: language, 「长辈版」, colours. They keep the page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from onecard.actions import notification
from onecard.domain.authority import Actor, Channel, Role
from onecard.seams.world import world
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
        _tell_account(request)
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
    for name, value in _asked(request).items():
        _set(response, KNOWN[name][0], value)


def _tell_account(request: HttpRequest) -> None:
    """Somebody signed in is told things in the language chosen last, on every channel."""
    person, language = request.session.get("citizen"), _asked(request).get("language")
    if person and language:
        actor = Actor(Role.CITIZEN, person, Channel.PORTAL)
        notification.choose_language(language=language, actor=actor, at=world().clock.now())


def read_anew(request: HttpRequest) -> None:
    """Let this very answer already be read the way the POST asks for."""
    reader = replace(pages.reader_in(request), **_asked(request))
    request.reader = reader  # type: ignore[attr-defined]


def _asked(request: HttpRequest) -> dict[str, str]:
    """The choices of a POST that we know, by name."""
    name, _, value = request.POST.get("show", "").partition(":")
    asked = {name: ELDER_ENTRY if value == "elder" else value}
    asked |= {name: request.POST[name] for name in KNOWN if name in request.POST}
    return {name: value for name, value in asked.items() if value in KNOWN.get(name, ("", ()))[1]}


def safe_next(wanted: str) -> str:
    """A path of our own to go back to; the first page for anything else."""
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours and urlsplit(wanted).path.startswith("/") else "/"


def page_of(request: HttpRequest) -> str:
    """The page somebody was on: the address itself, or of a sent form the page it stood on."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if request.method in {"GET", "HEAD"} or came_from.netloc != request.get_host():
        return request.get_full_path()
    return safe_next(came_from._replace(scheme="", netloc="").geturl())


def _set(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=A_YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
