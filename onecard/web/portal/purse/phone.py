"""C1-53, C1-54 手机贴卡: the page that plays the phone in the demo. It is only a wire.

Outside demo mode it is absent: a web page holds no card, the city's own app does.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onecard.actions import demo_card
from onecard.actions import topup as acts
from onecard.actions._keeping import once
from onecard.actions._tapping import TapStep
from onecard.domain.authority import Actor, Channel
from onecard.domain.refusal import Refused
from onecard.queries import topup
from onecard.seams.world import world
from onecard.web import pages, relay
from onecard.web.forms import WordedForm
from onecard.web.portal.citizens import actor_of, person_of, signed_in
from onecard.web.topping_up import AmountForm, show_on, shown_on

PLATFORMS = ("android", "ios")


class PhoneForm(WordedForm):
    """Which phone is played: the city's rule is about its system."""

    stem = "purse_pages.phone"
    platform = forms.ChoiceField(choices=[(name, "") for name in PLATFORMS])


def holder_of(request: HttpRequest) -> Actor:
    """The citizen with their phone in hand."""
    return replace(actor_of(request), channel=Channel.NFC_APP)


@signed_in
@require_safe
def phone(request: HttpRequest) -> HttpResponse:
    """Pick a card, hold it, and see what is on it. `?order=` holds it for one order."""
    actor, now = holder_of(request), world().clock.now()
    order = request.GET.get("order", "")
    return pages.show(
        request,
        "portal/purse/phone.html",
        code="C1-53",
        back="/purse",
        place="cards",
        cards=demo_card.cards_for(actor=actor, at=now),
        order=topup.order_seen(order=order, as_seen_by=actor, at=now) if order else None,
        begin=reverse("phone-begin", args=[order]) if order else reverse("phone-look"),
    )


@signed_in
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, purse: str) -> HttpResponse:
    """Choose an amount for the card that was just read."""
    language = pages.reader_in(request).language
    actor, now = holder_of(request), world().clock.now()
    shown = shown_on(request, purse)
    seen = topup.purse_seen(purse=purse, shown_balance_fen=shown, as_seen_by=actor, at=now)
    data = request.POST if request.method == "POST" else None
    form = AmountForm(data, language=language, seen=seen)
    system = PhoneForm(data, language=language, initial={"platform": PLATFORMS[0]})
    if form.is_bound and form.is_valid() and system.is_valid():
        try:
            return _open(request, purse, form.fen, system.cleaned_data["platform"], shown)
        except Refused as refused:
            form.say_no_of(refused.refusal, system)
    problems = [*form.problems(), *system.problems()] if form.is_bound else []
    return pages.show(
        request,
        "portal/purse/choose.html",
        code="C1-54",
        status=pages.REFUSED if problems else 200,
        back="/purse/phone",
        place="cards",
        seen=seen,
        form=form,
        system=system,
        problems=problems,
        once_token=request.POST.get("once") or pages.new_token(),
    )


@signed_in
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Begin to read whatever card is held."""
    work = partial(acts.begin_look, actor=holder_of(request), at=world().clock.now())
    return relay.step_of(request, work, partial(_after, request))


@signed_in
@require_POST
def begin(request: HttpRequest, order: str) -> HttpResponse:
    """The card is held for an order, now."""
    work = partial(acts.begin, order=order, actor=holder_of(request), at=world().clock.now())
    return relay.step_of(request, work, partial(_after, request))


@signed_in
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """What the card said."""
    return relay.answered(request, holder_of(request), partial(_after, request))


@signed_in
@require_POST
def hold(request: HttpRequest) -> HttpResponse:
    """The simulated card of the demo."""
    return relay.held(request, holder_of(request))


def _after(request: HttpRequest, step: TapStep) -> str:
    """An order's own page, or the amounts for the card that was read."""
    if step.order:
        return reverse("purse-order", args=[step.order])
    show_on(request, step)
    purse = step.facts.get("purse")
    return reverse("phone-choose", args=[purse]) if purse else ""


def _open(
    request: HttpRequest, purse: str, amount_fen: int, platform: str, shown: int | None
) -> HttpResponse:
    token = request.POST.get("once") or pages.new_token()
    with once(person_of(request), token, f"{purse}|{amount_fen}"):
        opened = acts.open_order(
            purse=purse,
            amount_fen=amount_fen,
            shown_balance_fen=shown,
            platform=platform,
            actor=holder_of(request),
            at=world().clock.now(),
        )
    return HttpResponseRedirect(reverse("purse-order", args=[opened.order]))
