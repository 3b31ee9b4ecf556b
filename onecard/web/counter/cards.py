"""C4-13: a card is handed over and enabled: card in hand, person proven, old card settled."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from onecard.actions import collection
from onecard.actions._keeping import once
from onecard.domain.refusal import Refused
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.counter.frame import at_counter, page
from onecard.web.counter.held import Held, held
from onecard.web.counter.papers import PapersAndCard
from onecard.web.counter.person import portrait_address


class HandOver(PapersAndCard):
    """The card as it was read, and the papers of whoever fetches it."""

    old_card_handed_in = forms.BooleanField(required=False)


@at_counter
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, me: Me, person: str, card: str) -> HttpResponse:
    """Hand over and enable in one go; or hand over only, when the person wants that."""
    fetched = held(me, person, card)
    form = HandOver(request.POST or None, language=pages.reader_in(request).language)
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


def _do(request: HttpRequest, me: Me, fetched: Held, form: HandOver) -> HttpResponse:
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


def _act(me: Me, fetched: Held, form: HandOver, *, only: bool) -> None:
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
