"""C6-01 and C6-02: a call begins; who calls is asked by a script and believed by the rules."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from onecard.actions import loss
from onecard.domain.loss.phone import CARD_NUMBER
from onecard.domain.refusal import Refused
from onecard.queries import figures
from onecard.queries.staff import Me
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.counter.fields import CounterForm, text_field, without_gaps
from onecard.web.phone.frame import at_phone, page


class Caller(CounterForm):
    """What the caller says: name, identity number, and the card number if they know it."""

    stem = "phone_desk.caller"
    name = text_field(most=80, autofocus=True)
    number = text_field(most=32)
    card_number = text_field(most=32, required=False)

    def clean_number(self) -> str:
        """Narrow digits, without gaps."""
        return without_gaps(self.cleaned_data["number"])

    def clean_card_number(self) -> str:
        """As printed, without gaps."""
        return without_gaps(self.cleaned_data["card_number"]).upper()


@at_phone
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, me: Me) -> HttpResponse:
    """Read the questions out, type the answers. A mismatch is one and the same no for all."""
    form = _form(request)
    refusal = None
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            caller = loss.identify_caller(
                name=told["name"],
                identity_number=told["number"],
                card_number=told["card_number"],
                actor=me.actor,
                at=world().clock.now(),
            )
        except Refused as refused:
            refusal = pages.speak(refused.refusal, form.language)
        else:
            return HttpResponseRedirect(reverse("phone:call", args=[caller.call]))
    problems = form.problems() if form.is_bound else []
    return page(
        request,
        me,
        "start.html",
        code="C6-02",
        status=pages.REFUSED if problems or refusal else 200,
        form=form,
        problems=problems,
        no=refusal,
    )


def _form(request: HttpRequest) -> Caller:
    """The challenge set of the city: the card number is asked for where the city wants it."""
    form = Caller(request.POST or None, language=pages.reader_in(request).language)
    wanted = figures.value("loss", "phone_identification", on=local_day(world().clock.now()))
    form.fields["card_number"].required = CARD_NUMBER in wanted
    return form
