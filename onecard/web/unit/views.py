"""C3-01 to C3-07: the list of an employer's people, one added at a time, the list to sign on."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onecard.actions import application as acts
from onecard.actions import draft as drafts
from onecard.actions import photo as photos
from onecard.actions import slip
from onecard.actions._keeping import once
from onecard.domain.photo import Intake, PhotoSource
from onecard.domain.refusal import Refused
from onecard.queries import application as applications
from onecard.queries import card as cards
from onecard.queries import draft, employer, figures
from onecard.queries import photo as photo_norm
from onecard.queries import slip as slips
from onecard.queries.staff import Me
from onecard.seams.clock import LOCAL, local_day
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.slips import handout as sheet
from onecard.web.unit.checked import Line, lines
from onecard.web.unit.forms import PersonForm
from onecard.web.unit.frame import employers_agent, page

DRAFT = "unit.person"
_NOT_ANSWERS = {"csrfmiddlewaretoken", "once", "show", "photo"}


@employers_agent
@require_safe
def start(request: HttpRequest, me: Me) -> HttpResponse:
    """C3-06: everybody on the list, where each of them stands, who has to do something."""
    now = world().clock.now()
    return page(
        request,
        me,
        "start.html",
        code="C3-06",
        employer=employer.one(employer=me.actor.employer),
        people=employer.people(as_seen_by=me.actor, at=now),
        to_enable=cards.to_enable(as_seen_by=me.actor, at=now),
        ready=len(slips.handout(as_seen_by=me.actor).lines),
    )


@employers_agent
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, me: Me) -> HttpResponse:
    """C3-04: one person's data. What was typed is kept until it is sent."""
    language = pages.reader_in(request).language
    saved = draft.resume(purpose=DRAFT, as_seen_by=me.actor)
    kept = saved.answers if saved else {}
    if request.method == "GET":
        known = {name: value for name, value in (kept.get("form") or {}).items() if value}
        form = PersonForm(language=language, initial={**_USUAL, **known})
        return _ask(request, me, form, photo=kept.get("photo", ""))
    form = PersonForm(request.POST, request.FILES, language=language)
    _keep(me, form=_typed(request.POST))
    photo = kept.get("photo", "")
    if form.is_valid() and form.cleaned_data["photo"]:
        photo = _portrait(me, form)
    if not form.is_valid():
        return _ask(request, me, form, photo=photo)
    _keep(me, photo=photo)
    return HttpResponseRedirect(reverse("unit:check"))


@employers_agent
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, me: Me) -> HttpResponse:
    """C3-05: check the answers; only then the person is put on the list."""
    saved = draft.resume(purpose=DRAFT, as_seen_by=me.actor)
    kept = saved.answers if saved else {}
    if request.method == "POST" and not kept.get("form"):
        return HttpResponseRedirect(reverse("unit:start"))
    form = PersonForm(kept.get("form") or {}, language=pages.reader_in(request).language)
    if not form.is_valid():
        return HttpResponseRedirect(reverse("unit:add"))
    photo = str(kept.get("photo") or "")
    if request.method == "POST":
        return _put_on_list(request, me, form, photo)
    summary: tuple[Line, ...] = lines(form, reverse("unit:add"))
    return page(
        request,
        me,
        "check.html",
        code="C3-05",
        lines=summary,
        has_photo=bool(photo),
        seen=pages.digest_of(form.prepared(photo)),
        once_token=pages.new_token(),
        back=reverse("unit:add"),
    )


