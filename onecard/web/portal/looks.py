"""C1-38 谁看过我的信息: every look, by role, place, time and reason; and the objection (B19)."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from onecard import words
from onecard.actions import objection as acts
from onecard.actions._keeping import once
from onecard.domain.objection import ObjectionReason
from onecard.domain.refusal import NotFound
from onecard.queries import objection, person
from onecard.queries.person import Look
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.forms import WordedForm
from onecard.web.portal.citizens import actor_of, person_of, signed_in

REASONS = tuple(ObjectionReason)


class ObjectForm(WordedForm):
    """Why this look should not have been."""

    stem = "my_data.object"
    reason = forms.ChoiceField(widget=forms.RadioSelect)


@dataclass(frozen=True)
class Shown:
    """A look in words, and the number of the objection to it, if there is one."""

    look: Look
    what: str
    why: str
    objection: str


@signed_in
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Every look at my data by somebody else, newest first; my own when asked for."""
    actor, language = actor_of(request), pages.reader_in(request).language
    with_own, filed = "own" in request.GET, objection.mine(as_seen_by=actor_of(request))
    before = request.GET.get("before", "")
    found = person.looks(
        person=person_of(request),
        as_seen_by=actor,
        with_own=with_own,
        before=int(before) if before.isdecimal() else 0,
    )
    return pages.show(
        request,
        "portal/looks.html",
        code="C1-38",
        back="/cards",
        place="cards",
        looks=[_shown(look, filed.get(look.line, ""), language) for look in found],
        with_own=with_own,
    )


@signed_in
@require_http_methods(["GET", "POST"])
def object_to(request: HttpRequest, line: int) -> HttpResponse:
    """C1-39: object to one look; it stays in the record, and an auditor looks into it."""
    actor, language = actor_of(request), pages.reader_in(request).language
    found = person.looks(person=person_of(request), as_seen_by=actor, with_own=True)
    look = next((one for one in found if one.line == line), None)
    if look is None:
        raise NotFound("Look")
    form = ObjectForm(request.POST if request.method == "POST" else None, language=language)
    said = [(one.value, words.text(f"objection.reason.{one.value}", language)) for one in REASONS]
    form.offer("reason", said)
    if form.is_bound and form.is_valid():
        return _file(request, line, ObjectionReason(form.cleaned_data["reason"]))
    problems = form.problems() if form.is_bound else []
    return pages.show(
        request,
        "portal/object.html",
        code="C1-39",
        status=pages.REFUSED if problems else 200,
        back="/looks",
        place="cards",
        shown=_shown(look, "", language),
        form=form,
        problems=problems,
        once_token=request.POST.get("once") or pages.new_token(),
    )


def _file(request: HttpRequest, line: int, reason: ObjectionReason) -> HttpResponse:
    token = request.POST.get("once") or pages.new_token()
    with once(person_of(request), token, f"{line}|{reason.value}"):
        receipt = acts.file(
            line=line, reason=reason, actor=actor_of(request), at=world().clock.now()
        )
    said = "objection.notice.already_filed" if receipt.notice else "my_data.object.done"
    pages.tell_next_page(request, pages.say(request, said))
    return HttpResponseRedirect("/looks")


def _shown(look: Look, filed: str, language: str) -> Shown:
    field = f"my_data.field.{look.field}"
    named = words.text(field, language) if words.has(field, language) else ""
    reason = look.reason or look.what
    whys = (f"counter.unmask.reason.option.{reason}", f"my_data.looks.because.{reason}")
    why = next((words.text(key, language) for key in whys if words.has(key, language)), "")
    what = words.text(look.what, language)
    return Shown(look, f"{what} {named}".strip(), why or look.reason, filed)
