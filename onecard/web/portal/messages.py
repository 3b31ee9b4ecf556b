"""What we have told this person, in their language, with what is new marked as new."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from onecard.actions import notification as acts
from onecard.queries import notification
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.portal.citizens import actor_of, signed_in


@signed_in
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Every message, newest first."""
    mine = notification.mine(
        as_seen_by=actor_of(request),
        language=pages.reader_in(request).language,
        at=world().clock.now(),
    )
    return pages.show(
        request,
        "portal/messages.html",
        code="C1-24",
        place="messages",
        messages=mine,
    )


@signed_in
@require_POST
def read(request: HttpRequest, notification: str) -> HttpResponse:
    """Mark one message as read."""
    acts.mark_read(notification=notification, actor=actor_of(request), at=world().clock.now())
    return HttpResponseRedirect("/messages")
