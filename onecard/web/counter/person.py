"""C4-03: one person on one screen, alerts first; acts that are closed say why."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onecard.actions import person as acts
from onecard.actions import photo as photo_acts
from onecard.queries import photo as photos
from onecard.queries.person import CounterPerson
from onecard.queries.person import at_counter as seen_at_counter
from onecard.queries.photo import Copy
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.counter.frame import at_counter, page
from onecard.web.counter.offers import offered
from onecard.web.forms import WordedForm

FIELDS = ("identity_number", "name", "phone", "address")
REASONS = ("verify", "correct", "contact")


class Unmask(WordedForm):
    """Which value, and why."""

    stem = "counter.unmask"
    field = forms.ChoiceField(choices=[(name, "") for name in FIELDS])
    reason = forms.ChoiceField(choices=[(name, "") for name in REASONS])


@at_counter
@require_safe
def person(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """The person as a clerk may see them: masked."""
    return _show(request, me, ref)


@at_counter
@require_POST
def unmask(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """Show one value whole: with a reason, noted, and seen by the person in their own history."""
    form = Unmask(request.POST, language=pages.reader_in(request).language)
    if not form.is_valid():
        return HttpResponseRedirect(reverse("counter:person", args=[ref]))
    told = form.cleaned_data
    shown = acts.unmask(
        person=ref,
        field=told["field"],
        reason=told["reason"],
        actor=me.actor,
        at=world().clock.now(),
    )
    return _show(request, me, ref, unmasked={told["field"]: shown.value})


@at_counter
@require_safe
def portrait(request: HttpRequest, me: Me, token: str) -> HttpResponse:
    """A portrait by its signed link, which is good for a minute and for this sign-in only."""
    del request
    looked = photo_acts.look_by_link(token, actor=me.actor, at=world().clock.now())
    response = HttpResponse(looked.content, content_type="image/jpeg")
    response["Cache-Control"] = "no-store"
    return response


def portrait_address(ref: str, me: Me) -> str:
    """Where a portrait can be seen for the next minute; empty when there is none."""
    if not ref:
        return ""
    token = photos.link(ref, copy=Copy.PRINT, as_seen_by=me.actor, at=world().clock.now())
    return reverse("counter:portrait", args=[token])


def _show(
    request: HttpRequest, me: Me, ref: str, *, unmasked: dict[str, str] | None = None
) -> HttpResponse:
    language = pages.reader_in(request).language
    seen: CounterPerson = seen_at_counter(person=ref, as_seen_by=me.actor, at=world().clock.now())
    return page(
        request,
        me,
        "person.html",
        code="C4-03",
        seen=seen,
        portrait=portrait_address(seen.photo, me),
        acts=offered(seen, me, language),
        unmasked=unmasked or {},
        unmask=Unmask(language=language),
        back=reverse("counter:start"),
    )
