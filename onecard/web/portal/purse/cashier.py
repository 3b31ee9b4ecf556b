"""付款: hand the payer over to the channel; and the page that plays the channel in the demo."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from onecard.actions import payment as acts
from onecard.actions import simulated_payment
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.portal.citizens import signed_in
from onecard.web.portal.purse.phone import holder_of

AFTER_PAYMENT = "after_payment"
"""Where a payer of this browser goes back to, where that is not the own order's page."""


@signed_in
@require_POST
def pay(request: HttpRequest, order: str) -> HttpResponse:
    """Send the holder to the channel's own page."""
    started = acts.start(order=order, actor=holder_of(request), at=world().clock.now())
    return HttpResponseRedirect(started.pay_url)


@require_http_methods(["GET", "POST"])
def simulated(request: HttpRequest) -> HttpResponse:
    """The simulated channel takes the money; its notice arrives, or is lost on the way."""
    payment = request.GET.get("payment", "")
    bill = simulated_payment.bill(payment)
    if request.method == "POST":
        tells = "quiet" not in request.POST
        simulated_payment.pay(payment=payment, tells=tells, at=world().clock.now())
        pages.tell_next_page(request, pages.say(request, "purse_pages.cashier.back"))
        own = reverse("purse-order", args=[bill.order])
        return HttpResponseRedirect(request.session.pop(AFTER_PAYMENT, own))
    return pages.show(request, "portal/purse/cashier.html", code="C1-55", bill=bill)
