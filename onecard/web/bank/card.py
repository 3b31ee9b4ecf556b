"""C5-02 and C5-05: one card of the own bank: its state, what may be done, who has confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onecard.actions import slip
from onecard.domain.refusal import NotFound, Refusal
from onecard.queries import loss
from onecard.queries.card import BankCard, of_person_at_bank
from onecard.queries.loss import LossBoard
from onecard.queries.person import at_counter as seen_at_counter
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.bank.frame import at_bank, page
from onecard.web.counter.slips import as_pdf, foot_of, loss_slip_of
from onecard.web.pages import SpokenRefusal
from onecard.web.slips import loss as loss_slip

LOSS_ACTS = {
    "loss.report_formally_at_bank": "formal",
    "loss.withdraw_temporary": "withdraw-temporary",
    "loss.withdraw_formally": "withdraw-formal",
}


@dataclass(frozen=True)
class ActLine:
    """One act with its page, or why it is closed."""

    act: str
    href: str
    why_not: SpokenRefusal | None


@at_bank
@require_safe
def person(request: HttpRequest, me: Me, person: str) -> HttpResponse:
    """A person's cards of this bank; one card opens at once."""
    now = world().clock.now()
    mine = of_person_at_bank(person=person, as_seen_by=me.actor, at=now)
    if len(mine) == 1:
        return HttpResponseRedirect(reverse("bank:card", args=[person, mine[0].seen.card]))
    return page(
        request,
        me,
        "person.html",
        code="C5-02",
        mine=mine,
        seen=seen_at_counter(person=person, as_seen_by=me.actor, at=now),
        help_bank=me.bank,
        back=reverse("bank:start"),
    )


@at_bank
@require_safe
def card(request: HttpRequest, me: Me, person: str, ref: str) -> HttpResponse:
    """C5-02: match checks, the three functions, the acts; C5-05: who has confirmed what."""
    found = own_card(me, person, ref)
    board = loss.board(card=ref, as_seen_by=me.actor, at=world().clock.now())
    return page(
        request,
        me,
        "card.html",
        code="C5-02",
        found=found,
        board=board,
        reports=loss.reports(card=ref, as_seen_by=me.actor),
        acts=list(_acts(found, board, pages.reader_in(request).language)),
        help_bank=me.bank,
        back=reverse("bank:start"),
    )


@at_bank
@require_POST
def print_slip(request: HttpRequest, me: Me, person: str, ref: str) -> HttpResponse:
    """P3 or P4: the loss as it stands, with what nobody has confirmed yet."""
    own_card(me, person, ref)
    now = world().clock.now()
    board = loss.board(card=ref, as_seen_by=me.actor, at=now)
    if not board.report:
        raise NotFound("LossReport")
    noted = slip.note_loss_print(report=board.report, actor=me.actor, at=now)
    foot = foot_of(request, me, "C5-04", number=board.report, copy=noted.copy)
    drawn = loss_slip.draw(loss_slip_of(board), foot, me.outlet_name, large="large" in request.POST)
    return as_pdf(drawn, f"loss-{board.kind}")


def own_card(me: Me, person: str, ref: str) -> BankCard:
    """A card of the clerk's own bank. Raises `NotFound`, for foreign as for absent."""
    now = world().clock.now()
    mine = of_person_at_bank(person=person, as_seen_by=me.actor, at=now)
    found = next((one for one in mine if one.seen.card == ref), None)
    if found is None:
        raise NotFound("Card")
    return found


def _acts(found: BankCard, board: LossBoard, language: str) -> Iterator[ActLine]:
    """Everything this desk is for, the open and the closed, by the rules' own answers."""

    def line(act: str, name: str, refusal: Refusal | None) -> ActLine:
        href = reverse("bank:act", args=[found.person, found.seen.card, name])
        return ActLine(act, href, pages.speak(refusal, language) if refusal else None)

    if found.consequences:
        yield line("activate", "activate", found.may_activate)
    for offer in board.offers:
        if offer.act in LOSS_ACTS and offer.notice is None:
            yield line(LOSS_ACTS[offer.act], LOSS_ACTS[offer.act], offer.refusal)
    if found.seen.replaces:
        yield line("relink", "relink", None)
