"""C1-10 挂失: what is stopped and what is not stands above the button; one press reports.

Two taps from any page: the link to this page, and the button. Without a sign-in the page explains
whom to call and leads to the real-name service.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from onecard.actions import loss as acts
from onecard.actions._keeping import once
from onecard.actions.loss import LossReceipt
from onecard.domain.hr_function import HrState
from onecard.queries import card as cards
from onecard.queries import contacts, figures, loss
from onecard.queries.loss import LossBoard, LossOffer
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.portal.citizens import actor_of, person_of, signed_in

FORMAL, TEMPORARY = "loss.report_formally_online", "loss.report_temporary_online"
WITHDRAW = "loss.withdraw_formally_online"


@dataclass(frozen=True)
class Offered:
    """The acts of a loss board that matter to its holder."""

    formal: LossOffer | None
    temporary: LossOffer | None
    withdraw: LossOffer | None

    @classmethod
    def of(cls, board: LossBoard) -> Offered:
        """By their names."""
        named = {offer.act: offer for offer in board.offers}
        return cls(named.get(FORMAL), named.get(TEMPORARY), named.get(WITHDRAW))


@require_safe
def lost(request: HttpRequest) -> HttpResponse:
    """Explain; for somebody signed in with a card, report. What is formal already has its board."""
    today, mine = local_day(world().clock.now()), _of_mine(request)
    if "board" in mine and mine["board"].hr_state == HrState.FORMAL_LOSS.value:
        return HttpResponseRedirect(f"/cards/{mine['live'].card}/loss")
    return pages.show(
        request,
        "portal/lost.html",
        code="C1-10",
        back="/",
        place="lost",
        days=figures.value("loss", "temporary_valid_days", on=today),
        hr_line=contacts.on(today).hr_hotline,
        **mine,
    )


@signed_in
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """Report the card that the page showed; whatever was so already is shown on its board."""
    card = request.POST.get("card", "")
    formal = request.POST.get("kind") != "temporary"
    token = request.POST.get("once") or pages.new_token()
    with once(person_of(request), token, f"{card}|{formal}"):
        receipt = _do(request, card, formal=formal)
    if receipt.notice:
        room, _, reason = receipt.notice.partition(".")
        pages.tell_next_page(request, pages.say(request, f"{room}.notice.{reason}"))
    else:
        said = "loss_pages.report.done_formal" if formal else "loss_pages.report.done_temporary"
        pages.tell_next_page(request, pages.say(request, said))
    return HttpResponseRedirect(f"/cards/{card}/loss")


def _do(request: HttpRequest, card: str, *, formal: bool) -> LossReceipt:
    actor, at = actor_of(request), world().clock.now()
    if formal:
        return acts.report_formally_online(card=card, actor=actor, at=at)
    return acts.report_temporary_online(card=card, actor=actor, at=at)


def _of_mine(request: HttpRequest) -> dict[str, Any]:
    """The live card with what is reported of it, for somebody who is signed in."""
    if not person_of(request):
        return {}
    actor, at = actor_of(request), world().clock.now()
    mine = cards.my_cards(as_seen_by=actor, at=at)
    live, earlier = mine.live, [card for card in mine.cards if card.standing == "lost"]
    if live is None:
        return {"no_card": True}
    board = loss.board(card=live.card, as_seen_by=actor, at=at)
    offered = Offered.of(board)
    why_not = offered.formal.refusal if offered.formal else None
    return {
        "live": live,
        "lost_before": next((card for card in earlier if card.card != live.card), None),
        "board": board,
        "offered": offered,
        "why_not": pages.speak(why_not, pages.reader_in(request).language) if why_not else None,
        "once_token": pages.new_token(),
        "help_bank": live.bank,
    }
