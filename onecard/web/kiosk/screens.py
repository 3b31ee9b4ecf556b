"""C7-01 to C7-03 自助机: put the card on it, choose, pay by scanning, keep the card there.

In demo mode only: what stands on a web page could be anybody, and a kiosk is known by its key.
Each browser sees the taps and orders of its own session.
"""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onecard.actions import demo_card, payment
from onecard.actions import topup as acts
from onecard.actions._keeping import once
from onecard.actions._tapping import TapStep
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.refusal import NotFound, Refused
from onecard.queries import topup
from onecard.seams.world import world
from onecard.web import pages, relay
from onecard.web.portal.purse.cashier import AFTER_PAYMENT
from onecard.web.topping_up import AmountForm, show_on, shown_on

KIOSK = Actor(Role.PARTNER, "kiosk_demo", Channel.KIOSK)
MINE = "kiosk_orders"


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """C7-01: put the card on the machine."""
    cards = demo_card.cards_for(actor=KIOSK, at=world().clock.now())
    begin = reverse("kiosk:look")
    return pages.show(request, "kiosk/start.html", code="C7-01", cards=cards, begin=begin)


@require_http_methods(["GET", "POST"])
def purse(request: HttpRequest, purse: str) -> HttpResponse:
    """C7-02: the amounts, for the card that was just read here."""
    shown, now = shown_on(request, purse), world().clock.now()
    if shown is None:
        raise NotFound("purse")
    seen = topup.purse_seen(purse=purse, shown_balance_fen=shown, as_seen_by=KIOSK, at=now)
    data = request.POST if request.method == "POST" else None
    form = AmountForm(data, language=pages.reader_in(request).language, seen=seen)
    if form.is_bound and form.is_valid():
        try:
            return _open(request, purse, form.fen, shown)
        except Refused as refused:
            form.say_no_of(refused.refusal)
    problems = form.problems() if form.is_bound else []
    return pages.show(
        request,
        "kiosk/purse.html",
        code="C7-02",
        status=pages.REFUSED if problems else 200,
        seen=seen,
        form=form,
        problems=problems,
        once_token=request.POST.get("once") or pages.new_token(),
    )


@require_safe
def order(request: HttpRequest, order: str) -> HttpResponse:
    """C7-03: pay, then keep the card there; and where the money is."""
    now = world().clock.now()
    _must_be_mine(request, order)
    return pages.show(
        request,
        "kiosk/order.html",
        code="C7-03",
        seen=topup.order_seen(order=order, as_seen_by=KIOSK, at=now),
        cards=demo_card.cards_for(actor=KIOSK, at=now),
        begin=reverse("kiosk:begin", args=[order]),
    )


@require_POST
def pay(request: HttpRequest, order: str) -> HttpResponse:
    """To the channel's page."""
    _must_be_mine(request, order)
    started = payment.start(order=order, actor=KIOSK, at=world().clock.now())
    request.session[AFTER_PAYMENT] = reverse("kiosk:order", args=[order])
    return HttpResponseRedirect(started.pay_url)


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Begin to read whatever card lies there."""
    _must_be_demo()
    work = partial(acts.begin_look, actor=KIOSK, at=world().clock.now())
    return relay.step_of(request, work, partial(_after, request))


@require_POST
def begin(request: HttpRequest, order: str) -> HttpResponse:
    """The card lies there for an order."""
    _must_be_mine(request, order)
    work = partial(acts.begin, order=order, actor=KIOSK, at=world().clock.now())
    return relay.step_of(request, work, partial(_after, request))


@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """What the card said."""
    _must_be_demo()
    return relay.answered(request, KIOSK, partial(_after, request))


@require_POST
def hold(request: HttpRequest) -> HttpResponse:
    """The simulated card of the demo."""
    return relay.held(request, KIOSK)


def _after(request: HttpRequest, step: TapStep) -> str:
    """Whoever has the card on the machine may see its order."""
    if step.order:
        _mine(request, step.order)
        return reverse("kiosk:order", args=[step.order])
    show_on(request, step)
    purse = step.facts.get("purse")
    return reverse("kiosk:purse", args=[purse]) if purse else ""


def _open(request: HttpRequest, purse: str, amount_fen: int, shown: int) -> HttpResponse:
    token = request.POST.get("once") or pages.new_token()
    with once(KIOSK.ref, token, f"{purse}|{amount_fen}"):
        opened = acts.open_order(
            purse=purse,
            amount_fen=amount_fen,
            shown_balance_fen=shown,
            actor=KIOSK,
            at=world().clock.now(),
        )
    _mine(request, opened.order)
    return HttpResponseRedirect(reverse("kiosk:order", args=[opened.order]))


def _mine(request: HttpRequest, order: str) -> None:
    request.session[MINE] = [*request.session.get(MINE, ()), order]


def _must_be_mine(request: HttpRequest, order: str) -> None:
    """Raises `NotFound` for an order of another session, and outside demo mode."""
    _must_be_demo()
    if order not in request.session.get(MINE, ()):
        raise NotFound("order")


def _must_be_demo() -> None:
    if not demo_card.is_offered():
        raise NotFound("kiosk")
