"""C1-50, C1-51 我的交通账户: the balance as last proven, what may be loaded, and every order."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from onecard.actions import demo_card
from onecard.queries import card as cards
from onecard.queries import topup
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.portal.citizens import actor_of, signed_in


@signed_in
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The purse on the live card, as the host knows it; the chip is the truth."""
    actor, now = actor_of(request), world().clock.now()
    live = cards.my_cards(as_seen_by=actor, at=now).live
    purse = topup.purse_of_card(live.card) if live else ""
    return pages.show(
        request,
        "portal/purse/mine.html",
        code="C1-50",
        back="/cards",
        place="cards",
        live=live,
        seen=topup.purse_seen(purse=purse, as_seen_by=actor, at=now) if purse else None,
        rules=topup.what_may_be_loaded(at=now),
        by_phone=demo_card.is_offered(),
    )


@signed_in
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """Every top-up of this citizen, the newest first."""
    return pages.show(
        request,
        "portal/purse/orders.html",
        code="C1-51",
        back="/purse",
        place="cards",
        orders=topup.my_orders(as_seen_by=actor_of(request), at=world().clock.now()),
    )
