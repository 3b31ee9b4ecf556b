"""C6-01 to C6-03: read a card, choose an amount, take cash, write, hand over the receipt."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onecard.actions import cash as cash_acts
from onecard.actions import demo_card
from onecard.actions import topup as acts
from onecard.actions._keeping import once
from onecard.actions.demo_card import DemoCard
from onecard.domain.refusal import Refused
from onecard.queries import cash as cash_queries
from onecard.queries import topup
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.card_desk.frame import at_card_desk, page
from onecard.web.topping_up import AmountForm, shown_on

WAITS_FOR_CARD = "topup.in_doubt_needs_card"


@at_card_desk
@require_safe
def start(request: HttpRequest, me: Me) -> HttpResponse:
    """C6-01: put a card on the reader."""
    begin = reverse("card_desk:look")
    return page(request, me, "start.html", code="C6-01", cards=demo_cards(me), begin=begin)


@at_card_desk
@require_http_methods(["GET", "POST"])
def purse(request: HttpRequest, me: Me, purse: str) -> HttpResponse:
    """C6-02: what is on the card, an amount, or a refund."""
    now, shown = world().clock.now(), shown_on(request, purse)
    seen = topup.purse_seen(purse=purse, shown_balance_fen=shown, as_seen_by=me.actor, at=now)
    data = request.POST if request.method == "POST" else None
    form = AmountForm(data, language=pages.reader_in(request).language, seen=seen)
    if form.is_bound and form.is_valid():
        try:
            return _open(request, me, purse, form.fen, shown)
        except Refused as refused:
            form.say_no_of(refused.refusal)
    problems = form.problems() if form.is_bound else []
    return page(
        request,
        me,
        "purse.html",
        code="C6-02",
        status=pages.REFUSED if problems else 200,
        back=reverse("card_desk:start"),
        seen=seen,
        form=form,
        problems=problems,
        once_token=request.POST.get("once") or pages.new_token(),
    )


@at_card_desk
@require_safe
def order(request: HttpRequest, me: Me, order: str) -> HttpResponse:
    """C6-03: take the cash, write the card, print the receipt; and where the money is."""
    now = world().clock.now()
    return page(
        request,
        me,
        "order.html",
        code="C6-03",
        back=reverse("card_desk:start"),
        seen=topup.order_seen(order=order, as_seen_by=me.actor, at=now),
        statement=topup.statement(order=order, as_seen_by=me.actor, at=now),
        cash_receipt=cash_queries.receipt_of(about=order),
        cards=demo_cards(me),
        begin=reverse("card_desk:begin", args=[order]),
        printed_at=now,
        once_token=pages.new_token(),
    )


@at_card_desk
@require_POST
def cash(request: HttpRequest, me: Me, order: str) -> HttpResponse:
    """The cash is in the drawer."""
    cash_acts.take_topup(order=order, actor=me.actor, at=world().clock.now())
    return _to(request, order, "card_desk.order.taken")


@at_card_desk
@require_POST
def cash_back(request: HttpRequest, me: Me, order: str) -> HttpResponse:
    """Cash that was taken for an order and is to go back, once the card has proven it."""
    cash_acts.pay_back(order=order, actor=me.actor, at=world().clock.now())
    return _to(request, order, "card_desk.order.given_back")


@at_card_desk
@require_POST
def ask_back(request: HttpRequest, me: Me, order: str) -> HttpResponse:
    """The holder wants the payment back; in doubt the card is asked first."""
    reason = pages.say(request, "purse_pages.order.reason")
    try:
        acts.ask_refund(order=order, reason=reason, actor=me.actor, at=world().clock.now())
    except Refused as refused:
        if refused.refusal.code != WAITS_FOR_CARD:
            raise
        return _to(request, order, "purse_pages.order.wish_kept")
    return _to(request, order, "purse_pages.order.asked")


def demo_cards(me: Me) -> tuple[DemoCard, ...]:
    """Cards to lay on the reader in the demo; none elsewhere."""
    if not demo_card.is_offered():
        return ()
    return demo_card.cards_for(actor=me.actor, at=world().clock.now())


def _open(
    request: HttpRequest, me: Me, purse: str, amount_fen: int, shown: int | None
) -> HttpResponse:
    token = request.POST.get("once") or pages.new_token()
    with once(me.actor.ref, token, f"{purse}|{amount_fen}"):
        opened = acts.open_order(
            purse=purse,
            amount_fen=amount_fen,
            shown_balance_fen=shown,
            actor=me.actor,
            at=world().clock.now(),
        )
    return HttpResponseRedirect(reverse("card_desk:order", args=[opened.order]))


def _to(request: HttpRequest, order: str, word: str) -> HttpResponse:
    pages.tell_next_page(request, pages.say(request, word))
    return HttpResponseRedirect(reverse("card_desk:order", args=[order]))
