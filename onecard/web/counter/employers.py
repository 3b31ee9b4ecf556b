"""C3 at the counter: an employer's agent brings the papers; lists are accepted, cards collected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from onecard import words
from onecard.actions import application as acts
from onecard.actions import collection
from onecard.actions import employer as employer_acts
from onecard.actions.application import AgentShown, EmployerPapers
from onecard.domain.application import EmployerPaper
from onecard.domain.production import Holder, ProductionState
from onecard.domain.refusal import NotFound, Refusal, Refused
from onecard.queries import employer as employers
from onecard.queries.employer import EmployerRow
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
from onecard.web.forms import Problem

CODE = "C4-14"
AT_OUTLET = f"production.holder.{Holder.OUTLET.value}"
READY = frozenset(
    f"production.state.{state.value}"
    for state in (ProductionState.AT_BRANCH, ProductionState.AT_OUTLET)
)


class FindEmployer(CounterForm):
    """The credit code on the certificate or the letter; a name only for a new employer."""

    stem = "counter.employer"
    credit_code = text_field(most=24, autofocus=True)
    name = text_field(required=False, most=120)

    def clean_credit_code(self) -> str:
        """Capitals, without gaps."""
        return without_gaps(self.cleaned_data["credit_code"]).upper()


class PapersForm(CounterForm):
    """One of the employer's two papers, and the agent's own document: all originals."""

    stem = "counter.employer_papers"
    depends = ("paper",)
    paper = forms.ChoiceField(widget=forms.RadioSelect, required=False)
    paper_original = forms.BooleanField(required=False)
    agent_name = text_field()
    kind = kind_field()
    number = text_field(most=32)
    valid_to = ExpiryField()
    original = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        said = [
            (one.value, words.text(f"documents.paper.{one.value}", self.language))
            for one in EmployerPaper
        ]
        self.offer("paper", said)

    def clean_number(self) -> str:
        """Narrow digits, without gaps."""
        return without_gaps(self.cleaned_data["number"])

    def clean(self) -> None:
        """The number belongs to the kind."""
        super().clean()
        self.must_be_number("kind", "number")

    def papers(self, employer: str) -> EmployerPapers:
        """What lies on the desk."""
        told = self.cleaned_data
        return EmployerPapers(
            employer=employer,
            paper=EmployerPaper(told["paper"]) if told["paper"] else None,
            paper_original=told["paper_original"],
            agent=AgentShown(told["agent_name"], self.shown()),
        )


@dataclass(frozen=True)
class RowDone:
    """What became of one person of a list."""

    number: str
    application: str
    why_not: pages.SpokenRefusal | None


@at_counter
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest, me: Me) -> HttpResponse:
    """Find an employer by its credit code; a new one is written down with its name."""
    form = FindEmployer(request.POST or None, language=pages.reader_in(request).language)
    if form.is_bound and form.is_valid():
        found = _found(form, me)
        if found:
            return HttpResponseRedirect(reverse("counter:employer", args=[found]))
    problems = form.problems() if form.is_bound else []
    return page(
        request,
        me,
        "employers.html",
        code=CODE,
        status=422 if problems else 200,
        form=form,
        problems=problems,
    )


@at_counter
@require_http_methods(["GET", "POST"])
def employer(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """The employer's list: accept those who wait, hand over the cards that lie ready."""
    form = PapersForm(
        request.POST or None,
        language=pages.reader_in(request).language,
        initial={"kind": "resident_id"},
    )
    if form.is_bound and form.is_valid() and request.POST.getlist("application"):
        return _do(request, me, ref, form)
    return _list(request, me, ref, form)


def _do(request: HttpRequest, me: Me, ref: str, form: PapersForm) -> HttpResponse:
    chosen = tuple(request.POST.getlist("application"))
    do = _collect if "collect" in request.POST else _accept
    try:
        done = do(request, me, chosen, form.papers(ref))
    except Refused as refused:
        here = reverse("counter:employer", args=[ref])
        again = pages.say(request, "counter.employer.again")
        return pages.refuse(request, refused, code=CODE, onward=here, onward_name=again)
    return page(
        request,
        me,
        "employer_done.html",
        code=CODE,
        employer=employers.one(employer=ref),
        done=[row for row in done if row.why_not is None],
        left=[row for row in done if row.why_not],
        collected="collect" in request.POST,
        back=reverse("counter:employer", args=[ref]),
    )


def _accept(
    request: HttpRequest, me: Me, chosen: tuple[str, ...], papers: EmployerPapers
) -> list[RowDone]:
    language = pages.reader_in(request).language
    result = acts.accept_for_employer(
        applications=chosen, papers=papers, actor=me.actor, at=world().clock.now()
    )
    done = [RowDone(one.number, one.application, None) for one in result.accepted]
    return done + [
        RowDone(one.number, one.application, pages.speak(one.refusals[0], language))
        for one in result.refused
    ]


def _collect(
    request: HttpRequest, me: Me, chosen: tuple[str, ...], papers: EmployerPapers
) -> list[RowDone]:
    language = pages.reader_in(request).language
    numbers = {row.application: row.number for row in _rows(me, papers.employer)}
    result = collection.collect_for_employer(
        applications=chosen, papers=papers, actor=me.actor, at=world().clock.now()
    )
    done = [RowDone(numbers.get(one, ""), one, None) for one in result.collected]
    return done + [
        RowDone(
            numbers.get(one.application, ""),
            one.application,
            pages.speak(Refusal(one.code, one.facts), language),
        )
        for one in result.refused
    ]


def _found(form: FindEmployer, me: Me) -> str:
    """The employer's ref; empty when the form has something to ask still."""
    code, name = form.cleaned_data["credit_code"], form.cleaned_data["name"]
    try:
        return employers.by_credit_code(credit_code=code).employer
    except NotFound:
        if not name:
            form.add_error("name", forms.ValidationError("new", code="new_employer"))
            return ""
    try:
        return employer_acts.register(
            credit_code=code, name=name, actor=me.actor, at=world().clock.now()
        ).employer
    except Refused as refused:
        for refusal in refused.refusals:
            form.say_no(_at(refusal, form))
        return ""


def _at(refusal: Refusal, form: FindEmployer) -> Refusal:
    """The same no, beside a field of this form."""
    field = refusal.field if refusal.field in form.fields else "credit_code"
    return replace(refusal, field=field)


def _rows(me: Me, ref: str) -> tuple[EmployerRow, ...]:
    return employers.people(as_seen_by=me.actor, at=world().clock.now(), employer=ref)


def _list(request: HttpRequest, me: Me, ref: str, form: PapersForm) -> HttpResponse:
    rows = _rows(me, ref)
    nobody = form.is_bound and not request.POST.getlist("application")
    problems = form.problems() if form.is_bound else []
    if nobody:
        sentence = pages.say(request, "counter.employer.nobody_chosen")
        problems = [*problems, Problem("people", sentence)]
    return page(
        request,
        me,
        "employer.html",
        code=CODE,
        status=422 if problems else 200,
        employer=employers.one(employer=ref),
        form=form,
        problems=problems,
        waiting=[row for row in rows if row.holder == AT_OUTLET and row.state not in READY],
        ready=[row for row in rows if row.state in READY],
        others=[row for row in rows if row.holder != AT_OUTLET and row.state not in READY],
        chosen=request.POST.getlist("application"),
        back=reverse("counter:employers"),
    )
