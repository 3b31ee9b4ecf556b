"""C4-06 and C4-07: one application after it was accepted: slip, instant issue, mending, review."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onecard.actions import application as acts
from onecard.actions import photo as photos
from onecard.actions import production, slip
from onecard.actions._keeping import once
from onecard.domain.application import Answers, plain
from onecard.domain.photo import DeclineReason
from onecard.domain.production import Holder, ProductionState
from onecard.queries import application as applications
from onecard.queries import delivery, key_information
from onecard.queries import slip as slips
from onecard.queries.application import Progress
from onecard.queries.person import at_counter as seen_at_counter
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import drawings, pages
from onecard.web.counter.fields import CounterForm, ExpiryField, text_field, without_gaps
from onecard.web.counter.frame import at_counter, page
from onecard.web.counter.person import portrait_address
from onecard.web.forms import WordedForm
from onecard.web.slips import acceptance

COLLECTABLE = (ProductionState.AT_OUTLET, ProductionState.INSTANT_MADE)
TO_REVIEW = (ProductionState.SUBMITTED, ProductionState.CORRECTED)
INSTANT = (ProductionState.INSTANT_BATCHED, ProductionState.INSTANT_MAKING)


class Retract(WordedForm):
    """Why an application is withdrawn."""

    stem = "counter.retract"
    reason = forms.ChoiceField(choices=[("changed_mind", ""), ("wrong_data", ""), ("other", "")])


class Decline(WordedForm):
    """Why a portrait has to be taken again."""

    stem = "counter.decline"
    reason = forms.ChoiceField(choices=[(reason.value, "") for reason in DeclineReason])


class Correct(CounterForm):
    """What is mended; an empty box leaves the answer as it was."""

    stem = "counter.case"
    phone = text_field(required=False, most=20, inputmode="tel", size=14)
    address = text_field(required=False, most=200)
    valid_to = ExpiryField(required=False)

    def clean_phone(self) -> str:
        """Digits as meant."""
        return without_gaps(self.cleaned_data["phone"]).replace("-", "")

    def answers(self) -> Answers:
        """Only what was typed."""
        told = self.cleaned_data
        return Answers(
            phone=told["phone"], address=told["address"], document_valid_to=told["valid_to"]
        )


@at_counter
@require_safe
def application(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """Where the application stands, and what this counter can do about it."""
    return _show(request, me, ref)


@at_counter
@require_POST
def print_slip(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """The acceptance slip as PDF; every copy is noted, from the second on it says so."""
    now, language = world().clock.now(), pages.reader_in(request).language
    drawn = slips.acceptance(application=ref, as_seen_by=me.actor)
    noted = slip.note_acceptance_print(application=ref, actor=me.actor, at=now)
    lines = pages.hotlines(language, bank=drawn.bank.key)
    sheet = acceptance.draw(
        drawn,
        copy=noted.copy,
        printed_at=now,
        hotlines=tuple((line.about, line.number) for line in lines),
        large="large" in request.POST,
    )
    response = HttpResponse(sheet.content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="slip-{drawn.number}.pdf"'
    return response


@at_counter
@require_POST
def issue(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """Make the card here and now, or go on where it stopped; a silent partner is told by name."""
    serial = without_gaps(request.POST.get("serial", "")).upper()
    now = world().clock.now()
    seen = applications.progress(application=ref, as_seen_by=me.actor, at=now)
    if _is(seen, ProductionState.MAKING_FAILED):
        receipt = production.remake_instant(application=ref, serial=serial, actor=me.actor, at=now)
    else:
        receipt = production.issue_instantly(application=ref, serial=serial, actor=me.actor, at=now)
    if receipt.waiting_for:
        partner = f"@counter.partner.{receipt.waiting_for.partition(':')[0]}"
        pages.tell_next_page(request, pages.say(request, "counter.issue.waits", partner=partner))
    return HttpResponseRedirect(reverse("counter:application", args=[ref]))


@at_counter
@require_POST
def retract(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """Withdraw an application that is not being made yet."""
    form = Retract(request.POST, language=pages.reader_in(request).language)
    if form.is_valid():
        with once(me.actor.ref, request.POST.get("once") or pages.new_token(), ref):
            acts.retract(
                application=ref,
                reason=form.cleaned_data["reason"],
                actor=me.actor,
                at=world().clock.now(),
            )
        pages.tell_next_page(request, pages.say(request, "counter.retract.done"))
    return HttpResponseRedirect(reverse("counter:application", args=[ref]))


@at_counter
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """Mend what the bank could not take, or what the person got wrong."""
    form = Correct(request.POST or None, language=pages.reader_in(request).language)
    now = world().clock.now()
    if form.is_bound and form.is_valid():
        refusals = key_information.judge(answers=form.answers(), at=now)
        for refusal in refusals:
            form.say_no(refusal)
        if not refusals:
            acts.correct(application=ref, answers=form.answers(), actor=me.actor, at=now)
            pages.tell_next_page(request, pages.say(request, "counter.correct.done"))
            return HttpResponseRedirect(reverse("counter:application", args=[ref]))
    problems = form.problems() if form.is_bound else []
    return page(
        request,
        me,
        "correct.html",
        code="C4-12",
        status=422 if problems else 200,
        form=form,
        problems=problems,
        seen=applications.progress(application=ref, as_seen_by=me.actor, at=now),
        back=reverse("counter:application", args=[ref]),
    )


@at_counter
@require_POST
def review(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """Somebody has looked at the portrait: it will do, or another one is needed and why."""
    now = world().clock.now()
    seen = applications.progress(application=ref, as_seen_by=me.actor, at=now)
    portrait = seen_at_counter(person=seen.person, as_seen_by=me.actor, at=now).photo
    form = Decline(request.POST, language=pages.reader_in(request).language)
    if "good" in request.POST:
        photos.accept_photo(photo=portrait, actor=me.actor, at=now)
        pages.tell_next_page(request, pages.say(request, "counter.review.accepted"))
    elif form.is_valid():
        reason = DeclineReason(form.cleaned_data["reason"])
        photos.decline_photo(photo=portrait, reason=reason, actor=me.actor, at=now)
        pages.tell_next_page(request, pages.say(request, "counter.review.declined"))
    return HttpResponseRedirect(reverse("counter:application", args=[ref]))


def _show(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    now, language = world().clock.now(), pages.reader_in(request).language
    seen = applications.progress(application=ref, as_seen_by=me.actor, at=now)
    person = seen_at_counter(person=seen.person, as_seen_by=me.actor, at=now)
    reviewing = _is(seen, *TO_REVIEW) and seen.holder.endswith(f".{Holder.REVIEWER.value}")
    return page(
        request,
        me,
        "application.html",
        code="C4-06",
        seen=seen,
        person=person,
        qr=drawings.qr(plain(seen.number)),
        here=me.actor.outlet == seen.outlet or seen.collect_at == me.outlet_name,
        may_issue=_is(seen, ProductionState.ACCEPTED, ProductionState.MAKING_FAILED, *INSTANT)
        and seen.making_mode.endswith(".instant"),
        may_collect=_is(seen, *COLLECTABLE),
        came_back=_came_back(seen, me),
        reviewing=reviewing,
        portrait=portrait_address(person.photo, me) if reviewing else "",
        retract=Retract(language=language),
        decline=Decline(language=language),
        once_token=pages.new_token(),
        help_bank=seen.bank,
        back=reverse("counter:person", args=[seen.person]),
    )


def _came_back(seen: Progress, me: Me) -> bool:
    """Whether the parcel came back and waits for somebody's choice."""
    if not _is(seen, ProductionState.POSTED):
        return False
    parcel = delivery.of_application(
        application=seen.application, as_seen_by=me.actor, at=world().clock.now()
    )
    return parcel is not None and parcel.may_choose_outlet is None


def _is(seen: Progress, *states: ProductionState) -> bool:
    return seen.state in {f"production.state.{state.value}" for state in states}
