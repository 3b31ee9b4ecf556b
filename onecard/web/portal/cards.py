"""My card: three functions with three owners, and the act that makes a new card work."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from onecard.actions import collection
from onecard.actions._keeping import once
from onecard.domain.refusal import NotFound, Refused
from onecard.queries import card as cards
from onecard.queries import contacts, delivery
from onecard.queries.card import CardSeen
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.forms import WordedForm, folded
from onecard.web.portal import tracker
from onecard.web.portal.citizens import actor_of, person_of, signed_in

LONGEST_NUMBER = 32
MORE = (
    ("lost", "/lost"),
    ("purse", "/purse"),
    ("plan", "/plan"),
    ("exchange", "/exchange"),
    ("e_card", "/e-card"),
    ("pin", "/pin"),
    ("timeline", "/timeline"),
    ("looks", "/looks"),
)
"""What else there is about one's card; the words are `portal.cards.go.<name>`."""


class EnableForm(WordedForm):
    """The number on the card in hand, and the word that it is."""

    stem = "portal.enable"
    card_number = forms.CharField(
        max_length=LONGEST_NUMBER,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    in_hand = forms.BooleanField()

    def clean_card_number(self) -> str:
        """Spaces between groups are read as meant."""
        return folded(self.cleaned_data["card_number"]).replace(" ", "").upper()


@signed_in
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The live card with its three lights; older cards below."""
    seen = cards.my_cards(as_seen_by=actor_of(request), at=world().clock.now())
    earlier = [card for card in seen.cards if seen.live is None or card.card != seen.live.card]
    return pages.show(
        request,
        "portal/cards.html",
        code="C1-09",
        place="cards",
        live=seen.live,
        earlier=earlier,
        more=MORE,
        bank_name=_bank_name(request, seen.live) if seen.live else "",
        help_bank=seen.live.bank if seen.live else "",
    )


@signed_in
@require_http_methods(["GET", "POST"])
def enable(request: HttpRequest, card: str) -> HttpResponse:
    """Confirm receipt and enable: the number on the card proves that it is in hand."""
    seen = _own(request, card)
    data = request.POST if request.method == "POST" else None
    form = EnableForm(data, language=pages.reader_in(request).language)
    if form.is_bound and form.is_valid():
        try:
            return _enable(request, seen, form.cleaned_data["card_number"])
        except Refused as refused:
            if refused.refusal.field not in form.fields:
                raise
            form.say_no(refused.refusal)
    return _ask(request, seen, form)


def _ask(request: HttpRequest, seen: CardSeen, form: EnableForm) -> HttpResponse:
    return pages.show(
        request,
        "portal/enable.html",
        code="C1-23",
        status=pages.REFUSED if form.is_bound else 200,
        back="/cards",
        place="cards",
        card=seen,
        form=form,
        problems=form.problems() if form.is_bound else [],
        once_token=request.POST.get("once") or pages.new_token(),
        help_bank=seen.bank,
    )


def to_enable(request: HttpRequest) -> CardSeen | None:
    """A card that has arrived and waits for its holder, for the first page."""
    actor, at = actor_of(request), world().clock.now()
    live = cards.my_cards(as_seen_by=actor, at=at).live
    if live is None or live.enabled_at is not None or live.may_enable_online is not None:
        return None
    parcel = delivery.of_application(application=live.application, as_seen_by=actor, at=at)
    return live if tracker.has_arrived(parcel) else None


def _enable(request: HttpRequest, seen: CardSeen, number: str) -> HttpResponse:
    token = request.POST.get("once") or pages.new_token()
    with once(person_of(request), token, f"{seen.card}|{number}"):
        collection.enable_online(
            card=seen.card,
            card_number=number,
            actor=actor_of(request),
            at=world().clock.now(),
        )
    pages.tell_next_page(request, pages.say(request, "portal.enable.done"))
    return HttpResponseRedirect("/cards")


def _bank_name(request: HttpRequest, card: CardSeen) -> str:
    bank = contacts.on(local_day(world().clock.now())).bank(card.bank)
    if bank is None:
        return card.bank
    return bank.zh if pages.reader_in(request).language == "zh" else bank.en


def _own(request: HttpRequest, card: str) -> CardSeen:
    seen = cards.my_cards(as_seen_by=actor_of(request), at=world().clock.now())
    found = next((one for one in seen.cards if one.card == card), None)
    if found is None:
        raise NotFound(card)
    return found
