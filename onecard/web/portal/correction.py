"""Put an application right while that is still possible: what is left empty stays as it is."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from onecard.actions import application as acts
from onecard.actions._keeping import once
from onecard.domain.application import Answers
from onecard.domain.refusal import Refused
from onecard.queries import application as applications
from onecard.queries import contacts, key_information
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.forms import DayField, WordedForm, folded
from onecard.web.portal.citizens import actor_of, person_of, signed_in


class CorrectionForm(WordedForm):
    """What a bank most often stumbles over. Nothing given before is shown: it is personal."""

    stem = "portal.correct"
    phone = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
    )
    document_valid_to = DayField(required=False)
    address = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "street-address"}),
    )
    bank = forms.ChoiceField(required=False)

    def clean_phone(self) -> str:
        """Full-width digits, spaces and hyphens are read as meant."""
        return folded(self.cleaned_data["phone"]).replace(" ", "").replace("-", "")

    def clean(self) -> dict[str, Any]:
        """Something must be given, and the rules judge it."""
        given = {name: value for name, value in self.cleaned_data.items() if value}
        if not given and not self.errors:
            self.add_error("phone", forms.ValidationError("empty", code="nothing_given"))
        for refusal in key_information.judge(answers=Answers(**given), at=world().clock.now()):
            if refusal.field in self.fields:
                self.say_no(refusal)
        return given


@signed_in
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for what is to be changed, then change it once."""
    actor, at = actor_of(request), world().clock.now()
    progress = applications.progress(application=number, as_seen_by=actor, at=at)
    if progress.may_correct is not None:
        raise Refused(progress.may_correct)
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        return _do(request, number, progress.application, form.cleaned_data)
    return pages.show(
        request,
        "portal/correct.html",
        code="C1-27",
        status=pages.REFUSED if form.is_bound else 200,
        back=f"/applications/{number}",
        place="progress",
        progress=progress,
        form=form,
        problems=form.problems() if form.is_bound else [],
        once_token=request.POST.get("once") or pages.new_token(),
        help_bank=progress.bank,
    )


def _form(request: HttpRequest) -> CorrectionForm:
    language = pages.reader_in(request).language
    form = CorrectionForm(request.POST if request.method == "POST" else None, language=language)
    banks = contacts.on(local_day(world().clock.now())).banks
    named = [(bank.key, bank.zh if language == "zh" else bank.en) for bank in banks]
    form.offer("bank", [("", pages.say(request, "portal.correct.as_before")), *named])
    return form


def _do(request: HttpRequest, number: str, application: str, given: dict[str, Any]) -> HttpResponse:
    body = json.dumps(given, sort_keys=True, default=str)
    with once(person_of(request), request.POST.get("once") or pages.new_token(), body):
        acts.correct(
            application=application,
            answers=Answers(**given),
            actor=actor_of(request),
            at=world().clock.now(),
        )
    pages.tell_next_page(request, pages.say(request, "portal.correct.done"))
    return HttpResponseRedirect(f"/applications/{number}")
