"""Slips about a card: what leads to a direct outlet first (P5), a loss as it stands (P3, P4).

Every copy is counted.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from onecard import words
from onecard.actions import slip
from onecard.domain.loss import LossKind
from onecard.domain.refusal import NotFound
from onecard.domain.stock import OutletKind
from onecard.queries import card as cards
from onecard.queries import contacts, figures, place
from onecard.queries.loss import BoardLine, LossBoard
from onecard.queries.staff import Me
from onecard.seams.clock import local_day
from onecard.seams.world import world
from onecard.web import pages
from onecard.web.counter.frame import at_counter
from onecard.web.slips import refund_first as refund_first_slip
from onecard.web.slips.loss import LossSlip, PartyLine
from onecard.web.slips.paper import Foot
from onecard.web.slips.refund_first import RefundFirstSlip

TOLD = frozenset({"effective", "confirmed", "waiting", "refused"})
"""Lines of the board that speak of somebody who was told."""


@at_counter
@require_POST
def refund_first(request: HttpRequest, me: Me, person: str) -> HttpResponse:
    """P5: the purse is refunded at a direct outlet, then the person comes back here."""
    now = world().clock.now()
    live = cards.cards_of(person=person, as_seen_by=me.actor, at=now).live
    if live is None:
        raise NotFound("Card")
    noted = slip.note_refund_first_print(card=live.card, actor=me.actor, at=now)
    told = RefundFirstSlip(
        card_number=live.number,
        outlets=place.of_kind(OutletKind.DIRECT),
        hotline=contacts.on(local_day(now)).city_hotline,
        came_from=place.one(me.actor.outlet),
    )
    foot = foot_of(request, me, "C4-06", number=live.card, copy=noted.copy)
    large = "large" in request.POST
    return as_pdf(refund_first_slip.draw(told, foot, large=large), "refund-first")


def loss_slip_of(board: LossBoard) -> LossSlip:
    """A loss board as its slip states it. Raises `NotFound` where nothing is reported."""
    bank = contacts.on(local_day(world().clock.now())).bank(board.bank)
    if bank is None or board.accepted_at is None:
        raise NotFound("LossReport")
    return LossSlip(
        card_number=board.number,
        bank=bank,
        formal=board.kind == LossKind.FORMAL.value,
        accepted_at=board.accepted_at,
        until=board.until,
        hr_state=board.hr_state,
        financial_state=board.financial_state,
        parties=tuple(_party(line, board) for line in board.lines if line.state in TOLD),
        purse=board.purse.word,
        hr_hotline=contacts.on(local_day(world().clock.now())).hr_hotline,
    )


def _party(line: BoardLine, board: LossBoard) -> PartyLine:
    """One party in both languages; whoever has not confirmed has a number to call."""
    bank = board.bank_name
    named = {
        language: words.text(line.name, language, bank=bank) if words.has(line.name) else line.party
        for language in words.LANGUAGES
    }
    confirmed = line.confirmed_at if line.state == "confirmed" else None
    at = line.effective_at if line.state == "effective" else confirmed
    return PartyLine(named["zh"], named["en"], at, line.hotline)


def foot_of(request: HttpRequest, me: Me, code: str, *, number: str, copy: int) -> Foot:
    """The foot of a slip printed at this desk now."""
    language = pages.reader_in(request).language
    return Foot(
        page_code=code,
        number=number,
        grouped_number=number,
        printed_at=world().clock.now(),
        operator=me.username,
        version=figures.version(),
        hotlines=tuple((line.about, line.number) for line in pages.hotlines(language)),
        copy=copy,
    )


def as_pdf(content: bytes, name: str) -> HttpResponse:
    """A slip for the printer, shown in the browser."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
