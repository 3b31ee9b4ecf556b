"""The pages of a case: begin, papers and answers, portrait, check; only accepting has effect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from onecard.actions import application, exchange, replacement
from onecard.actions import photo as photo_acts
from onecard.actions._keeping import once
from onecard.actions.application import ApplicationReceipt
from onecard.domain.application import ApplicationKind
from onecard.domain.photo import Intake, PhotoSource
from onecard.domain.refusal import Refused
from onecard.queries import photo as photos
from onecard.queries.person import CounterPerson
from onecard.queries.person import at_counter as seen_at_counter
from onecard.queries.staff import Me
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.counter.case.checked import Sheet, sheets
from onecard.web.counter.case.forms import CaseForm
from onecard.web.counter.case.kept import Kept, keep, kept
from onecard.web.counter.frame import at_counter, page
from onecard.web.counter.person import portrait_address
from onecard.web.forms import WordedForm

TAKES: dict[ApplicationKind, Callable[..., ApplicationReceipt]] = {
    ApplicationKind.FIRST: application.accept_at_counter,
    ApplicationKind.UPGRADE: application.accept_at_counter,
    ApplicationKind.EXCHANGE: exchange.apply_at_counter,
    ApplicationKind.REPLACEMENT: replacement.apply_at_counter,
}
REFUND_FIRST = "replacement.refund_first"
SEVERAL = ("confirmed",)
_NOT_ANSWERS = {"csrfmiddlewaretoken", "once", "show", "next"}


class PhotoForm(WordedForm):
    """A portrait file, or one just taken by the counter's camera."""

    stem = "counter.photo"
    file = forms.FileField(widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}))


@dataclass(frozen=True)
class Case:
    """A case with its person, as every page of it needs them."""

    seen: CounterPerson
    kept: Kept

    @property
    def has_photo(self) -> bool:
        """Whether a portrait is here, where one is needed."""
        return bool(self.kept.photo or self.seen.photo) or not self.seen.photo_required


