"""Following an application: the list, the tracker with its promise, the receipt, withdrawal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from onecard.actions import application as acts
from onecard.actions._keeping import once
from onecard.domain.application import plain
from onecard.queries import application as applications
from onecard.queries import delivery
from onecard.queries.application import Progress
from onecard.queries.card import my_cards
from onecard.seams.world import world
from onecard.web import drawings, pages
from onecard.web.portal import tracker
from onecard.web.portal.citizens import actor_of, person_of, signed_in

CHANGED_MIND = "changed_mind"


@dataclass(frozen=True)
class Shown:
    """An application as a line of a list shows it."""

    number: str
    shown_number: str
    state: str
    tone: str
    promised_on: date | None
    progress: Progress


@signed_in
@require_safe
def list_all(request: HttpRequest) -> HttpResponse:
    """Every application of this person, newest first."""
    return pages.show(
        request,
        "portal/applications.html",
        code="C1-08",
        place="progress",
        applications=[_with_parcel(request, progress) for progress in _mine(request)],
    )


@signed_in
@require_safe
def follow(request: HttpRequest, number: str) -> HttpResponse:
    """Where it stands, who has it now, what comes next and by when."""
    actor, at = actor_of(request), world().clock.now()
    progress = applications.progress(application=number, as_seen_by=actor, at=at)
    cards = my_cards(as_seen_by=actor, at=at).cards
    card = next((one for one in cards if one.application == progress.application), None)
    shipment = delivery.of_application(application=progress.application, as_seen_by=actor, at=at)
    word, how = tracker.where(progress, shipment)
    return pages.show(
        request,
        "portal/tracker.html",
        code="C1-08",
        back="/applications",
        place="progress",
        seen=_shown(progress),
        state=word,
        tone=how,
        next_word=tracker.next_word(progress, shipment),
        progress=progress,
        steps=tracker.stages(progress, shipment, card),
        card=card,
        shipment=shipment,
        arrived=tracker.has_arrived(shipment),
        once_token=pages.new_token(),
        help_bank=progress.bank,
    )


@signed_in
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt: number, QR code, what happens next and when. May be bookmarked and printed."""
    progress = applications.progress(
        application=number, as_seen_by=actor_of(request), at=world().clock.now()
    )
    return pages.show(
        request,
        "portal/receipt.html",
        code="C1-07",
        place="progress",
        seen=_shown(progress),
        progress=progress,
        qr=drawings.qr(plain(progress.number)),
        printed_at=world().clock.now(),
        help_bank=progress.bank,
    )


@signed_in
@require_POST
def retract(request: HttpRequest, number: str) -> HttpResponse:
    """Withdraw an application that is not being made yet."""
    actor, at = actor_of(request), world().clock.now()
    progress = applications.progress(application=number, as_seen_by=actor, at=at)
    with once(person_of(request), request.POST.get("once") or pages.new_token(), number):
        acts.retract(application=progress.application, reason=CHANGED_MIND, actor=actor, at=at)
    pages.tell_next_page(request, pages.say(request, "portal.progress.retracted"))
    return HttpResponseRedirect(f"/applications/{number}")


def running(request: HttpRequest) -> list[Shown]:
    """What is still under way, for the first page."""
    return [_with_parcel(request, one) for one in _mine(request) if tracker.is_running(one)]


def _mine(request: HttpRequest) -> tuple[Progress, ...]:
    return applications.mine(as_seen_by=actor_of(request), at=world().clock.now())


def _with_parcel(request: HttpRequest, progress: Progress) -> Shown:
    """A line that says where the parcel is, once the card was posted."""
    shipment = delivery.of_application(
        application=progress.application, as_seen_by=actor_of(request), at=world().clock.now()
    )
    word, tone = tracker.where(progress, shipment)
    return replace(_shown(progress), state=word, tone=tone)


def _shown(progress: Progress) -> Shown:
    return Shown(
        number=plain(progress.number),
        shown_number=progress.number,
        state=progress.state,
        tone=tracker.tone(progress),
        promised_on=progress.promised_on if tracker.is_owed(progress) else None,
        progress=progress,
    )
