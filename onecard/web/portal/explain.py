"""C1-46 and C1-47: what is done at an outlet only, explained: the HR PIN, exchange and upgrade."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from onecard.domain.replacement import ExchangeReason
from onecard.queries import card as cards
from onecard.queries import figures, place, replacement
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.portal.citizens import actor_of, person_of

AT_MOST = 6


@require_safe
def pin(request: HttpRequest) -> HttpResponse:
    """C1-46: three PINs that know nothing of each other; where the HR PIN is set and reset."""
    today = local_day(world().clock.now())
    locked = False
    if person_of(request):
        live = cards.my_cards(as_seen_by=actor_of(request), at=world().clock.now()).live
        locked = live is not None and live.standing == "locked"
    return pages.show(
        request,
        "portal/pin.html",
        code="C1-46",
        back="/cards" if person_of(request) else "/",
        digits=figures.value("card", "hr_pin_digits", on=today),
        tries=figures.value("card", "hr_pin_max_tries", on=today),
        locked=locked,
        places=place.serving_people()[:AT_MOST],
    )


@require_safe
def exchange(request: HttpRequest) -> HttpResponse:
    """C1-47: an exchange is made at an outlet, the old card in hand, the purse refunded first."""
    offer = None
    if person_of(request):
        offers = replacement.offers(
            person=person_of(request), as_seen_by=actor_of(request), at=world().clock.now()
        )
        offer = next((one for one in offers if one.act == "exchange"), None)
    today = local_day(world().clock.now())
    return pages.show(
        request,
        "portal/exchange.html",
        code="C1-47",
        back="/",
        offer=offer,
        reasons=[one.value for one in ExchangeReason],
        days=figures.value("card", "renewal_window_days", on=today),
        places=place.serving_people()[:AT_MOST],
    )
