"""C1-33 电子社保卡: whether it can be used now and why not; the holder's own yes while lost."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from onecard.actions import e_card as acts
from onecard.actions._keeping import once
from onecard.domain.refusal import NotFound
from onecard.domain.step_up import Purpose
from onecard.queries import card as cards
from onecard.queries import e_card
from onecard.queries.card import CardSeen
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.portal import proof
from onecard.web.portal.citizens import actor_of, person_of, signed_in

CONSENT = "e_card.consent_needed"


@signed_in
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """One person, one state: what the physical card leaves to the electronic one."""
    actor, now = actor_of(request), world().clock.now()
    seen = e_card.status(person=person_of(request), as_seen_by=actor, at=now)
    language = pages.reader_in(request).language
    live = cards.my_cards(as_seen_by=actor, at=now).live
    return pages.show(
        request,
        "portal/e_card.html",
        code="C1-33",
        back="/cards",
        place="cards",
        seen=seen,
        live=live,
        no=pages.speak(seen.refusal, language) if seen.refusal else None,
        may_consent=seen.refusal is not None and seen.refusal.code == CONSENT,
    )


@signed_in
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """C1-34: the holder agrees to use it while the card is reported lost, proven once more."""
    card = _lost_card(request)
    asked = proof.sign_in_first(request, code="C1-34", back_to="/e-card/consent")
    if asked is not None:
        return asked
    sent = proof.waiting(request, purpose=Purpose.USE_E_CARD, about=card.card)
    if request.method == "POST" and (not sent or "send" in request.POST):
        proof.send(request, purpose=Purpose.USE_E_CARD, about=card.card)
        return HttpResponseRedirect("/e-card/consent")
    data = request.POST if request.method == "POST" else None
    form = proof.CodeForm(data, language=pages.reader_in(request).language)
    if form.is_bound and form.is_valid() and proof.is_right(request, form, sent):
        return _give(request, card, sent)
    return _ask(request, card, form, sent)


def _ask(
    request: HttpRequest, card: CardSeen, form: proof.CodeForm, sent: dict[str, Any]
) -> HttpResponse:
    problems = form.problems() if form.is_bound else []
    return pages.show(
        request,
        "portal/e_card_consent.html",
        code="C1-34",
        status=pages.REFUSED if problems else 200,
        back="/e-card",
        place="cards",
        card=card,
        form=form,
        sent=sent,
        problems=problems,
        once_token=request.POST.get("once") or pages.new_token(),
    )


def _give(request: HttpRequest, card: CardSeen, sent: dict[str, Any]) -> HttpResponse:
    token = request.POST.get("once") or pages.new_token()
    with once(person_of(request), token, card.card):
        acts.give_consent(
            card=card.card,
            step_up=sent["step_up"],
            signed_in_at=proof.signed_in_at(request),
            actor=actor_of(request),
            at=world().clock.now(),
        )
    proof.done(request)
    pages.tell_next_page(request, pages.say(request, "my_data.e_card.done"))
    return HttpResponseRedirect("/e-card")


def _lost_card(request: HttpRequest) -> CardSeen:
    """The card that is reported lost. Raises `NotFound` where none is."""
    live = cards.my_cards(as_seen_by=actor_of(request), at=world().clock.now()).live
    if live is None or live.standing != "lost":
        raise NotFound("Card")
    return live
