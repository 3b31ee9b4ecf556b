"""C1-30 挂失看板: each party told, confirmed or pending with its time, and the countdown.

It never claims more than was confirmed. While somebody has not confirmed, the page looks again by
itself; without a script it is reloaded by hand.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onecard.queries import loss, replacement
from onecard.queries.loss import LossBoard
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.portal.citizens import actor_of, person_of, signed_in
from onecard.web.portal.loss.report import Offered

UNCHANGED = 204
ASKED_ANEW = frozenset({"application.base_data_not_found", "application.photo_not_found"})
"""What the first page of a replacement asks the province about once more."""
PER_DAY, PER_HOUR, PER_MINUTE = 86_400, 3_600, 60


@dataclass(frozen=True)
class Left:
    """What is left of a temporary report, in whole days, hours and minutes."""

    days: int
    hours: int
    minutes: int


@signed_in
@require_safe
def board(request: HttpRequest, card: str) -> HttpResponse:
    """The board of one card of mine. Stays the same address afterwards."""
    actor, at = actor_of(request), world().clock.now()
    seen = loss.board(card=card, as_seen_by=actor, at=at)
    return pages.show(
        request,
        "portal/loss/board.html",
        code="C1-30",
        back="/cards",
        place="cards",
        board=seen,
        version=_digest(seen),
        left=left_of(seen.seconds_left),
        offered=Offered.of(seen),
        reports=loss.reports(card=card, as_seen_by=actor),
        may_replace=_may_replace(request, card),
        bank_open=_is_bank_side_open(seen),
        once_token=pages.new_token(),
        printed_at=at,
        help_bank=seen.bank,
    )


@signed_in
@require_safe
def state(request: HttpRequest, card: str) -> HttpResponse:
    """The lines alone, for a page that looks again; nothing where nothing has changed."""
    seen = loss.board(card=card, as_seen_by=actor_of(request), at=world().clock.now())
    if request.GET.get("seen") == _digest(seen):
        return HttpResponse(status=UNCHANGED)
    told = {"board": seen, "version": _digest(seen), "reader": pages.reader_in(request)}
    return render(request, "portal/loss/state.html", told)


def left_of(seconds: int | None) -> Left | None:
    """Seconds as people count them; None where nothing runs out."""
    if seconds is None:
        return None
    days, rest = divmod(seconds, PER_DAY)
    hours, rest = divmod(rest, PER_HOUR)
    return Left(days, hours, rest // PER_MINUTE)


def _may_replace(request: HttpRequest, card: str) -> bool:
    """Whether the way to a new card for this one is open, as far as it is known here."""
    offers = replacement.offers(
        person=person_of(request), as_seen_by=actor_of(request), at=world().clock.now()
    )
    return any(
        offer.act == "replacement"
        and offer.card == card
        and (offer.refusal is None or offer.refusal.code in ASKED_ANEW)
        for offer in offers
    )


def _is_bank_side_open(seen: LossBoard) -> bool:
    return any(line.state == "not_covered" for line in seen.lines)


def _digest(seen: LossBoard) -> str:
    """A short name for what the board says now."""
    said = "|".join(f"{line.party}={line.state}" for line in seen.lines)
    return world().custody.sign("loss board", said.encode())[:16]
