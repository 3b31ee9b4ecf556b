"""C10-01: an auditor searches the record. Read-only; the reading itself is kept (C10.5).

The search is a POST, for an identity number may be part of it; nothing of it is in an address.
"""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from onecard.actions import audit as acts
from onecard.queries import audit
from onecard.queries.audit import AuditPage, Wanted
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.forms import DayField, WordedForm, folded
from onecard.web.office.frame import auditor, page

RESULTS = ("done", "refused")


class Search(WordedForm):
    """Whom or what, which act, which result, which days."""

    stem = "office.audit"
    whom = forms.CharField(
        max_length=64, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    act = forms.ChoiceField(required=False)
    result = forms.ChoiceField(required=False)
    first_day = DayField(required=False)
    last_day = DayField(required=False)
    before = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]
        self.offer("act", [("", self._word("act", "any")), *((act, act) for act in audit.acts())])
        every = self._word("result", "any")
        self.offer("result", [("", every), *((result, "") for result in RESULTS)])

    def wanted(self) -> Wanted:
        """The search as the query wants it."""
        told = self.cleaned_data
        return Wanted(
            whom=folded(told["whom"]),
            act=told["act"],
            result=told["result"],
            first_day=told["first_day"],
            last_day=told["last_day"],
            before=told["before"] or 0,
        )


@auditor
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest, me: Me) -> HttpResponse:
    """The empty form, or a page of lines."""
    form = Search(request.POST or None, language=pages.reader_in(request).language)
    found = _read(me, form.wanted()) if form.is_bound and form.is_valid() else None
    problems = form.problems() if form.is_bound else []
    return page(
        request,
        me,
        "audit.html",
        code="C10-01",
        status=422 if problems else 200,
        form=form,
        problems=problems,
        found=found,
    )


def _read(me: Me, wanted: Wanted) -> AuditPage:
    found = audit.search(wanted=wanted, as_seen_by=me.actor)
    acts.note_read(
        about=found.about,
        person=found.person,
        filters=tuple(name for name in ("whom", "act", "result") if getattr(wanted, name)),
        lines=len(found.lines),
        actor=me.actor,
        at=world().clock.now(),
    )
    return found
