"""C9-11 to C9-13: failures with their repair, promises that come due, discrepancies to settle."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onecard.actions import application as application_acts
from onecard.actions import photo as photos
from onecard.actions import production as acts
from onecard.domain.application import Answers
from onecard.domain.photo import DeclineReason
from onecard.domain.production import Holder, ProductionState
from onecard.domain.refusal import Refused
from onecard.queries import application as applications
from onecard.queries import photo as photo_queries
from onecard.queries import production
from onecard.queries.application import Progress
from onecard.queries.person import at_counter
from onecard.queries.photo import Copy
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.forms import DayField, WordedForm, folded
from onecard.web.office.frame import operator, page

TO_REVIEW = frozenset(
    f"production.state.{state.value}"
    for state in (ProductionState.SUBMITTED, ProductionState.CORRECTED)
)


class Mend(WordedForm):
    """What a bank could not take; an empty box leaves the answer as it was."""

    stem = "office.mend"
    phone = forms.CharField(max_length=20, required=False)
    address = forms.CharField(max_length=200, required=False)
    document_valid_to = DayField(required=False)

    def answers(self) -> Answers:
        """Only what was typed."""
        told = self.cleaned_data
        return Answers(
            phone=folded(told["phone"]).replace(" ", "").replace("-", ""),
            address=told["address"],
            document_valid_to=told["document_valid_to"],
        )


class Decline(WordedForm):
    """Why a portrait has to be taken again."""

    stem = "counter.decline"
    reason = forms.ChoiceField(choices=[(reason.value, "") for reason in DeclineReason])


@operator
@require_safe
def failures(request: HttpRequest, me: Me) -> HttpResponse:
    """C9-11: everybody whose card stopped, why, and how it goes on."""
    return page(
        request,
        me,
        "failures.html",
        code="C9-11",
        failures=production.failures(as_seen_by=me.actor),
        to_review=applications.worklist(as_seen_by=me.actor, at=world().clock.now()).to_review,
    )


@operator
@require_POST
def remake(request: HttpRequest, me: Me) -> HttpResponse:
    """Order the chosen cards once more, in one file; no second account is opened."""
    chosen = tuple(request.POST.getlist("application"))
    if chosen:
        acts.remake(applications=chosen, actor=me.actor, at=world().clock.now())
        said = pages.say(request, "office.failures.remade", cards=len(chosen))
        pages.tell_next_page(request, said)
    return HttpResponseRedirect(reverse("office:failures"))


@operator
@require_http_methods(["GET", "POST"])
def application(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """C9-14: one application with its road, and what can be mended from here."""
    form = Mend(request.POST or None, language=pages.reader_in(request).language)
    if form.is_bound and form.is_valid():
        try:
            application_acts.correct(
                application=ref, answers=form.answers(), actor=me.actor, at=world().clock.now()
            )
        except Refused as refused:
            if refused.refusal.field not in form.fields:
                raise
            form.say_no(refused.refusal)
        else:
            pages.tell_next_page(request, pages.say(request, "office.mend.done"))
            return HttpResponseRedirect(reverse("office:application", args=[ref]))
    return _show(request, me, ref, form)


@operator
@require_POST
def review(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """The operator has looked at a portrait of an online application."""
    now = world().clock.now()
    portrait = _portrait(me, _progress(me, ref))
    form = Decline(request.POST, language=pages.reader_in(request).language)
    if "good" in request.POST:
        photos.accept_photo(photo=portrait, actor=me.actor, at=now)
        application_acts.accept_online(application=ref, actor=me.actor, at=now)
        pages.tell_next_page(request, pages.say(request, "counter.review.accepted"))
    elif form.is_valid():
        reason = DeclineReason(form.cleaned_data["reason"])
        photos.decline_photo(photo=portrait, reason=reason, actor=me.actor, at=now)
        pages.tell_next_page(request, pages.say(request, "counter.review.declined"))
    return HttpResponseRedirect(reverse("office:failures"))


@operator
@require_safe
def portrait(request: HttpRequest, me: Me, token: str) -> HttpResponse:
    """A portrait by its signed link, good for a minute and for this sign-in only."""
    del request
    looked = photos.look_by_link(token, actor=me.actor, at=world().clock.now())
    response = HttpResponse(looked.content, content_type="image/jpeg")
    response["Cache-Control"] = "no-store"
    return response


@operator
@require_safe
def due(request: HttpRequest, me: Me) -> HttpResponse:
    """C9-12: promises that come due or were missed, the most pressing first."""
    rows = production.due(as_seen_by=me.actor, at=world().clock.now())
    return page(request, me, "due.html", code="C9-12", due=rows)


@operator
@require_safe
def discrepancies(request: HttpRequest, me: Me) -> HttpResponse:
    """C9-13: what partners said that does not fit; open ones, then settled ones."""
    return page(
        request,
        me,
        "discrepancies.html",
        code="C9-13",
        open=production.discrepancies(as_seen_by=me.actor, settled=False),
        settled=production.discrepancies(as_seen_by=me.actor, settled=True),
    )


@operator
@require_POST
def settle(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """Say how a discrepancy was dealt with, in words."""
    acts.settle_discrepancy(
        discrepancy=ref,
        settlement=request.POST.get("settlement", ""),
        actor=me.actor,
        at=world().clock.now(),
    )
    pages.tell_next_page(request, pages.say(request, "office.discrepancies.done"))
    return HttpResponseRedirect(reverse("office:discrepancies"))


def _show(request: HttpRequest, me: Me, ref: str, form: Mend) -> HttpResponse:
    seen = _progress(me, ref)
    problems = form.problems() if form.is_bound else []
    reviewing = seen.state in TO_REVIEW and seen.holder.endswith(f".{Holder.REVIEWER.value}")
    return page(
        request,
        me,
        "application.html",
        code="C9-14",
        status=422 if problems else 200,
        seen=seen,
        form=form,
        problems=problems,
        reviewing=reviewing,
        portrait=_link(me, _portrait(me, seen)) if reviewing else "",
        decline=Decline(language=form.language),
        back=reverse("office:failures"),
    )


def _progress(me: Me, ref: str) -> Progress:
    return applications.progress(application=ref, as_seen_by=me.actor, at=world().clock.now())


def _portrait(me: Me, seen: Progress) -> str:
    return at_counter(person=seen.person, as_seen_by=me.actor, at=world().clock.now()).photo


def _link(me: Me, ref: str) -> str:
    if not ref:
        return ""
    token = photo_queries.link(ref, copy=Copy.PRINT, as_seen_by=me.actor, at=world().clock.now())
    return reverse("office:portrait", args=[token])
