"""C6-04, C6-05 退值: asked for, the chip emptied, paid out on proof; a card that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onecard.actions import refund as acts
from onecard.actions.refund import RefundReceipt
from onecard.domain.refund import RefundReason
from onecard.domain.refusal import NotFound
from onecard.queries import refund as queries
from onecard.queries import topup
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.card_desk.frame import at_card_desk, page
from onecard.web.card_desk.topups import demo_cards
from onecard.web.forms import WordedForm
from onecard.web.topping_up import shown_on

STEPS: Mapping[str, Callable[..., RefundReceipt]] = {
    "pay-out": acts.pay_out,
    "unreadable": acts.register_unreadable,
    "withdraw": acts.withdraw,
}


class RefundForm(WordedForm):
    """Why the purse is emptied, and whether its card can be read."""

    stem = "card_desk.ask"
    reason = forms.ChoiceField(
        widget=forms.RadioSelect, choices=[(reason.value, "") for reason in RefundReason]
    )
    unreadable = forms.BooleanField(required=False)


@at_card_desk
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, me: Me, purse: str) -> HttpResponse:
    """C6-04: for an exchange or a cancellation, the card in hand."""
    now = world().clock.now()
    data = request.POST if request.method == "POST" else None
    form = RefundForm(data, language=pages.reader_in(request).language)
    if form.is_bound and form.is_valid():
        return _asked(request, me, purse, form)
    shown = shown_on(request, purse)
    problems = form.problems() if form.is_bound else []
    return page(
        request,
        me,
        "ask_refund.html",
        code="C6-04",
        status=pages.REFUSED if problems else 200,
        back=reverse("card_desk:purse", args=[purse]),
        seen=topup.purse_seen(purse=purse, shown_balance_fen=shown, as_seen_by=me.actor, at=now),
        form=form,
        problems=problems,
    )


@at_card_desk
@require_safe
def refund(request: HttpRequest, me: Me, refund: str) -> HttpResponse:
    """C6-05: where the refund stands, and what the clerk does next."""
    now = world().clock.now()
    return page(
        request,
        me,
        "refund.html",
        code="C6-05",
        back=reverse("card_desk:start"),
        seen=queries.refund_seen(refund=refund, as_seen_by=me.actor),
        cards=demo_cards(me),
        begin=reverse("card_desk:begin_refund", args=[refund]),
        printed_at=now,
    )


@at_card_desk
@require_POST
def step(request: HttpRequest, me: Me, refund: str, what: str) -> HttpResponse:
    """Pay out, note that the card cannot be read, or take the request back."""
    act = STEPS.get(what)
    if act is None:
        raise NotFound("refund step")
    done = act(refund=refund, actor=me.actor, at=world().clock.now())
    pages.tell_next_page(request, pages.say(request, f"refund.state.{done.state}"))
    return HttpResponseRedirect(reverse("card_desk:refund", args=[refund]))


def _asked(request: HttpRequest, me: Me, purse: str, form: RefundForm) -> HttpResponse:
    readable = not form.cleaned_data["unreadable"]
    asked = acts.ask(
        purse=purse,
        reason=RefundReason(form.cleaned_data["reason"]),
        readable=readable,
        actor=me.actor,
        at=world().clock.now(),
    )
    if asked.notice:
        room, _, name = asked.notice.partition(".")
        pages.tell_next_page(request, pages.say(request, f"{room}.notice.{name}"))
    if not asked.refund:
        return HttpResponseRedirect(reverse("card_desk:purse", args=[purse]))
    return HttpResponseRedirect(reverse("card_desk:refund", args=[asked.refund]))
