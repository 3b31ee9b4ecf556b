"""Sign-in by the provincial real-name service: OpenID Connect, code flow, state, nonce, PKCE.

State, nonce and verifier wait in the session; the session itself is made new once the person is
proven. With simulated partners the service's own page is shown here too.
"""

from __future__ import annotations

import hmac
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onecard.actions import sign_in, simulated_sign_in
from onecard.domain.refusal import Refusal, Refused
from onecard.queries import person
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.display import safe_next
from onecard.web.middleware import SIGNED_IN_AT
from onecard.web.portal.citizens import CITIZEN, NAME, actor_of, person_of
from onecard.web.reader import LANGUAGE_KEY, LANGUAGES

WAITING = "real_name"
BACK_AT = "/real-name/callback"
PEOPLE_SHOWN = 40


@require_safe
def explain(request: HttpRequest) -> HttpResponse:
    """Why signing in is needed, and the way to the service."""
    onward = safe_next(request.GET.get("next", "/"))
    if person_of(request):
        return HttpResponseRedirect(onward)
    return pages.show(request, "portal/sign_in.html", code="C1-13", next_page=onward)


@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Send the browser to the service. A link, not a form: the service may be another origin.

    `again` asks for a fresh proof although somebody is signed in already.
    """
    onward = safe_next(request.GET.get("next", "/"))
    if person_of(request) and "again" not in request.GET:
        return HttpResponseRedirect(onward)
    start = sign_in.begin(redirect_uri=_our_address(request))
    request.session[WAITING] = {
        "state": start.state,
        "nonce": start.nonce,
        "verifier": start.code_verifier,
        "next": onward,
    }
    return HttpResponseRedirect(start.url + _demo_search(request))


@require_safe
def come_back(request: HttpRequest) -> HttpResponse:
    """The service sent the browser back, with a code or with its own no."""
    waiting = request.session.pop(WAITING, None)
    try:
        proven = _prove(request, waiting)
    except Refused as refused:
        onward = urlencode({"next": (waiting or {}).get("next", "/")})
        return pages.refuse(
            request,
            refused,
            code="C1-13",
            onward=f"/real-name?{onward}",
            onward_name=pages.say(request, "portal.sign_in.again"),
        )
    request.session.flush()
    request.session[CITIZEN] = proven.person
    request.session[NAME] = proven.name
    request.session[SIGNED_IN_AT] = world().clock.now().isoformat()
    _remember_language(request)
    return HttpResponseRedirect(safe_next(waiting["next"] if waiting else "/"))


def _remember_language(request: HttpRequest) -> None:
    """The account's own language, where it is another than the usual one."""
    language = person.myself(as_seen_by=actor_of(request), at=world().clock.now()).language
    if language != LANGUAGES[0]:
        request.session[LANGUAGE_KEY] = language


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session everywhere and ask the browser to forget what it kept."""
    request.session.flush()
    pages.tell_next_page(request, pages.say(request, "portal.sign_in.signed_out"))
    response = HttpResponseRedirect("/")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_http_methods(["GET", "POST"])
def simulated(request: HttpRequest) -> HttpResponse:
    """The service's own page, played by the simulation: choose one of the demo people."""
    if not simulated_sign_in.is_offered():
        raise Http404
    if request.method == "POST":
        if "deny" in request.POST:
            return HttpResponseRedirect(simulated_sign_in.deny(query=request.GET))
        chosen = request.POST.get("person", "")
        return HttpResponseRedirect(simulated_sign_in.approve(query=request.GET, person=chosen))
    find = request.GET.get("find", "").strip()
    people = [p for p in simulated_sign_in.demo_people() if find in p.name]
    return pages.show(
        request,
        "portal/simulated.html",
        code="C1-14",
        people=people[:PEOPLE_SHOWN],
        more=max(len(people) - PEOPLE_SHOWN, 0),
        find=find,
        kept=[(name, value) for name, value in request.GET.items() if name != "find"],
    )


def _demo_search(request: HttpRequest) -> str:
    """In the demo city the first page names people: the simulated page begins with that one."""
    wanted = request.GET.get("find", "")
    if not wanted or not settings.ENVIRONMENT.demo or not simulated_sign_in.is_offered():
        return ""
    return f"&{urlencode({'find': wanted})}"


def _prove(request: HttpRequest, waiting: dict[str, str] | None) -> sign_in.SignedIn:
    """The person behind the code. Raises `Refused`."""
    state = request.GET.get("state", "")
    if waiting is None or not hmac.compare_digest(waiting["state"].encode(), state.encode()):
        raise Refused(Refusal("application.identity_not_proven"))
    return sign_in.prove_citizen(
        code=request.GET.get("code", ""),
        code_verifier=waiting["verifier"],
        redirect_uri=_our_address(request),
        nonce=waiting["nonce"],
        actor=sign_in.STRANGER,
        at=world().clock.now(),
    )


def _our_address(request: HttpRequest) -> str:
    """Where the service sends the browser back to: registered with it in production."""
    if settings.ENVIRONMENT.production:
        return f"{settings.ENVIRONMENT.public_url.rstrip('/')}{BACK_AT}"
    return request.build_absolute_uri(BACK_AT)
