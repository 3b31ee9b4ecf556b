"""Who may sit at a desk: a view for named roles only, given who is signed in.

Without both factors it leads to the sign-in page and back; to another role it answers with a page
that says who may. Least privilege: no desk opens for a role that has no work there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onecard.domain.authority import Role
from onecard.domain.refusal import NotFound
from onecard.queries import staff
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.sign_in import session

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
DeskView = Callable[Concatenate[HttpRequest, Me, P], HttpResponse]

FORBIDDEN = 403
HOMES = {
    Role.OUTLET_CLERK: "counter:start",
    Role.OUTLET_SUPERVISOR: "counter:start",
    Role.HR_CLERK: "counter:start",
    Role.BANK_CLERK: "bank:start",
    Role.CARD_OUTLET_CLERK: "card_desk:start",
    Role.PHONE_OPERATOR: "phone:start",
    Role.EMPLOYER_AGENT: "unit:start",
    Role.PLATFORM_OPERATOR: "office:start",
    Role.AUDITOR: "office:audit",
    Role.SECURITY_ADMIN: "office:accounts",
}


def desk(*roles: Role) -> Callable[[DeskView[P]], View[P]]:
    """The view answers these roles only, as `view(request, me, ...)`; without roles, all staff."""

    def decorate(view: DeskView[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **named: P.kwargs) -> HttpResponse:
            me = who(request)
            if me is None:
                return session.to_sign_in(request)
            if me.must_change_password:
                return HttpResponseRedirect(reverse("sign_in:password"))
            if roles and me.actor.role not in roles:
                return not_your_desk(request, me, roles)
            return view(request, me, *args, **named)

        return guarded

    return decorate


@dataclass(frozen=True)
class Door:
    """One entry of a desk's own bar: where it leads, how it is called, which key opens it."""

    page: str
    word: str
    key: str = ""
    roles: frozenset[Role] = frozenset(Role)


@dataclass(frozen=True)
class OpenDoor:
    """A door as the bar shows it."""

    url: str
    word: str
    key: str
    here: bool


def show(
    request: HttpRequest,
    me: Me,
    template: str,
    *,
    code: str,
    doors: tuple[Door, ...],
    **context: Any,
) -> HttpResponse:
    """A desk's page: its bar, who sits here, and how long the session lasts."""
    open_doors = [
        OpenDoor(url, door.word, door.key, here=url == request.path)
        for door in doors
        if me.actor.role in door.roles
        for url in [reverse(door.page)]
    ]
    warning = staff.sign_in_figures(at=world().clock.now()).idle_warning_seconds
    frame = {
        "me": me,
        "doors": open_doors,
        "home": home_of(me),
        "place_name": me.employer_name or _outlet_of(me, pages.reader_in(request).language),
        "session_left": session.seconds_left(request),
        "session_warning": warning,
    }
    return pages.show(request, template, code=code, **{**frame, **context})


def _outlet_of(me: Me, language: str) -> str:
    return (me.outlet_name_en if language == "en" else "") or me.outlet_name


def who(request: HttpRequest) -> Me | None:
    """Who is signed in with both factors; None for anybody else."""
    half = half_in(request)
    return half if getattr(request.user, "otp_device", None) else None


def half_in(request: HttpRequest) -> Me | None:
    """Whose password was right, with or without the second factor."""
    if not request.user.is_authenticated:
        return None
    try:
        return staff.me(staff=str(request.user.pk))
    except NotFound:
        auth.logout(request)
        return None


def home_of(me: Me) -> str:
    """The first page of somebody's work; roles without a desk here see their account."""
    return reverse(HOMES.get(me.actor.role, "sign_in:account"))


def not_your_desk(request: HttpRequest, me: Me, roles: tuple[Role, ...]) -> HttpResponse:
    """The page for a role that has no work at this desk: it says who has."""
    return pages.show(
        request,
        "sign_in/not_your_desk.html",
        code="S-06",
        status=FORBIDDEN,
        me=me,
        may=[role.value for role in roles],
        home=home_of(me),
    )
