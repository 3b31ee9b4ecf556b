"""C4-11 注销 and C4-22 省外转移: how a card ends, and what a move away does not end."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from onecard import words
from onecard.actions import card as acts
from onecard.actions._keeping import once
from onecard.actions.card import CancelCase
from onecard.actions.collection import Shown
from onecard.domain.cancellation import CancellationReason, Cancelling
from onecard.domain.identity.resident import PROVINCES
from onecard.domain.refusal import Refused
from onecard.queries import cancellation
from onecard.queries.person import at_counter as seen_at_counter
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.counter.card_act import DeskAct, Done, Note, perform
from onecard.web.counter.fields import CounterForm, QuickDayField
from onecard.web.counter.frame import DOORS, at_counter, page
from onecard.web.counter.held import Held, held
from onecard.web.counter.papers import Papers
from onecard.web.counter.person import portrait_address

STEM = "counter_card.cancel"
SILENT = "partner."


class CancelForm(Papers):
    """Why the card ends, what was shown for it, and that there is no way back."""

    stem = STEM
    reason = forms.ChoiceField(
        choices=[(one.value, "") for one in CancellationReason], widget=forms.RadioSelect
    )
    death_proof = forms.BooleanField(required=False)
    handed_in = forms.BooleanField(required=False)
    purse_given_up = forms.BooleanField(required=False)
    understood = forms.BooleanField()
    depends = ("death_proof", "handed_in", "purse_given_up")

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        if self.is_bound and self.data.get("reason") == CancellationReason.DEATH.value:
            for name in ("number", "valid_to"):
                self.fields[name].required = False

    def clean(self) -> None:
        """A family member comes for somebody who has died."""
        super().clean()
        dead = self.cleaned_data.get("reason") == CancellationReason.DEATH.value
        if dead and self.cleaned_data.get("who") == "holder":
            self.add_error("who", forms.ValidationError("dead", code="family"))

    def told(self) -> Cancelling:
        """For the act."""
        told = self.cleaned_data
        return Cancelling(
            reason=CancellationReason(told["reason"]),
            shown=self.papers(),
            death_proof=told["death_proof"],
            handed_in=told["handed_in"],
            purse_given_up=told["purse_given_up"],
        )

    def papers(self) -> Shown:
        """At a death the family member's own document; the holder's is not asked for."""
        if self.cleaned_data.get("number"):
            return super().papers()
        return Shown(None, self.shown("agent_"), self.cleaned_data["agent_name"])


def _cancel(me: Me, seen: Held, form: CancelForm, now: datetime) -> Done:
    """End the card; whatever is still open is told at once, in its order (一次性告知)."""
    card, told = seen.card.card, form.told()
    try:
        acts.cancel(case=CancelCase(card, told), actor=me.actor, at=now)
    except Refused as refused:
        if refused.refusal.code.startswith(SILENT):
            raise
        still = cancellation.checklist(card=card, told=told, as_seen_by=me.actor, at=now)
        raise Refused(*(still or refused.refusals)) from refused
    return Done(f"{STEM}.done", reverse("counter:person", args=[seen.person.person]))


CANCEL = DeskAct(STEM, "C4-11", CancelForm, _cancel, irrevocable=True)


@at_counter
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, me: Me, person: str, card: str) -> HttpResponse:
    """C4-11: the end of a card, in the order in which its owners close their parts."""
    notes = (Note("warn", f"{STEM}.order", {}), Note("stop", f"{STEM}.no_way_back", {}))
    back = reverse("counter:person", args=[person])
    seen = held(me, person, card)
    portrait = portrait_address(seen.person.photo, me)
    return perform(
        request, me, CANCEL, seen, doors=DOORS, back=back, portrait=portrait, notes=notes
    )


class TransferForm(CounterForm):
    """Where the social-insurance relation goes, and since when."""

    stem = "counter_card.transfer"
    to_province = forms.ChoiceField()
    moved_on = QuickDayField()

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        said = [(code, _province(code, self.language)) for code in sorted(PROVINCES)]
        self.offer("to_province", [("", words.text("counter.case.choose", self.language)), *said])


@at_counter
@require_http_methods(["GET", "POST"])
def transfer(request: HttpRequest, me: Me, person: str) -> HttpResponse:
    """C4-22: a move out of the province is recorded; nothing is switched off by it."""
    form = TransferForm(request.POST or None, language=pages.reader_in(request).language)
    if form.is_bound and form.is_valid():
        return _record(request, me, person, form.cleaned_data)
    problems = form.problems() if form.is_bound else []
    return page(
        request,
        me,
        "transfer.html",
        code="C4-22",
        status=pages.REFUSED if problems else 200,
        form=form,
        problems=problems,
        seen=seen_at_counter(person=person, as_seen_by=me.actor, at=world().clock.now()),
        once_token=request.POST.get("once") or pages.new_token(),
        back=reverse("counter:person", args=[person]),
    )


def _record(request: HttpRequest, me: Me, person: str, told: dict[str, Any]) -> HttpResponse:
    where, since = str(told["to_province"]), told["moved_on"]
    assert isinstance(since, date)  # noqa: S101  a day field gives a day
    token = request.POST.get("once") or pages.new_token()
    with once(me.actor.ref, token, f"{person}|{where}|{since}"):
        receipt = acts.record_transfer_out(
            person=person,
            to_province=where,
            moved_on=since,
            actor=me.actor,
            at=world().clock.now(),
        )
    room, _, reason = receipt.notice.partition(".")
    pages.tell_next_page(request, pages.say(request, f"{room}.notice.{reason}"))
    return HttpResponseRedirect(reverse("counter:person", args=[person]))


def _province(code: str, language: str) -> str:
    return words.text(f"counter_card.province.{code}", language)
