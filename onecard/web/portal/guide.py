"""「我能办吗」: a few questions, each its own page, and the way to go.

The answers are not personal and stand in the address, so that the way can be sent to somebody.
Whoever holds a card is stopped on the first page of an application, with the right way to go.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from onecard import words
from onecard.domain.application import Held, Outcome, Situation, Way
from onecard.domain.documents import DocumentKind
from onecard.queries import eligibility, place
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.forms import WordedForm
from onecard.web.portal.citizens import person_of

OLDEST = 130
USUAL_AGE = 30
"""Whoever is stopped for the card they hold is not asked for age or document first."""

SIGN_IN_FIRST = "/real-name/begin?next=/apply/known"
DOCUMENTS = tuple(kind for kind in DocumentKind if kind is not DocumentKind.SOCIAL_SECURITY_CARD)
GO_ON = frozenset({Outcome.APPLY_ONLINE, Outcome.ASK_FIRST})
OPEN_ONLINE = frozenset({Held.NONE, Held.UNSURE})


@dataclass(frozen=True)
class Option:
    """One answer that is a link."""

    name: str
    href: str


class HeldQuestion(WordedForm):
    """Which card do you hold?"""

    stem = "portal.check"
    held = forms.ChoiceField(choices=[(held.value, "") for held in Held], widget=forms.RadioSelect)


class AgeQuestion(WordedForm):
    """How old is the person the card is for?"""

    stem = "portal.check"
    age = forms.IntegerField(
        min_value=0,
        max_value=OLDEST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class DocumentQuestion(WordedForm):
    """Which identity document is there?"""

    stem = "portal.check"
    document = forms.ChoiceField(
        choices=[(kind.value, "") for kind in DOCUMENTS], widget=forms.RadioSelect
    )


class IssuedQuestion(WordedForm):
    """Has an identity card been issued? Asked only of those who show the household register."""

    stem = "portal.check"
    issued = forms.ChoiceField(choices=[("yes", ""), ("no", "")], widget=forms.RadioSelect)


QUESTIONS = {
    "held": HeldQuestion,
    "age": AgeQuestion,
    "document": DocumentQuestion,
    "issued": IssuedQuestion,
}


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The first page of an application: have you held the provincial card before?"""
    onward = "/apply/known" if person_of(request) else SIGN_IN_FIRST
    hrefs = {Held.NONE: onward, Held.UNSURE: onward}
    options = [Option(held.value, hrefs.get(held, f"/apply/held/{held.value}")) for held in Held]
    return pages.show(request, "portal/choose.html", code="C1-02", back="/", options=options)


@require_safe
def holder(request: HttpRequest, held: str) -> HttpResponse:
    """The way for somebody who holds or has lost a card: not here, and where instead."""
    known = next((one for one in Held if one.value == held), None)
    if known is None or known in OPEN_ONLINE:
        raise Http404
    situation = Situation(known, USUAL_AGE, DocumentKind.RESIDENT_ID)
    return _show_way(request, situation, code="C1-02", back="/apply")


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """One question after the other; the last answer gives the way."""
    given: dict[str, str] = {}
    for name, form_class in QUESTIONS.items():
        if _is_idle(name, given):
            continue
        asked = name in request.GET
        form = form_class(
            request.GET if asked else None, language=pages.reader_in(request).language
        )
        if not form.is_valid():
            return _ask(request, name, form, given)
        given[name] = str(form.cleaned_data[name])
        if name == "held" and given[name] != Held.NONE.value:
            return _answer_holder(given[name])
    situation = Situation(
        Held.NONE,
        int(given["age"]),
        DocumentKind(given["document"]),
        id_card_issued=given.get("issued", "yes") == "yes",
    )
    return _show_way(request, situation, code="C1-03", back=f"/check?{_without_last(given)}")


def _is_idle(name: str, given: dict[str, str]) -> bool:
    register = DocumentKind.HOUSEHOLD_REGISTER.value
    return name == "issued" and given.get("document") != register


def _answer_holder(held: str) -> HttpResponse:
    stay = held == Held.UNSURE.value
    return HttpResponseRedirect("/apply" if stay else f"/apply/held/{held}")


def _ask(request: HttpRequest, name: str, form: WordedForm, given: dict[str, str]) -> HttpResponse:
    back = f"/check?{_without_last(given)}" if given else "/"
    return pages.show(
        request,
        "portal/check.html",
        code="C1-02",
        back=back,
        form=form,
        question=form[name],
        given=given.items(),
        problems=form.problems() if form.is_bound else [],
    )


def _without_last(given: dict[str, str]) -> str:
    return urlencode(list(given.items())[:-1])


def _show_way(request: HttpRequest, situation: Situation, *, code: str, back: str) -> HttpResponse:
    language = pages.reader_in(request).language
    way: Way = eligibility.ask(answers=situation, at=world().clock.now())
    no = pages.speak(way.refusal, language) if way.refusal else None
    outcome = words.text(f"application.way.{way.outcome.value}", language)
    return pages.show(
        request,
        "portal/way.html",
        code=code,
        back=back,
        way=way,
        no=no,
        explain=words.text(f"application.way.explain.{way.outcome.value}", language),
        headline=no.headline if no else outcome,
        papers=[words.text(f"application.paper.{paper}", language) for paper in way.papers],
        places=() if way.outcome in GO_ON or no else place.serving_people(),
        onward="/apply" if way.outcome in GO_ON else "",
    )
