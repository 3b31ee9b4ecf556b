"""C4-20, C4-21, C4-23: a formal loss report of the HR side, its withdrawal, and who has confirmed.

An outlet stops the HR function only; the bank's side is named with its number before the button.
"""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onecard.actions import loss as acts
from onecard.actions import slip
from onecard.domain.refusal import NotFound
from onecard.queries import loss
from onecard.queries.loss import LossBoard
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web.counter.card_act import DeskAct, Done, Note, perform
from onecard.web.counter.frame import DOORS, at_counter, page
from onecard.web.counter.held import Held, held
from onecard.web.counter.papers import Papers, PapersAndCard
from onecard.web.counter.person import portrait_address
from onecard.web.counter.slips import as_pdf, foot_of, loss_slip_of
from onecard.web.slips import loss as loss_slip

STEM = "counter_card"


class LossForm(Papers):
    """Holder or agent with originals; the card is gone."""

    stem = f"{STEM}.loss"


class WithdrawForm(PapersAndCard):
    """The holder with card and document, and the report that is meant."""

    stem = f"{STEM}.withdraw"
    version = forms.IntegerField(widget=forms.HiddenInput)


def _board(seen: Held) -> str:
    return reverse("counter:board", args=[seen.person.person, seen.card.card])


def _report(me: Me, seen: Held, form: LossForm, now: datetime) -> Done:
    acts.report_formally_at_counter(
        card=seen.card.card, shown=form.papers(), actor=me.actor, at=now
    )
    return Done(f"{STEM}.loss.done", _board(seen))


def _withdraw(me: Me, seen: Held, form: WithdrawForm, now: datetime) -> Done:
    receipt = acts.withdraw_formally(
        card=seen.card.card,
        version=form.cleaned_data["version"],
        proof=form.proof(),
        shown=form.papers(),
        actor=me.actor,
        at=now,
    )
    said = "done_bank_stays" if receipt.elsewhere else "done"
    return Done(f"{STEM}.withdraw.{said}", _board(seen))


REPORT = DeskAct(f"{STEM}.loss", "C4-20", LossForm, _report)
WITHDRAW = DeskAct(f"{STEM}.withdraw", "C4-21", WithdrawForm, _withdraw)


@at_counter
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, me: Me, person: str, card: str) -> HttpResponse:
    """C4-20: what is stopped, what is not, then the papers."""
    seen, board = held(me, person, card), _seen(me, card)
    bank = {"bank": board.bank_name, "hotline": board.bank_hotline}
    notes = (
        Note("", f"{STEM}.loss.covers", {}),
        Note("warn", f"{STEM}.loss.bank_side", bank),
        Note("warn", board.purse.word, {}),
    )
    return perform(
        request,
        me,
        REPORT,
        seen,
        doors=DOORS,
        back=reverse("counter:person", args=[person]),
        portrait=portrait_address(seen.person.photo, me),
        notes=notes,
    )


@at_counter
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, me: Me, person: str, card: str) -> HttpResponse:
    """C4-21: take back what this outlet accepted, the card in hand."""
    seen, board = held(me, person, card), _seen(me, card)
    return perform(
        request,
        me,
        WITHDRAW,
        seen,
        doors=DOORS,
        back=reverse("counter:person", args=[person]),
        portrait=portrait_address(seen.person.photo, me),
        notes=(Note("warn", f"{STEM}.withdraw.says", {}),),
        initial={"version": board.version},
    )


@at_counter
@require_safe
def board(request: HttpRequest, me: Me, person: str, card: str) -> HttpResponse:
    """C4-23: who knows of the loss, and the slip for the person."""
    seen = held(me, person, card)
    return page(
        request,
        me,
        "board.html",
        code="C4-23",
        seen=seen,
        board=_seen(me, card),
        help_bank=seen.card.bank,
        back=reverse("counter:person", args=[person]),
    )


@at_counter
@require_POST
def print_slip(request: HttpRequest, me: Me, person: str, card: str) -> HttpResponse:
    """P3 or P4 of a loss that stands."""
    held(me, person, card)
    found, now = _seen(me, card), world().clock.now()
    if not found.report:
        raise NotFound("LossReport")
    noted = slip.note_loss_print(report=found.report, actor=me.actor, at=now)
    foot = foot_of(request, me, "C4-23", number=found.report, copy=noted.copy)
    drawn = loss_slip.draw(loss_slip_of(found), foot, me.outlet_name, large="large" in request.POST)
    return as_pdf(drawn, f"loss-{found.kind}")


def _seen(me: Me, card: str) -> LossBoard:
    return loss.board(card=card, as_seen_by=me.actor, at=world().clock.now())
