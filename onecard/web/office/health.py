"""C9-01 to C9-03: who answers, what waits to be told, what was given up and why."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onecard.actions import outbox as acts
from onecard.queries import application as applications
from onecard.queries import outbox, production
from onecard.queries.partner_health import partner_health
from onecard.queries.staff import Me
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.office.frame import operator, page


@operator
@require_safe
def start(request: HttpRequest, me: Me) -> HttpResponse:
    """C9-01: the whole house at a glance."""
    now = world().clock.now()
    seen_by = {"as_seen_by": me.actor}
    return page(
        request,
        me,
        "start.html",
        code="C9-01",
        partners=partner_health(on=local_day(now)),
        parties=outbox.parties(**seen_by, at=now),
        jobs=outbox.jobs(**seen_by, at=now),
        waiting=production.banks_waiting(**seen_by),
        failures=production.failures(**seen_by),
        due=production.due(**seen_by, at=now),
        discrepancies=production.discrepancies(**seen_by, settled=False),
        to_review=applications.worklist(**seen_by, at=now).to_review,
    )


@operator
@require_safe
def messages(request: HttpRequest, me: Me) -> HttpResponse:
    """C9-02, C9-03: the queues, and the messages nobody sends any more by themselves."""
    now = world().clock.now()
    return page(
        request,
        me,
        "outbox.html",
        code="C9-03",
        parties=outbox.parties(as_seen_by=me.actor, at=now),
        given_up=outbox.given_up(as_seen_by=me.actor, at=now),
        once_token=pages.new_token(),
    )


@operator
@require_POST
def retry(request: HttpRequest, me: Me, message: str) -> HttpResponse:
    """Send one message once more."""
    acts.retry(message=message, actor=me.actor, at=world().clock.now())
    pages.tell_next_page(request, pages.say(request, "office.outbox.retried"))
    return HttpResponseRedirect(reverse("office:outbox"))


@operator
@require_POST
def retry_party(request: HttpRequest, me: Me) -> HttpResponse:
    """Send everything once more to a party that has come back."""
    acts.retry_party(party=request.POST.get("party", ""), actor=me.actor, at=world().clock.now())
    pages.tell_next_page(request, pages.say(request, "office.outbox.retried"))
    return HttpResponseRedirect(reverse("office:outbox"))
