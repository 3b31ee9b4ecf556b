"""Check your answers, send, and the receipt: the only page that has an effect."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from onecard import words
from onecard.actions import draft as drafts
from onecard.actions._keeping import once
from onecard.domain.application import Answers
from onecard.domain.refusal import Refused
from onecard.queries import contacts, person
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web import display, pages
from onecard.web.portal.apply import case as cases
from onecard.web.portal.apply.case import Case
from onecard.web.portal.apply.journey import FIRST, Journey
from onecard.web.portal.apply.questions import question_of
from onecard.web.portal.citizens import actor_of, person_of, signed_in
from onecard.words.speech import spoken

ROWS = (
    "phone",
    "address",
    "occupation",
    "nationality",
    "document_valid_to",
    "bank",
    "post_to",
    "postage_understood",
)


@dataclass(frozen=True)
class Row:
    """One line of the summary; without `change` the answer came from the province."""

    name: str
    label: str
    value: str
    change: str
    given: bool


@signed_in
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Show every answer, or send the application."""
    case = cases.open_case(request, journey)
    if request.method == "POST" and "show" not in request.POST:
        return _send(request, case)
    if not case.fetched:
        return HttpResponseRedirect(journey.page("known"))
    if request.method == "POST":
        display.read_anew(request)
    at = world().clock.now()
    response = pages.show(
        request,
        "portal/check_answers.html",
        code=journey.codes["check"],
        back=journey.page("delivery"),
        journey=journey,
        me=person.myself(as_seen_by=actor_of(request), at=at),
        rows=_rows(request, case),
        complete=not case.missing(),
        seen=_digest(case),
        once_token=request.POST.get("once") or pages.new_token(),
        switch_form="send",
        help_bank=case.answers().bank,
    )
    display.keep(request, response)
    return response


@signed_in
@require_safe
def code(request: HttpRequest) -> HttpResponse:
    """The page that offers a case code, to go on at a counter or by telephone."""
    case = cases.open_case(request, FIRST)
    if not case.draft:
        return HttpResponseRedirect("/apply")
    return pages.show(
        request,
        "portal/case_code.html",
        code="C1-21",
        back="/apply/check",
        made=request.session.pop("case_code", None),
    )


@signed_in
@require_http_methods(["POST"])
def make_code(request: HttpRequest) -> HttpResponse:
    """Make the code; it is shown once, on the next page."""
    case = cases.open_case(request, FIRST)
    made = drafts.make_case_code(draft=case.draft, actor=actor_of(request), at=world().clock.now())
    language = pages.reader_in(request).language
    request.session["case_code"] = {"code": made.code, "until": spoken(made.until, language)}
    return HttpResponseRedirect("/apply/code")


def _send(request: HttpRequest, case: Case) -> HttpResponse:
    """Send what was shown, once. A form sent again finds its receipt, though the draft is gone."""
    seen = request.POST.get("seen", "")
    if case.fetched and seen != _digest(case):
        pages.tell_next_page(request, pages.say(request, "portal.check_answers.changed"))
        return HttpResponseRedirect(case.journey.page("check"))
    try:
        with once(person_of(request), request.POST.get("once") or pages.new_token(), seen):
            receipt = case.journey.send(case, actor_of(request), world().clock.now())
    except Refused as refused:
        return _refused(request, refused, case.journey)
    return HttpResponseRedirect(f"/applications/{receipt.number}/receipt")


def _digest(case: Case) -> str:
    """What stands on the page, so that nothing else can be sent from it."""
    told = [asdict(case.answers()), [notice.value for notice in case.confirmed()]]
    body = json.dumps(told, sort_keys=True, default=str)
    return world().custody.sign("answers", body.encode())


def _refused(request: HttpRequest, refused: Refused, journey: Journey) -> HttpResponse:
    question = question_of(refused.refusal.field, journey)
    return pages.refuse(
        request,
        refused,
        code=journey.codes["check"],
        onward=question.href if question else journey.page("check"),
        onward_name=pages.say(request, "portal.check_answers.again"),
    )


def _rows(request: HttpRequest, case: Case) -> list[Row]:
    language, answers = pages.reader_in(request).language, case.answers()
    missing = case.missing()
    rows = []
    for name in ROWS:
        question = question_of(name, case.journey)
        known = (name == "nationality" and case.nationality_is_known) or (
            name == "document_valid_to" and case.day_is_known
        )
        rows.append(
            Row(
                name=name,
                label=words.text(f"portal.row.{name}", language),
                value=_value(name, answers, language),
                change="" if known or question is None else f"{question.href}#{name}",
                given=name not in missing,
            )
        )
    return rows


def _value(name: str, answers: Answers, language: str) -> str:
    value = getattr(answers, name)
    if name == "bank":
        bank = contacts.on(local_day(world().clock.now())).bank(value)
        return "" if bank is None else bank.zh if language == "zh" else bank.en
    if name == "nationality" and words.has(f"portal.country.{value}", language):
        return words.text(f"portal.country.{value}", language)
    if name == "occupation":
        return words.text(f"application.occupation.{value}", language) if value else ""
    if name == "document_valid_to" and answers.document_without_end:
        return words.text("portal.row.without_end", language)
    return (
        spoken(value, language)
        if value and name == "document_valid_to"
        else _plain(value, language)
    )


def _plain(value: object, language: str) -> str:
    if isinstance(value, bool):
        return words.text("portal.row.understood", language) if value else ""
    return str(value)
