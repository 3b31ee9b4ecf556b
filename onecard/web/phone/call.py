"""C6-03 to C6-07: one identified call: summary, temporary loss, what is read out, wrap-up."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onecard.actions import loss as acts
from onecard.actions._keeping import once
from onecard.domain.refusal import Refused
from onecard.queries import card as cards
from onecard.queries import loss
from onecard.queries.card import CardSeen
from onecard.queries.loss import LossOffer
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.phone.frame import at_phone, page

TEMPORARY = "loss.report_temporary"


@dataclass(frozen=True)
class CardOnCall:
    """A card of the caller: what may be reported here, and what is asked for in vain."""

    card: CardSeen
    temporary: LossOffer | None
    elsewhere: tuple[LossOffer, ...]
    is_reported: bool


@at_phone
@require_safe
def summary(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """C6-03: who calls, masked, with every card; the report is one key away."""
    now = world().clock.now()
    script = loss.script(call=ref, as_seen_by=me.actor, at=now)
    mine = cards.cards_of(person=script.person, as_seen_by=me.actor, at=now).cards
    shown = [_on_call(card, me) for card in mine if card.standing != "cancelled"]
    shown.sort(key=_is_closed)
    return page(
        request,
        me,
        "call.html",
        code="C6-03",
        script=script,
        shown=shown,
        cancelled=len(mine) - len(shown),
        once_token=pages.new_token(),
        help_bank=shown[0].card.bank if shown else "",
    )


def _is_closed(one: CardOnCall) -> bool:
    """Whether nothing can be done about it here: such a card comes last, and has no key."""
    return one.temporary is None or one.temporary.refusal is not None


@at_phone
@require_POST
def report(request: HttpRequest, me: Me, ref: str, card: str) -> HttpResponse:
    """C6-05: the HR function is stopped, and the script says until when."""
    token = request.POST.get("once") or pages.new_token()
    try:
        with once(me.actor.ref, token, f"{ref}|{card}"):
            receipt = acts.report_temporary(
                call=ref, card=card, actor=me.actor, at=world().clock.now()
            )
    except Refused as refused:
        onward = reverse("phone:call", args=[ref])
        again = pages.say(request, "phone_desk.call.back")
        return pages.refuse(request, refused, code="C6-05", onward=onward, onward_name=again)
    said = "phone_desk.report.already" if receipt.notice else "phone_desk.report.done"
    pages.tell_next_page(request, pages.say(request, said))
    return HttpResponseRedirect(reverse("phone:read_out", args=[ref, card]))


@at_phone
@require_safe
def read_out(request: HttpRequest, me: Me, ref: str, card: str) -> HttpResponse:
    """C6-05: every sentence to be read out, the end of the report first; then the wrap-up."""
    now = world().clock.now()
    script = loss.script(call=ref, card=card, as_seen_by=me.actor, at=now)
    board = loss.board(card=card, as_seen_by=me.actor, at=now)
    return page(
        request,
        me,
        "read_out.html",
        code="C6-05",
        script=script,
        board=board,
        help_bank=board.bank,
        back=reverse("phone:call", args=[ref]),
    )


@at_phone
@require_safe
def explain(request: HttpRequest, me: Me, ref: str, card: str, act: str) -> HttpResponse:
    """C6-06: what cannot be done by telephone, why, and to whom the caller is handed over."""
    now = world().clock.now()
    script = loss.script(call=ref, card=card, as_seen_by=me.actor, at=now)
    offers = loss.offers(card=card, as_seen_by=me.actor, at=now)
    asked = next((one for one in offers if one.act == f"loss.{act}" and one.refusal), None)
    if asked is None or asked.refusal is None:
        raise Http404
    board = loss.board(card=card, as_seen_by=me.actor, at=now)
    return page(
        request,
        me,
        "explain.html",
        code="C6-06",
        asked=asked,
        no=pages.speak(asked.refusal, pages.reader_in(request).language),
        script=script,
        board=board,
        help_bank=board.bank,
        back=reverse("phone:call", args=[script.call]),
    )


@at_phone
@require_safe
def end(request: HttpRequest, me: Me, ref: str) -> HttpResponse:
    """C6-07: what was done in this call, and the next one."""
    now = world().clock.now()
    script = loss.script(call=ref, as_seen_by=me.actor, at=now)
    mine = cards.cards_of(person=script.person, as_seen_by=me.actor, at=now).cards
    boards = [loss.board(card=card.card, as_seen_by=me.actor, at=now) for card in mine]
    return page(
        request,
        me,
        "end.html",
        code="C6-07",
        script=script,
        reported=[board for board in boards if board.report],
        back=reverse("phone:call", args=[ref]),
    )


def _on_call(card: CardSeen, me: Me) -> CardOnCall:
    offers = loss.offers(card=card.card, as_seen_by=me.actor, at=world().clock.now())
    temporary = next((offer for offer in offers if offer.act == TEMPORARY), None)
    elsewhere = tuple(offer for offer in offers if offer.act != TEMPORARY)
    return CardOnCall(card, temporary, elsewhere, card.standing == "lost")
