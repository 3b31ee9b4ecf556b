"""C5-01: a card is read, or for a lost one its holder's document; another bank's card leads away.

Of a card of another bank the clerk learns which bank it is and that bank's number (platform C5.1).
"""

from __future__ import annotations

from dataclasses import replace

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from onecard.actions import draft as drafts
from onecard.actions import person as people
from onecard.actions.person import CounterLook
from onecard.domain.documents import DocumentKind
from onecard.domain.refusal import NotFound, Refused
from onecard.queries.card import OtherBanksCard
from onecard.queries.card import at_bank as card_at_bank
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.bank.frame import at_bank, page
from onecard.web.counter.fields import CounterForm, kind_field, text_field, without_gaps
from onecard.web.counter.papers import read
from onecard.web.forms import WordedForm

SCANNED = "bank.scan"
ANSWERABLE = ("documents.", "person.", "identity.")


class CardScan(WordedForm):
    """The number as read from the card."""

    stem = "bank_desk.card"
    card = text_field(most=40, autofocus=True)

    def clean_card(self) -> str:
        """As printed, without gaps."""
        return without_gaps(self.cleaned_data["card"]).upper()


class HolderScan(CounterForm):
    """The document of somebody whose card is not here."""

    stem = "bank_desk.holder"
    number = text_field(most=32)
    kind = kind_field()
    name = text_field(required=False)

    def clean_number(self) -> str:
        """Narrow digits, without gaps."""
        return without_gaps(self.cleaned_data["number"])


@at_bank
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, me: Me) -> HttpResponse:
    """Two ways in: the card in hand, or the person whose card is lost."""
    language = pages.reader_in(request).language
    by_person = "number" in request.POST
    card = CardScan(None if by_person else request.POST or None, language=language)
    holder = HolderScan(
        request.POST if by_person else None, language=language, initial={"kind": "resident_id"}
    )
    if card.is_bound and card.is_valid():
        return _of_card(request, me, card, holder)
    if holder.is_bound and holder.is_valid():
        return _of_holder(request, me, card, holder)
    return _ask(request, me, card, holder)


def _of_card(request: HttpRequest, me: Me, form: CardScan, holder: HolderScan) -> HttpResponse:
    typed = form.cleaned_data["card"]
    try:
        found = card_at_bank(proof=read(typed), as_seen_by=me.actor, at=world().clock.now())
    except NotFound:
        form.add_error("card", forms.ValidationError("unknown", code="unknown"))
        return _ask(request, me, form, holder)
    if isinstance(found, OtherBanksCard):
        return page(request, me, "other_bank.html", code="C5-01", found=found)
    people.read_card(card=found.seen.card, actor=me.actor, at=world().clock.now())
    keep_scan(found.person, me, card=typed)
    return HttpResponseRedirect(reverse("bank:card", args=[found.person, found.seen.card]))


def _of_holder(request: HttpRequest, me: Me, card: CardScan, form: HolderScan) -> HttpResponse:
    told = form.cleaned_data
    look = CounterLook(
        document_kind=DocumentKind(told["kind"]), number=told["number"], name=told["name"]
    )
    try:
        met = people.find_at_counter(look=look, actor=me.actor, at=world().clock.now())
    except Refused as refused:
        if not refused.refusal.code.startswith(ANSWERABLE):
            raise
        form.say_no(replace(refused.refusal, field=_field(refused)))
        return _ask(request, me, card, form)
    if not met.person:
        form.add_error("number", forms.ValidationError("nobody", code="nobody"))
        return _ask(request, me, card, form)
    keep_scan(met.person, me, kind=told["kind"], number=told["number"])
    return HttpResponseRedirect(reverse("bank:person", args=[met.person]))


def keep_scan(person: str, me: Me, **scanned: str) -> None:
    """What was scanned is not asked for again; it is sealed like every draft."""
    drafts.save(
        purpose=SCANNED,
        answers=scanned,
        person=person,
        actor=me.actor,
        at=world().clock.now(),
    )


def _field(refused: Refused) -> str:
    return "name" if refused.refusal.field == "name" else "number"


def _ask(request: HttpRequest, me: Me, card: CardScan, holder: HolderScan) -> HttpResponse:
    asked = holder if holder.is_bound else card
    problems = asked.problems() if asked.is_bound else []
    return page(
        request,
        me,
        "start.html",
        code="C5-01",
        status=pages.REFUSED if problems else 200,
        card=card,
        holder=holder,
        problems=problems,
        help_bank=me.bank,
    )
