"""C4-01 and C4-02: the work that waits, and the scan field that finds a person or a receipt.

Identity numbers travel in the body of a POST only, never in an address.
"""

from __future__ import annotations

from dataclasses import replace

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onecard.actions import draft as drafts
from onecard.actions import person as people
from onecard.actions.person import CounterLook
from onecard.domain.application import is_receipt_number
from onecard.domain.documents import DocumentKind
from onecard.domain.person import Sex
from onecard.domain.refusal import Refused
from onecard.queries import application as applications
from onecard.queries import card as cards
from onecard.queries import delivery
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.counter.case.kept import CASE
from onecard.web.counter.fields import (
    CounterForm,
    QuickDayField,
    kind_field,
    text_field,
    without_gaps,
)
from onecard.web.counter.frame import at_counter, page
from onecard.web.forms import folded

ANSWERABLE = ("documents.", "person.", "identity.")
FIELDS = {"name": "name", "born_on": "born_on", "nationality": "nationality", "sex": "sex"}


class Scan(CounterForm):
    """Somebody's document, or the receipt number of a slip."""

    stem = "counter.scan"
    number = text_field(most=32, autofocus=True)
    kind = kind_field()
    name = text_field(required=False)

    def clean_number(self) -> str:
        """Narrow digits, without gaps."""
        return without_gaps(self.cleaned_data["number"])


class Stranger(Scan):
    """Somebody neither we nor the province know: who they are, by the document and the clerk."""

    stem = "counter.stranger"
    number = text_field(most=32)
    name = text_field()
    born_on = QuickDayField(required=False)
    sex = forms.ChoiceField(
        choices=[("", ""), *((sex.value, "") for sex in Sex)], required=False, widget=forms.Select
    )
    nationality = text_field(required=False, most=3, size=4)

    def clean_nationality(self) -> str:
        """Three capital letters."""
        return folded(self.cleaned_data["nationality"]).upper()


@at_counter
@require_safe
def start(request: HttpRequest, me: Me) -> HttpResponse:
    """C4-01: what waits here, under the scan field."""
    return _start(request, me, Scan(language=pages.reader_in(request).language))


@at_counter
@require_POST
def find(request: HttpRequest, me: Me) -> HttpResponse:
    """C4-02: lead to whoever or whatever was scanned."""
    form = Scan(request.POST, language=pages.reader_in(request).language)
    if not form.is_valid():
        return _start(request, me, form)
    if is_receipt_number(form.cleaned_data["number"]):
        return _to_application(me, form.cleaned_data["number"])
    look = CounterLook(
        document_kind=DocumentKind(form.cleaned_data["kind"]),
        number=form.cleaned_data["number"],
        name=form.cleaned_data["name"],
    )
    return _look(request, me, form, look)


@at_counter
@require_POST
def stranger(request: HttpRequest, me: Me) -> HttpResponse:
    """C4-02: write down somebody whom nobody knows, by their document."""
    form = Stranger(request.POST, language=pages.reader_in(request).language)
    if not form.is_valid():
        return _ask_who(request, me, form)
    told = form.cleaned_data
    look = CounterLook(
        document_kind=DocumentKind(told["kind"]),
        number=told["number"],
        name=told["name"],
        born_on=told["born_on"],
        sex=Sex(told["sex"]) if told["sex"] else None,
        nationality=told["nationality"],
    )
    return _look(request, me, form, look)


def _look(request: HttpRequest, me: Me, form: Scan, look: CounterLook) -> HttpResponse:
    try:
        met = people.find_at_counter(look=look, actor=me.actor, at=world().clock.now())
    except Refused as refused:
        if not refused.refusal.code.startswith(ANSWERABLE):
            raise
        _say(form, refused)
        again = _ask_who if isinstance(form, Stranger) else _start
        return again(request, me, form)  # type: ignore[arg-type]
    if met.person:
        scanned = {"kind": look.document_kind.value, "number": look.number}
        drafts.save(
            purpose=CASE,
            answers={"scanned": scanned},
            person=met.person,
            actor=me.actor,
            at=world().clock.now(),
        )
        return HttpResponseRedirect(reverse("counter:person", args=[met.person]))
    known = {"number": look.number, "kind": look.document_kind.value, "name": look.name}
    who = Stranger(initial=known, language=form.language)
    return _ask_who(request, me, who, province_answered=met.province_answered)


def _say(form: Scan, refused: Refused) -> None:
    """A number that is none is a slip of the hand: said beside the field it stands in."""
    for refusal in refused.refusals:
        form.say_no(replace(refusal, field=FIELDS.get(refusal.field, "number")))


def _to_application(me: Me, number: str) -> HttpResponse:
    now = world().clock.now()
    found = applications.progress(application=number, as_seen_by=me.actor, at=now)
    return HttpResponseRedirect(reverse("counter:application", args=[found.application]))


def _start(request: HttpRequest, me: Me, form: Scan) -> HttpResponse:
    now, problems = world().clock.now(), form.problems() if form.is_bound else []
    return page(
        request,
        me,
        "start.html",
        code="C4-01",
        status=422 if problems else 200,
        form=form,
        problems=problems,
        work=applications.worklist(as_seen_by=me.actor, at=now),
        to_enable=cards.to_enable(as_seen_by=me.actor, at=now),
        returned=delivery.returned(as_seen_by=me.actor, at=now),
    )


def _ask_who(
    request: HttpRequest, me: Me, form: Stranger, *, province_answered: bool = True
) -> HttpResponse:
    problems = form.problems() if form.is_bound else []
    return page(
        request,
        me,
        "stranger.html",
        code="C4-02",
        status=422 if problems else 200,
        form=form,
        problems=problems,
        province_answered=province_answered,
        back=reverse("counter:start"),
    )
