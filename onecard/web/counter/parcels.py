"""C4-25: a parcel came back, and its person stands here: keep the card here, or send it again.

Whoever cannot use the portal, a child or somebody whose agent applied, decides at a counter.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from onecard.actions import delivery as acts
from onecard.actions._keeping import once
from onecard.domain.refusal import NotFound, Refused
from onecard.queries import delivery
from onecard.queries.delivery import ShipmentSeen
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.counter.fields import CounterForm, text_field
from onecard.web.counter.frame import at_counter, page


class Returned(CounterForm):
    """What shall become of the card; an address only where it has changed."""

    stem = "counter.parcel"
    way = forms.ChoiceField(choices=[("here", ""), ("again", "")], widget=forms.RadioSelect)
    address = text_field(required=False, most=200)


@at_counter
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """Ask which way, then do it once."""
    seen = delivery.of_application(application=ref, as_seen_by=me.actor, at=world().clock.now())
    if seen is None:
        raise NotFound(ref)
    form = Returned(request.POST or None, language=pages.reader_in(request).language)
    here = reverse("counter:application", args=[ref])
    if form.is_bound and form.is_valid():
        try:
            _do(request, me, seen, form.cleaned_data)
        except Refused as refused:
            if refused.refusal.field not in form.fields:
                raise
            form.say_no(refused.refusal)
        else:
            said = pages.say(request, f"counter.parcel.done.{form.cleaned_data['way']}")
            pages.tell_next_page(request, said)
            return HttpResponseRedirect(here)
    problems = form.problems() if form.is_bound else []
    return page(
        request,
        me,
        "parcel.html",
        code="C4-25",
        status=422 if problems else 200,
        seen=seen,
        form=form,
        problems=problems,
        once_token=request.POST.get("once") or pages.new_token(),
        back=here,
    )


def _do(request: HttpRequest, me: Me, seen: ShipmentSeen, told: dict[str, Any]) -> None:
    now, token = world().clock.now(), request.POST.get("once") or pages.new_token()
    with once(me.actor.ref, token, f"{seen.shipment}|{told['way']}|{told['address']}"):
        if told["way"] == "here":
            acts.choose_outlet(
                shipment=seen.shipment, outlet=me.actor.outlet, actor=me.actor, at=now
            )
        else:
            acts.send_again(shipment=seen.shipment, address=told["address"], actor=me.actor, at=now)
