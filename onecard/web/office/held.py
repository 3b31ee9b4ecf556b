"""C9-18 可疑充值: top-ups in doubt with owner and age; two persons decide what no tap settles."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onecard.actions import topup as acts
from onecard.actions.topup.deciding import Decision
from onecard.domain.refusal import NotFound, Refused
from onecard.queries import topup
from onecard.queries.staff import Me
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.office.frame import operator, page

CODE = "C9-18"


@operator
@require_safe
def held(request: HttpRequest, me: Me) -> HttpResponse:
    """The cases, the oldest first, and whether every fen of every top-up is somewhere."""
    now = world().clock.now()
    return page(
        request,
        me,
        "held.html",
        code=CODE,
        cases=topup.held_cases(as_seen_by=me.actor, at=now),
        check=topup.daily_check(as_seen_by=me.actor, at=now),
        today=local_day(now),
    )


@operator
@require_safe
def case(request: HttpRequest, me: Me, order: str) -> HttpResponse:
    """One order, line by line."""
    now = world().clock.now()
    return page(
        request,
        me,
        "held_case.html",
        code=CODE,
        back=reverse("office:held"),
        seen=topup.order_seen(order=order, as_seen_by=me.actor, at=now),
        statement=topup.statement(order=order, as_seen_by=me.actor, at=now),
    )


@operator
@require_POST
def decide(request: HttpRequest, me: Me, order: str) -> HttpResponse:
    """Take over, propose, decide or send back: each by whoever is signed in."""
    deeds: dict[str, Callable[..., object]] = {
        "take_over": acts.take_over,
        "propose": lambda **who: acts.propose(
            decision=_decision(request), why=request.POST.get("why", ""), **who
        ),
        "decide": acts.decide,
        "decline": acts.decline,
    }
    wanted = next((name for name in deeds if name in request.POST), "")
    if not wanted:
        raise NotFound("deed")
    try:
        deeds[wanted](order=order, actor=me.actor, at=world().clock.now())
    except Refused as refused:
        name = pages.say(request, "held_cases.title")
        return pages.refuse(
            request, refused, code=CODE, onward=reverse("office:held"), onward_name=name
        )
    pages.tell_next_page(request, pages.say(request, f"held_cases.done.{wanted}"))
    return HttpResponseRedirect(reverse("office:held"))


def _decision(request: HttpRequest) -> Decision:
    """What was chosen. Raises `NotFound` for anything the page does not offer."""
    known = {one.value: one for one in Decision}
    if request.POST.get("decision") not in known:
        raise NotFound("decision")
    return known[request.POST["decision"]]
