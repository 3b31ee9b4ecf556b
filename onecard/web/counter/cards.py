"""C4-13: a card is handed over and enabled: card in hand, person proven, old card settled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from onecard.actions import collection
from onecard.actions._keeping import once
from onecard.actions.collection import CardInHand, Shown
from onecard.domain.refusal import NotFound, Refused
from onecard.queries import card as cards
from onecard.queries.card import CardSeen
from onecard.queries.person import CounterPerson
from onecard.queries.person import at_counter as seen_at_counter
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.counter.fields import (
    CounterForm,
    ExpiryField,
    kind_field,
    text_field,
    without_gaps,
)
from onecard.web.counter.frame import at_counter, page
from onecard.web.counter.person import portrait_address

WHO = ("holder", "agent")
IDENTIFIER_LENGTH = 32


class HandOver(CounterForm):
    """The card as it was read, and the papers of whoever fetches it."""

    stem = "counter.collect"
    card = text_field(most=40, autofocus=True)
    who = forms.ChoiceField(choices=[(who, "") for who in WHO], widget=forms.RadioSelect)
    kind = kind_field()
    number = text_field(most=32)
    valid_to = ExpiryField()
    original = forms.BooleanField(required=False)
    agent_name = text_field()
    agent_kind = kind_field()
    agent_number = text_field(most=32)
    agent_valid_to = ExpiryField()
    agent_original = forms.BooleanField(required=False)
    old_card_handed_in = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        agents = ("agent_name", "agent_kind", "agent_number", "agent_valid_to")
        self.only_if("who", "agent", *agents)

    def clean_card(self) -> str:
        """As printed, without gaps."""
        return without_gaps(self.cleaned_data["card"]).upper()

    def clean_number(self) -> str:
        """Narrow digits, without gaps."""
        return without_gaps(self.cleaned_data["number"])

    def clean_agent_number(self) -> str:
        """Narrow digits, without gaps."""
        return without_gaps(self.cleaned_data["agent_number"])

    def clean(self) -> None:
        """An agent shows an own document too."""
        super().clean()
        self.must_be_number("kind", "number")
        if self.cleaned_data.get("who") == "agent":
            self.must_be_number("agent_kind", "agent_number")

    def proof(self) -> CardInHand:
        """A reader gives the long identifier, the eye the short number."""
        read = self.cleaned_data["card"]
        if len(read) == IDENTIFIER_LENGTH:
            return CardInHand(card_identifier=read)
        return CardInHand(card_number=read)

    def papers(self) -> Shown:
        """The papers on the desk."""
        if self.cleaned_data["who"] == "agent":
            name = self.cleaned_data["agent_name"]
            return Shown(self.shown(), self.shown("agent_"), name)
        return Shown(self.shown())


@dataclass(frozen=True)
class Fetched:
    """A card and its person."""

    person: CounterPerson
    card: CardSeen


@at_counter
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, me: Me, person: str, card: str) -> HttpResponse:
    """Hand over and enable in one go; or hand over only, when the person wants that."""
    fetched = _fetched(me, person, card)
    form = HandOver(
        request.POST or None,
        language=pages.reader_in(request).language,
        initial={"who": "holder", "kind": "resident_id"},
    )
    if not fetched.card.replaces:
        del form.fields["old_card_handed_in"]
    if form.is_bound and form.is_valid():
        return _do(request, me, fetched, form)
    problems = form.problems() if form.is_bound else []
    return page(
        request,
        me,
        "collect.html",
        code="C4-13",
        status=422 if problems else 200,
        form=form,
        problems=problems,
        fetched=fetched,
        portrait=portrait_address(fetched.person.photo, me),
        once_token=pages.new_token(),
        help_bank=fetched.card.bank,
        back=reverse("counter:person", args=[person]),
    )


def _do(request: HttpRequest, me: Me, fetched: Fetched, form: HandOver) -> HttpResponse:
    here = reverse("counter:hand_over", args=[fetched.person.person, fetched.card.card])
    only = "hand_over_only" in request.POST
    body = f"{fetched.card.card}|{form.cleaned_data}|{only}"
    try:
        with once(me.actor.ref, request.POST.get("once") or pages.new_token(), body):
            _act(me, fetched, form, only=only)
    except Refused as refused:
        again = pages.say(request, "counter.collect.again")
        return pages.refuse(request, refused, code="C4-13", onward=here, onward_name=again)
    done = "counter.collect.handed_over" if only else "counter.collect.enabled"
    pages.tell_next_page(request, pages.say(request, done))
    return HttpResponseRedirect(reverse("counter:person", args=[fetched.person.person]))


def _act(me: Me, fetched: Fetched, form: HandOver, *, only: bool) -> None:
    now = world().clock.now()
    if only:
        collection.hand_over(
            application=fetched.card.application,
            proof=form.proof(),
            shown=form.papers(),
            actor=me.actor,
            at=now,
        )
        return
    collection.enable(
        card=fetched.card.card,
        proof=form.proof(),
        shown=form.papers(),
        old_card_handed_in=bool(form.cleaned_data.get("old_card_handed_in")),
        actor=me.actor,
        at=now,
    )


def _fetched(me: Me, person: str, card: str) -> Fetched:
    """Raises `NotFound` for a card that is not this person's."""
    now = world().clock.now()
    held = cards.cards_of(person=person, as_seen_by=me.actor, at=now).cards
    found = next((one for one in held if card in (one.card, one.application)), None)
    if found is None:
        raise NotFound("Card")
    return Fetched(seen_at_counter(person=person, as_seen_by=me.actor, at=now), found)
