"""A parcel came back: collect the card at an outlet, or have it sent again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from onecard.actions import delivery as acts
from onecard.actions._keeping import once
from onecard.domain.refusal import NotFound, Refused
from onecard.queries import application as applications
from onecard.queries import delivery, place
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.forms import WordedForm
from onecard.web.portal.citizens import actor_of, person_of, signed_in


class ReturnedForm(WordedForm):
    """What shall happen with the parcel?"""

    stem = "portal.parcel"
    way = forms.ChoiceField(choices=[("outlet", ""), ("again", "")], widget=forms.RadioSelect)
    outlet = forms.ChoiceField(required=False)
    depends = ("outlet",)
    address = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "shipping street-address"}),
    )

    def clean(self) -> dict[str, Any]:
        """An outlet must be chosen by whoever wants to collect; an address may stay as it is."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("way") == "outlet" and not given.get("outlet"):
            self.add_error("outlet", forms.ValidationError("empty", code="required"))
        return given


@signed_in
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Ask which way, then do it once."""
    actor, at = actor_of(request), world().clock.now()
    progress = applications.progress(application=number, as_seen_by=actor, at=at)
    shipment = delivery.of_application(application=progress.application, as_seen_by=actor, at=at)
    if shipment is None:
        raise NotFound(number)
    form = _form(request, progress.bank)
    if request.method == "POST" and form.is_valid():
        try:
            return _do(request, number, shipment.shipment, form.cleaned_data)
        except Refused as refused:
            if refused.refusal.field not in form.fields:
                raise
            form.say_no(refused.refusal)
    return pages.show(
        request,
        "portal/parcel.html",
        code="C1-22",
        status=pages.REFUSED if form.is_bound else 200,
        back=f"/applications/{number}",
        place="progress",
        number=progress.number,
        shipment=shipment,
        form=form,
        problems=form.problems() if form.is_bound else [],
        once_token=request.POST.get("once") or pages.new_token(),
        help_bank=progress.bank,
    )


def _form(request: HttpRequest, bank: str) -> ReturnedForm:
    data = request.POST if request.method == "POST" else None
    language = pages.reader_in(request).language
    form = ReturnedForm(data, language=language)
    english = language == "en"
    outlets = place.serving_people(bank=bank) or place.serving_people()
    named = [(one.ref, one.name_en if english and one.name_en else one.name) for one in outlets]
    form.offer("outlet", [("", pages.say(request, "portal.ask.choose")), *named])
    return form


def _do(request: HttpRequest, number: str, shipment: str, answer: dict[str, Any]) -> HttpResponse:
    actor, at = actor_of(request), world().clock.now()
    body = f"{shipment}|{answer['way']}|{answer['outlet']}|{answer['address']}"
    with once(person_of(request), request.POST.get("once") or pages.new_token(), body):
        if answer["way"] == "outlet":
            acts.choose_outlet(shipment=shipment, outlet=answer["outlet"], actor=actor, at=at)
        else:
            acts.send_again(shipment=shipment, address=answer["address"], actor=actor, at=at)
    pages.tell_next_page(request, pages.say(request, f"portal.parcel.done.{answer['way']}"))
    return HttpResponseRedirect(f"/applications/{number}")
