"""C4-08 and C4-09: the drawer of blank cards, spoiled ones by two persons, the count of a day."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onecard.actions import production, stock
from onecard.actions._keeping import once
from onecard.domain.authority import Role
from onecard.domain.contacts import CoopBank
from onecard.domain.refusal import NotFound, Refused
from onecard.domain.stock import SpoilReason
from onecard.queries import contacts, place
from onecard.queries import production as seen
from onecard.queries import stock as drawers
from onecard.queries.staff import Me
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.counter.fields import OFF, text_field, without_gaps
from onecard.web.counter.frame import at_counter, page
from onecard.web.forms import WordedForm
from onecard.web.sign_in.desk import desk

MOST_CARDS = 99_999


class StockForm(WordedForm):
    """A form about serials: read from the card body, typed or scanned."""

    def clean(self) -> None:
        """Serials in capitals, without gaps."""
        super().clean()
        for name in ("first", "last", "serial"):
            if name in self.cleaned_data:
                self.cleaned_data[name] = without_gaps(self.cleaned_data[name]).upper()


class Receive(StockForm):
    """A delivery from the supplier."""

    stem = "counter.receive"
    bank = forms.ChoiceField()
    first = text_field(most=20)
    last = text_field(most=20)

    def __init__(self, *args: object, **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]
        self.offer("bank", [(bank.key, _named(bank, self.language)) for bank in banks_today()])


class Send(StockForm):
    """Cards for another outlet."""

    stem = "counter.send"
    first = text_field(most=20)
    last = text_field(most=20)
    receiver = forms.ChoiceField()

    def __init__(self, *args: object, **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]
        self.offer("receiver", [(one.ref, one.name) for one in place.serving_people()])

    def leave_out(self, outlet: str) -> bool:
        """Nobody sends cards to themselves; whether another outlet is left."""
        field = self.fields["receiver"]
        others = [one for one in field.choices if one[0] != outlet]  # type: ignore[attr-defined]
        self.offer("receiver", others)
        return bool(others)


class Arrived(StockForm):
    """Cards another outlet sent, now in hand."""

    stem = "counter.arrived"
    first = text_field(most=20)
    last = text_field(most=20)


class Spoil(StockForm):
    """A card that cannot be used, and why."""

    stem = "counter.spoil"
    serial = text_field(most=20)
    reason = forms.ChoiceField(choices=[(reason.value, "") for reason in SpoilReason])


FORMS: dict[str, type[StockForm]] = {
    "receive": Receive,
    "send": Send,
    "arrived": Arrived,
    "spoil": Spoil,
}
ACTS: dict[str, Callable[..., object]] = {
    "receive": stock.receive,
    "send": stock.send,
    "arrived": stock.confirm_arrival,
    "spoil": lambda *, reason, **more: stock.report_spoiled(reason=SpoilReason(reason), **more),
}


@at_counter
@require_safe
def drawer(request: HttpRequest, me: Me) -> HttpResponse:
    """C4-08: what lies in the drawer, what is coming, what waits for a second person."""
    return _drawer(request, me)


@at_counter
@require_POST
def move(request: HttpRequest, me: Me, what: str) -> HttpResponse:
    """Take in, send, receive or report; one form each, one act each."""
    if what not in FORMS:
        raise NotFound(what)
    form = FORMS[what](request.POST, prefix=what, language=pages.reader_in(request).language)
    if not form.is_valid():
        return _drawer(request, me, wrong=(what, form))
    body = f"{what}|{sorted(form.cleaned_data.items())}"
    try:
        with once(me.actor.ref, request.POST.get("once") or pages.new_token(), body):
            ACTS[what](**form.cleaned_data, actor=me.actor, at=world().clock.now())
    except Refused as refused:
        if refused.refusal.field not in form.fields:
            raise
        form.say_no(refused.refusal)
        return _drawer(request, me, wrong=(what, form))
    except NotFound:
        field = "serial" if "serial" in form.fields else "first"
        form.add_error(field, forms.ValidationError("unknown", code="unknown_serial"))
        return _drawer(request, me, wrong=(what, form))
    pages.tell_next_page(request, pages.say(request, f"counter.{what}.done"))
    return HttpResponseRedirect(reverse("counter:stock"))


@desk(Role.OUTLET_SUPERVISOR)
@require_POST
def decide(request: HttpRequest, me: Me, serial: str) -> HttpResponse:
    """The second person looked at the card: spoiled, or good after all."""
    act = stock.find_good if "good" in request.POST else stock.approve_spoiled
    act(serial=serial, actor=me.actor, at=world().clock.now())
    pages.tell_next_page(request, pages.say(request, "counter.decide.done"))
    return HttpResponseRedirect(reverse("counter:stock"))


@at_counter
@require_POST
def arrive(request: HttpRequest, me: Me) -> HttpResponse:
    """Made cards have come: those that were ticked; their holders are told to come."""
    applications = tuple(request.POST.getlist("application"))
    if applications:
        got = production.arrive(applications=applications, actor=me.actor, at=world().clock.now())
        said = pages.say(request, "counter.made.done", cards=len(got.arrived))
        pages.tell_next_page(request, said)
    return HttpResponseRedirect(reverse("counter:stock"))


@at_counter
@require_http_methods(["GET", "POST"])
def count(request: HttpRequest, me: Me) -> HttpResponse:
    """C4-09: the count of the day; it closes only when every card is explained."""
    now = world().clock.now()
    form = _count_form(request, me)
    refusals: tuple[pages.SpokenRefusal, ...] = ()
    if form.is_bound and form.is_valid():
        counted = {bank: number for bank, number in form.cleaned_data.items() if number}
        try:
            stock.close_day(counted=counted, actor=me.actor, at=now)
        except Refused as refused:
            language = pages.reader_in(request).language
            refusals = tuple(pages.speak(one, language) for one in refused.refusals)
        else:
            pages.tell_next_page(request, pages.say(request, "counter.count.done"))
            return HttpResponseRedirect(reverse("counter:count"))
    problems = form.problems() if form.is_bound else []
    return page(
        request,
        me,
        "count.html",
        code="C4-09",
        status=422 if problems or refusals else 200,
        form=form,
        problems=problems,
        refusals=refusals,
        seen=drawers.drawer(as_seen_by=me.actor, at=now),
    )


def banks_today() -> tuple[CoopBank, ...]:
    """The co-operating banks of the day."""
    return contacts.on(local_day(world().clock.now())).banks


def _drawer(
    request: HttpRequest, me: Me, *, wrong: tuple[str, StockForm] | None = None
) -> HttpResponse:
    language = pages.reader_in(request).language
    asked = {name: form(language=language, prefix=name) for name, form in FORMS.items()}
    if wrong:
        asked[wrong[0]] = wrong[1]
    others = isinstance(asked["send"], Send) and asked["send"].leave_out(me.actor.outlet)
    return page(
        request,
        me,
        "stock.html",
        code="C4-08",
        status=422 if wrong else 200,
        seen=drawers.drawer(as_seen_by=me.actor, at=world().clock.now()),
        coming=seen.coming_in(as_seen_by=me.actor),
        forms=asked,
        others=others,
        problems=wrong[1].problems() if wrong else [],
        banks={bank.key: _named(bank, language) for bank in banks_today()},
        is_supervisor=me.actor.role is Role.OUTLET_SUPERVISOR,
        once_token=pages.new_token(),
    )


def _count_form(request: HttpRequest, me: Me) -> WordedForm:
    """One box for each bank of the drawer; a supervisor of an empty drawer counts nothing."""
    language = pages.reader_in(request).language
    held = drawers.drawer(as_seen_by=me.actor, at=world().clock.now())
    keys = {row.bank for row in held.banks}
    named = [bank for bank in banks_today() if bank.key in keys]
    form = WordedForm(
        request.POST if request.method == "POST" else None,
        language=language,
    )
    for bank in named:
        form.fields[bank.key] = forms.IntegerField(
            label=_named(bank, language),
            min_value=0,
            max_value=MOST_CARDS,
            widget=forms.TextInput(attrs={**OFF, "inputmode": "numeric", "size": 6}),
        )
    return form


def _named(bank: CoopBank, language: str) -> str:
    return bank.zh if language == "zh" else bank.en
