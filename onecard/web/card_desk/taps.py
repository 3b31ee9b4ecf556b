"""A card on this desk's reader: the page's script carries, the relay decides."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from onecard.actions import refund as refunds
from onecard.actions import topup
from onecard.actions._tapping import TapStep
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import relay
from onecard.web.card_desk.frame import at_card_desk
from onecard.web.topping_up import show_on

REFUND_HELD = "card_desk_refund"


@at_card_desk
@require_POST
def look(request: HttpRequest, me: Me) -> HttpResponse:
    """Begin to read whatever card lies there; what is pending on it is finished first."""
    request.session.pop(REFUND_HELD, None)
    work = partial(topup.begin_look, actor=me.actor, at=world().clock.now())
    return relay.step_of(request, work, partial(_after, request))


@at_card_desk
@require_POST
def begin(request: HttpRequest, me: Me, order: str) -> HttpResponse:
    """The card lies there for an order."""
    request.session.pop(REFUND_HELD, None)
    work = partial(topup.begin, order=order, actor=me.actor, at=world().clock.now())
    return relay.step_of(request, work, partial(_after, request))


@at_card_desk
@require_POST
def begin_refund(request: HttpRequest, me: Me, refund: str) -> HttpResponse:
    """The card lies there to be emptied."""
    request.session[REFUND_HELD] = refund
    work = partial(refunds.begin, refund=refund, actor=me.actor, at=world().clock.now())
    return relay.step_of(request, work, partial(_after, request))


@at_card_desk
@require_POST
def answer(request: HttpRequest, me: Me) -> HttpResponse:
    """What the card said."""
    return relay.answered(request, me.actor, partial(_after, request))


@at_card_desk
@require_POST
def hold(request: HttpRequest, me: Me) -> HttpResponse:
    """The simulated card of the demo."""
    return relay.held(request, me.actor)


def _after(request: HttpRequest, step: TapStep) -> str:
    """The order's page, the refund's, or that of the card that was read."""
    refund = request.session.get(REFUND_HELD, "")
    if refund:
        return reverse("card_desk:refund", args=[refund])
    if step.order:
        return reverse("card_desk:order", args=[step.order])
    show_on(request, step)
    purse = step.facts.get("purse")
    return reverse("card_desk:purse", args=[purse]) if purse else ""
