"""「我们已经知道的」: what the province says about the person, before anything is asked."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from onecard.domain.refusal import Refused
from onecard.queries import person
from onecard.queries.card import my_cards
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.portal.apply import case as cases
from onecard.web.portal.apply.case import FETCHED, KNOWN_DAY, KNOWN_NATIONALITY, Case
from onecard.web.portal.apply.journey import Journey
from onecard.web.portal.apply.questions import asked_in
from onecard.web.portal.citizens import actor_of, signed_in

PROGRESS = frozenset({"application.already_in_production"})


@signed_in
@require_safe
def known(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Fetch, keep, show. Whoever cannot go on here is told so now, not at the end."""
    actor, at = actor_of(request), world().clock.now()
    case = cases.open_case(request, journey)
    if not case.fetched:
        try:
            base = journey.begin(actor, at)
        except Refused as refused:
            return _turned_away(request, refused, journey)
        case = _keep(request, case, base.document_valid_to)
    return pages.show(
        request,
        "portal/known.html",
        code=journey.codes["known"],
        back=journey.path if journey.may_go_elsewhere else journey.turned_away,
        again=journey.page("again"),
        me=person.myself(as_seen_by=actor, at=at),
        onward=asked_in(case)[0].href if case.missing() else journey.page("check"),
        begun=bool(case.given.get("phone")),
    )


def _keep(request: HttpRequest, case: Case, valid_to: date | None) -> Case:
    me = person.myself(as_seen_by=actor_of(request), at=world().clock.now())
    fetched: dict[str, Any] = {
        FETCHED: True,
        KNOWN_DAY: valid_to,
        KNOWN_NATIONALITY: me.nationality,
    }
    if case.journey.keeps_bank:
        cards = my_cards(as_seen_by=actor_of(request), at=world().clock.now())
        fetched["bank"] = cards.live.bank if cards.live else ""
    return cases.keep(request, case, **fetched)


def _turned_away(request: HttpRequest, refused: Refused, journey: Journey) -> HttpResponse:
    under_way = refused.refusal.code in PROGRESS
    onward = "/applications" if under_way else journey.turned_away
    name = "portal.progress.open" if under_way else f"{journey.words}.turned_away"
    code = journey.codes["turned_away"]
    return pages.refuse(
        request, refused, code=code, onward=onward, onward_name=pages.say(request, name)
    )


@signed_in
@require_safe
def start_over(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Ask the province again: the data may have been put right meanwhile."""
    case = cases.open_case(request, journey)
    if case.draft:
        cases.keep(request, case, **{FETCHED: False})
    return HttpResponseRedirect(journey.page("known"))
