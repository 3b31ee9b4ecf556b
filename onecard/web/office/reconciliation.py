"""C9-16: with whom our states agree, how fast losses arrive; what differs and what two decide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onecard.actions import reconciliation as acts
from onecard.actions.reconciliation import RunReceipt
from onecard.domain.reconciliation import FixKind
from onecard.domain.refusal import Refused
from onecard.queries import reconciliation
from onecard.queries.propagation import propagation
from onecard.queries.staff import Me
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.office.frame import operator, page
from onecard.web.templatetags.desk import partner_word

CODE = "C9-16"
A_DAY = timedelta(days=1)


@operator
@require_safe
def start(request: HttpRequest, me: Me) -> HttpResponse:
    """The nine parties, what differs, what was put right lately."""
    now = world().clock.now()
    return page(
        request,
        me,
        "reconciliation.html",
        code=CODE,
        parties=reconciliation.parties(as_seen_by=me.actor, at=now),
        told=propagation(since=now - A_DAY, until=now, as_seen_by=me.actor),
        breaks=reconciliation.open_breaks(as_seen_by=me.actor),
        settled=reconciliation.settled_breaks(as_seen_by=me.actor),
    )


@operator
@require_POST
def run(request: HttpRequest, me: Me) -> HttpResponse:
    """Compare with one partner, or with everybody, now."""
    now, party = world().clock.now(), request.POST.get("party", "")
    asked = (party,) if party else acts.parties(local_day(now))
    try:
        done = [acts.run(party=one, actor=me.actor, at=now) for one in asked]
    except Refused as refused:
        return _refuse(request, refused)
    pages.tell_next_page(request, _said(request, done))
    return _back()


@operator
@require_POST
def decide(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """Propose, approve or send back: each by whoever is signed in, with both factors."""
    deeds: dict[str, Callable[..., object]] = {
        "propose": lambda **who: acts.propose_fix(
            fix=_fix(request), reason=request.POST.get("reason", ""), **who
        ),
        "approve": acts.approve_fix,
        "decline": acts.decline_fix,
    }
    wanted = next((name for name in deeds if name in request.POST), "")
    if not wanted:
        return _back()
    try:
        deeds[wanted](break_ref=ref, actor=me.actor, at=world().clock.now())
    except Refused as refused:
        return _refuse(request, refused)
    pages.tell_next_page(request, pages.say(request, f"reconciliation.page.done.{wanted}"))
    return _back()


def _fix(request: HttpRequest) -> FixKind:
    """The chosen way; nothing chosen means to wait, which changes nothing."""
    known = {fix.value: fix for fix in FixKind}
    return known.get(request.POST.get("fix", ""), FixKind.WAIT)


def _said(request: HttpRequest, done: list[RunReceipt]) -> str:
    breaks = sum(sum(one.found.values()) for one in done)
    silent = sum(bool(one.silent) for one in done)
    if len(done) > 1:
        facts = {"count": len(done), "breaks": breaks, "silent": silent}
        return pages.say(request, "reconciliation.page.ran_all", **facts)
    name = partner_word(done[0].party, pages.reader_in(request).language)
    if silent:
        return pages.say(request, "reconciliation.page.ran_silent", partner=name)
    return pages.say(request, "reconciliation.page.ran", partner=name, breaks=breaks)


def _refuse(request: HttpRequest, refused: Refused) -> HttpResponse:
    again = pages.say(request, "reconciliation.page.title")
    return pages.refuse(
        request, refused, code=CODE, onward=reverse("office:reconciliation"), onward_name=again
    )


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("office:reconciliation"))
