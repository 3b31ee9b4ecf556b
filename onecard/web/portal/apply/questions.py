"""One question per page: show, keep what was answered, go on; nothing typed is lost."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from onecard.web import display, pages
from onecard.web.portal.apply import case as cases
from onecard.web.portal.apply.case import Case
from onecard.web.portal.apply.forms import (
    BankForm,
    CaseForm,
    DeliveryForm,
    DetailsForm,
    NationalityForm,
    NoticesForm,
)
from onecard.web.portal.apply.journey import Journey
from onecard.web.portal.citizens import actor_of, signed_in

FORMS: dict[str, type[CaseForm]] = {
    "notices": NoticesForm,
    "details": DetailsForm,
    "nationality": NationalityForm,
    "bank": BankForm,
    "delivery": DeliveryForm,
}


@dataclass(frozen=True)
class Question:
    """One page of a journey."""

    name: str
    form: type[CaseForm]
    code: str
    href: str


def questions(journey: Journey) -> tuple[Question, ...]:
    """The questions of a journey, in order."""
    return tuple(
        Question(name, FORMS[name], journey.codes[name], journey.page(name))
        for name in journey.questions
    )


@signed_in
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, name: str, journey: Journey) -> HttpResponse:
    """Show a question, or keep its answer and go on."""
    question = next((one for one in questions(journey) if one.name == name), None)
    if question is None:
        raise Http404
    case = cases.open_case(request, journey)
    if not case.fetched:
        return HttpResponseRedirect(journey.page("known"))
    if request.method == "GET":
        return _show(request, question, _form(request, question, case))
    if "show" in request.POST:
        return _switch(request, question, case)
    return _answer(request, question, case)


def question_of(field: str, journey: Journey) -> Question | None:
    """The question that asks for a field."""
    return next((one for one in questions(journey) if field in one.form.base_fields), None)


def asked_in(case: Case) -> tuple[Question, ...]:
    """The questions of this case; whose citizen somebody is, is asked only if nobody knows."""
    return tuple(
        one
        for one in questions(case.journey)
        if one.name != "nationality" or not case.nationality_is_known
    )


def after(question: Question, case: Case) -> str:
    """Where to go once a question is answered: the next one that is open, else the check page."""
    missing, every = case.missing(), questions(case.journey)
    for one in every[every.index(question) + 1 :]:
        if any(name in one.form.base_fields for name in missing):
            return one.href
    return case.journey.page("check")


def _answer(request: HttpRequest, question: Question, case: Case) -> HttpResponse:
    form = _form(request, question, case)
    leaving = "leave" in request.POST
    if not form.is_valid() and not leaving:
        return _show(request, question, form, status=pages.REFUSED)
    case = cases.keep(request, case, **form.cleaned_data)
    if leaving:
        pages.tell_next_page(request, pages.say(request, "common.saved"))
        return HttpResponseRedirect("/")
    return HttpResponseRedirect(after(question, case))


def _switch(request: HttpRequest, question: Question, case: Case) -> HttpResponse:
    """The same page in the other language or size, with what was typed."""
    display.read_anew(request)
    form = _form(request, question, case)
    form.show_as_typed()
    response = _show(request, question, form)
    display.keep(request, response)
    return response


def _form(request: HttpRequest, question: Question, case: Case) -> CaseForm:
    language = pages.reader_in(request).language
    data = request.POST if request.method == "POST" else None
    asker = actor_of(request)
    return question.form(data, case=case, asker=asker, language=language, initial=case.initial())


def _show(
    request: HttpRequest, question: Question, form: CaseForm, *, status: int = 200
) -> HttpResponse:
    known = form.case.journey.page("known")
    before = [known, *(one.href for one in asked_in(form.case))]
    back = before[before.index(question.href) - 1] if question.href in before else known
    return pages.show(
        request,
        "portal/question.html",
        code=question.code,
        status=status,
        back=back,
        switch_form="question",
        question=question,
        title=pages.say(request, f"portal.ask.{question.name}.title"),
        form=form,
        only=next(iter(form)) if len(form.fields) == 1 else None,
        problems=form.problems() if status == pages.REFUSED else [],
    )