@at_counter
@require_POST
def begin(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """Open a case of one kind, or go on with the open one."""
    asked = request.POST.get("kind", "")
    kind = next((one for one in TAKES if one.value == asked), ApplicationKind.FIRST)
    keep(ref, me, kind=kind.value)
    return HttpResponseRedirect(reverse("counter:case", args=[ref]))


@at_counter
@require_http_methods(["GET", "POST"])
def papers(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """C4-04: papers and key information. What was typed is kept, right or wrong."""
    case = _case(me, ref)
    if request.method == "POST":
        keep(ref, me, form=_typed(request.POST))
    form = _form(request, me, case, request.POST or None)
    if form.is_bound and form.is_valid():
        onwards = "counter:case_check" if case.has_photo else "counter:case_photo"
        return HttpResponseRedirect(reverse(onwards, args=[ref]))
    problems = form.problems() if form.is_bound else []
    return page(
        request,
        me,
        "case.html",
        code="C4-04",
        status=422 if problems else 200,
        case=case,
        form=form,
        problems=problems,
        back=reverse("counter:person", args=[ref]),
    )


@at_counter
@require_http_methods(["GET", "POST"])
def photo(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """C4-05: a portrait through the gate; every defect at once, mended where that is allowed."""
    case, now = _case(me, ref), world().clock.now()
    language = pages.reader_in(request).language
    form = PhotoForm(request.POST or None, request.FILES or None, language=language)
    refusals: tuple[pages.SpokenRefusal, ...] = ()
    if form.is_bound and form.is_valid():
        try:
            receipt = photo_acts.keep_photo(
                person=ref,
                content=photos.bounded(form.cleaned_data["file"], on=local_day(now)),
                source=PhotoSource.COUNTER,
                intake=Intake.WITH_FIXER,
                actor=me.actor,
                at=now,
            )
        except Refused as refused:
            refusals = tuple(pages.speak(one, language) for one in refused.refusals)
        else:
            keep(ref, me, photo=receipt.ref)
            return HttpResponseRedirect(reverse("counter:case_photo", args=[ref]))
    here = case.kept.photo or case.seen.photo
    problems = form.problems() if form.is_bound else []
    return page(
        request,
        me,
        "photo.html",
        code="C4-05",
        status=422 if problems or refusals else 200,
        case=case,
        form=form,
        problems=problems,
        refusals=refusals,
        portrait=portrait_address(here, me),
        report=photos.report(here, as_seen_by=me.actor, language=language) if here else None,
        norm=photos.norm(local_day(now), language),
        back=reverse("counter:case", args=[ref]),
    )


@at_counter
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """C4-06: check the answers; accepting is the only act of a case."""
    case = _case(me, ref)
    if request.method == "POST" and not case.kept.form:
        pages.tell_next_page(request, pages.say(request, "counter.check.gone"))
        return HttpResponseRedirect(reverse("counter:person", args=[ref]))
    form = _form(request, me, case, _as_typed(case.kept.form))
    if not case.kept.form or not form.is_valid():
        return HttpResponseRedirect(reverse("counter:case", args=[ref]))
    if not case.has_photo:
        return HttpResponseRedirect(reverse("counter:case_photo", args=[ref]))
    if request.method == "POST":
        return _accept(request, me, form)
    summary: tuple[Sheet, ...] = sheets(form, reverse("counter:case", args=[ref]))
    return page(
        request,
        me,
        "check.html",
        code="C4-06",
        case=case,
        sheets=summary,
        portrait=portrait_address(case.kept.photo or case.seen.photo, me),
        seen=pages.digest_of(form.case()),
        once_token=pages.new_token(),
        back=reverse("counter:case", args=[ref]),
    )


def _accept(request: HttpRequest, me: Me, form: CaseForm) -> HttpResponse:
    case = form.case()
    seen = pages.digest_of(case)
    if request.POST.get("seen", seen) != seen:
        pages.tell_next_page(request, pages.say(request, "counter.check.changed"))
        return HttpResponseRedirect(reverse("counter:case_check", args=[case.person]))
    token = request.POST.get("once") or pages.new_token()
    try:
        with once(me.actor.ref, token, seen):
            receipt = TAKES[case.kind](case=case, actor=me.actor, at=world().clock.now())
    except Refused as refused:
        blocked = refused.refusal.code == REFUND_FIRST
        return pages.refuse(
            request,
            refused,
            code="C4-06",
            onward=reverse("counter:case", args=[case.person]),
            onward_name=pages.say(request, "counter.case.again"),
            slip_at=reverse("counter:refund_first", args=[case.person]) if blocked else "",
        )
    if receipt.notice:
        room, _, reason = receipt.notice.partition(".")
        pages.tell_next_page(request, pages.say(request, f"{room}.notice.{reason}"))
    return HttpResponseRedirect(reverse("counter:application", args=[receipt.application]))


def _case(me: Me, ref: str) -> Case:
    """The case and its person. Raises `NotFound` for nobody."""
    seen = seen_at_counter(person=ref, as_seen_by=me.actor, at=world().clock.now())
    return Case(seen, kept(ref, me))


def _form(request: HttpRequest, me: Me, case: Case, data: QueryDict | None) -> CaseForm:
    language = pages.reader_in(request).language
    return CaseForm(data or None, seen=case.seen, me=me, kept=case.kept, language=language)


def _typed(data: QueryDict) -> dict[str, str | list[str]]:
    """What was typed, as plain text; tokens are no answers. Of several ticks all are kept."""
    told: dict[str, str | list[str]] = {
        name: str(data[name]) for name in data if name not in _NOT_ANSWERS
    }
    return {**told, **{name: data.getlist(name) for name in SEVERAL if name in data}}


def _as_typed(kept: dict[str, Any]) -> QueryDict:
    """What was kept of a form, as if it were sent once more."""
    typed = QueryDict(mutable=True)
    for name, value in kept.items():
        typed.setlist(name, value if isinstance(value, list) else [value])
    return typed
