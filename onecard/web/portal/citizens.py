"""Who the citizen is: proven by the real-name service, remembered in the session, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from onecard.domain.authority import Actor, Channel, Role
from onecard.web import pages
from onecard.web.display import page_of
from onecard.web.middleware import load_anew, looks_by_itself

CITIZEN = "citizen"
NAME = "citizen_name"

View = Callable[..., HttpResponse]


def person_of(request: HttpRequest) -> str:
    """The person who is signed in, or empty."""
    return str(request.session.get(CITIZEN, ""))


def actor_of(request: HttpRequest) -> Actor:
    """The citizen as the floors below know them."""
    return Actor(Role.CITIZEN, person_of(request), Channel.PORTAL)


def signed_in(view: View) -> View:
    """A page for its own citizen only; anybody else is led through the sign-in and back here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if person_of(request):
            return view(request, *args, **named)
        if looks_by_itself(request):
            return load_anew()
        if request.method == "POST":
            pages.tell_next_page(request, pages.say(request, "portal.sign_in.expired"))
        back = urlencode({"next": page_of(request)})
        return HttpResponseRedirect(f"/real-name?{back}")

    return guarded