@employers_agent
@require_safe
def person(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """C3-06: one person's way to the card, without anything of the bank."""
    now = world().clock.now()
    return page(
        request,
        me,
        "person.html",
        code="C3-06",
        seen=applications.progress(application=ref, as_seen_by=me.actor, at=now),
        once_token=pages.new_token(),
        back=reverse("unit:start"),
    )


@employers_agent
@require_POST
def retract(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """C3.4: somebody who left is withdrawn, until the card is being made."""
    with once(me.actor.ref, request.POST.get("once") or pages.new_token(), ref):
        acts.retract(
            application=ref, reason="left_employer", actor=me.actor, at=world().clock.now()
        )
    pages.tell_next_page(request, pages.say(request, "unit.retracted"))
    return HttpResponseRedirect(reverse("unit:start"))


@employers_agent
@require_http_methods(["GET", "POST"])
def handout(request: HttpRequest, me: Me) -> HttpResponse:
    """C3-07: whose cards lie ready; POST gives the list to sign on, as PDF, and notes the print."""
    ready = slips.handout(as_seen_by=me.actor)
    if request.method == "GET" or not ready.lines:
        return page(request, me, "handout.html", code="C3-07", ready=ready)
    now, language = world().clock.now(), pages.reader_in(request).language
    slip.note_handout_print(people=len(ready.lines), actor=me.actor, at=now)
    number = f"L{now.astimezone(LOCAL):%Y%m%d%H%M%S}"
    drawn = sheet.draw(
        ready,
        list_number=number,
        printed_at=now,
        version=figures.version(),
        hotlines=tuple((line.about, line.number) for line in pages.hotlines(language)),
    )
    response = HttpResponse(drawn.content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    return response


_USUAL = {"kind": "resident_id", "nationality": "CHN", "collection": "employer"}


def _put_on_list(request: HttpRequest, me: Me, form: PersonForm, photo: str) -> HttpResponse:
    prepared = form.prepared(photo)
    seen = pages.digest_of(prepared)
    if request.POST.get("seen", seen) != seen:
        pages.tell_next_page(request, pages.say(request, "unit.check.changed"))
        return HttpResponseRedirect(reverse("unit:check"))
    try:
        with once(me.actor.ref, request.POST.get("once") or pages.new_token(), seen):
            acts.prepare_for_employer(prepared=prepared, actor=me.actor, at=world().clock.now())
    except Refused as refused:
        return _refused(request, me, form, refused, photo)
    _keep(me, form={}, photo="")
    pages.tell_next_page(request, pages.say(request, "unit.person.added"))
    return HttpResponseRedirect(reverse("unit:start"))


def _refused(
    request: HttpRequest, me: Me, form: PersonForm, refused: Refused, photo: str
) -> HttpResponse:
    """What the form can ask for is said beside its field; a rule's no has a page of its own."""
    field = form.can_say(refused.refusal)
    if field:
        form.say_no(replace(refused.refusal, field=field))
        return _ask(request, me, form, photo=photo)
    again = pages.say(request, "unit.person.again")
    return pages.refuse(
        request, refused, code="C3-05", onward=reverse("unit:add"), onward_name=again
    )


def _portrait(me: Me, form: PersonForm) -> str:
    """Send the portrait through the gate; every defect is said beside the file field."""
    now = world().clock.now()
    try:
        return photos.keep_photo(
            person=None,
            content=photo_norm.bounded(form.cleaned_data["photo"], on=local_day(now)),
            source=PhotoSource.EMPLOYER,
            intake=Intake.WITH_FIXER,
            actor=me.actor,
            at=now,
        ).ref
    except Refused as refused:
        for refusal in refused.refusals:
            form.say_no(replace(refusal, field="photo"))
        return ""


def _ask(request: HttpRequest, me: Me, form: PersonForm, *, photo: str) -> HttpResponse:
    problems = form.problems() if form.is_bound else []
    return page(
        request,
        me,
        "add.html",
        code="C3-04",
        status=422 if problems else 200,
        form=form,
        problems=problems,
        has_photo=bool(photo),
        back=reverse("unit:start"),
    )


def _keep(me: Me, **answers: object) -> None:
    drafts.save(purpose=DRAFT, answers=answers, actor=me.actor, at=world().clock.now())


def _typed(data: QueryDict) -> dict[str, str]:
    return {name: str(data[name]) for name in data if name not in _NOT_ANSWERS}
