"""C4-24: a case begun on the portal goes on here by its code; nothing is typed a second time.

Wrong codes lock the page like wrong passwords lock a name, for as long as the session lives.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from onecard.actions import draft as drafts
from onecard.domain.application import ApplicationKind, Collection
from onecard.domain.refusal import NotFound
from onecard.queries import staff
from onecard.queries.person import at_counter as seen_at_counter
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.counter.case.kept import keep
from onecard.web.counter.fields import CounterForm, text_field, without_gaps
from onecard.web.counter.frame import at_counter, page

MISSED = "case_code_missed"
AS_TYPED = ("phone", "address", "occupation", "bank", "post_to")


class CaseCodeForm(CounterForm):
    """The digits the person reads out."""

    stem = "counter.code"
    code = text_field(most=12, inputmode="numeric", autofocus=True, size=8)

    def clean_code(self) -> str:
        """Narrow digits, without gaps."""
        return without_gaps(self.cleaned_data["code"])


@at_counter
@require_http_methods(["GET", "POST"])
def go_on(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """Ask for the code of the person who was just identified; open what they had filled in."""
    form = CaseCodeForm(request.POST or None, language=pages.reader_in(request).language)
    if form.is_bound and form.is_valid() and _open(request, me, ref, form):
        return HttpResponseRedirect(reverse("counter:case", args=[ref]))
    problems = form.problems() if form.is_bound else []
    return page(
        request,
        me,
        "going_on.html",
        code="C4-24",
        status=422 if problems else 200,
        person=seen_at_counter(person=ref, as_seen_by=me.actor, at=world().clock.now()),
        form=form,
        problems=problems,
        back=reverse("counter:person", args=[ref]),
    )


def _open(request: HttpRequest, me: Me, ref: str, form: CaseCodeForm) -> bool:
    """Whether the code opened something; if not, the form says why."""
    now = world().clock.now()
    if _is_locked(request, now):
        form.add_error("code", forms.ValidationError("locked", code="locked"))
        return False
    code = form.cleaned_data["code"]
    try:
        opened = drafts.open_by_case_code(code=code, person=ref, actor=me.actor, at=now)
    except NotFound:
        missed, _ = _missed(request)
        request.session[MISSED] = [missed + 1, now.isoformat()]
        form.add_error("code", forms.ValidationError("wrong", code="opens_nothing"))
        return False
    request.session.pop(MISSED, None)
    keep(ref, me, kind=ApplicationKind.FIRST.value, form=as_typed(opened.answers))
    return True


def as_typed(answers: Mapping[str, Any]) -> dict[str, str]:
    """A citizen's answers as a clerk would have typed them; papers are looked at here anyway."""
    typed = {name: str(answers.get(name) or "") for name in AS_TYPED}
    nationality = answers.get("known_nationality") or answers.get("nationality") or ""
    last_day = answers.get("known_document_valid_to") or answers.get("document_valid_to")
    without_end = "0" if answers.get("document_without_end") else ""
    more = {
        "nationality": str(nationality),
        "valid_to": str(last_day).replace("-", "") if last_day else without_end,
        "collection": (Collection.POST if typed["post_to"] else Collection.OUTLET).value,
        "postage_understood": "on" if answers.get("postage_understood") else "",
    }
    return {name: value for name, value in {**typed, **more}.items() if value}


def _is_locked(request: HttpRequest, now: datetime) -> bool:
    missed, last = _missed(request)
    return staff.is_locked(by_name=True, failures=missed, last_failure=last, at=now)


def _missed(request: HttpRequest) -> tuple[int, datetime | None]:
    count, last = request.session.get(MISSED, (0, ""))
    return int(count), datetime.fromisoformat(last) if last else None
