"""C1-52 钱在哪里: one order in plain words, the proof behind it, and the next step."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onecard.actions import demo_card
from onecard.actions import topup as acts
from onecard.actions._keeping import once
from onecard.domain.refusal import Refused
from onecard.queries import topup
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.portal.citizens import person_of, signed_in
from onecard.web.portal.purse.phone import holder_of

WAITS_FOR_CARD = "topup.in_doubt_needs_card"


@signed_in
@require_safe
def follow(request: HttpRequest, order: str) -> HttpResponse:
    """Where the money is now; every line of the statement below it."""
    actor, now = holder_of(request), world().clock.now()
    return pages.show(
        request,
        "portal/purse/order.html",
        code="C1-52",
        back="/purse/orders",
        place="cards",
        seen=topup.order_seen(order=order, as_seen_by=actor, at=now),
        statement=topup.statement(order=order, as_seen_by=actor, at=now),
        by_phone=demo_card.is_offered(),
        once_token=pages.new_token(),
    )


@signed_in
@require_POST
def ask_back(request: HttpRequest, order: str) -> HttpResponse:
    """Ask for the money back. In doubt the wish is kept, and the card is asked first."""
    token = request.POST.get("once") or pages.new_token()
    reason = pages.say(request, "purse_pages.order.reason")
    try:
        with once(person_of(request), token, f"refund|{order}"):
            acts.ask_refund(
                order=order, reason=reason, actor=holder_of(request), at=world().clock.now()
            )
    except Refused as refused:
        if refused.refusal.code != WAITS_FOR_CARD:
            raise
        return _back(request, order, "purse_pages.order.wish_kept")
    return _back(request, order, "purse_pages.order.asked")


@signed_in
@require_POST
def cancel(request: HttpRequest, order: str) -> HttpResponse:
    """Give up an order that was not paid."""
    token = request.POST.get("once") or pages.new_token()
    with once(person_of(request), token, f"cancel|{order}"):
        acts.cancel(order=order, actor=holder_of(request), at=world().clock.now())
    return _back(request, order, "purse_pages.order.cancelled")


def _back(request: HttpRequest, order: str, word: str) -> HttpResponse:
    pages.tell_next_page(request, pages.say(request, word))
    return HttpResponseRedirect(reverse("purse-order", args=[order]))
