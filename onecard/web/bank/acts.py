"""C5-03, C5-04, C5-08: activate, report lost, take a report back, move the account."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from onecard.actions import financial, loss, replacement
from onecard.queries import draft
from onecard.queries import loss as losses
from onecard.queries.staff import Me
from onecard.seams.world import world
from onecard.web.bank.card import own_card
from onecard.web.bank.frame import DOORS, at_bank
from onecard.web.bank.scan import SCANNED
from onecard.web.counter.card_act import DeskAct, Done, Note, perform
from onecard.web.counter.held import Held, held
from onecard.web.counter.papers import Papers, PapersAndCard

STEM = "bank_desk"


class ActivateForm(PapersAndCard):
    """The holder in person, with card and document."""

    stem = f"{STEM}.activate"


class FormalForm(Papers):
    """Holder or agent with originals; the card is gone."""

    stem = f"{STEM}.formal"


class WithdrawForm(PapersAndCard):
    """The holder with card and document, and the report that is meant."""

    stem = f"{STEM}.withdraw"
    version = forms.IntegerField(widget=forms.HiddenInput)


class RelinkForm(PapersAndCard):
    """The holder with the new card."""

    stem = f"{STEM}.relink"


def _back(seen: Held) -> str:
    return reverse("bank:card", args=[seen.person.person, seen.card.card])


def _activate(me: Me, seen: Held, form: ActivateForm, now: datetime) -> Done:
    financial.activate(
        card=seen.card.card, proof=form.proof(), shown=form.papers(), actor=me.actor, at=now
    )
    return Done(f"{STEM}.activate.done", _back(seen))


def _report(me: Me, seen: Held, form: FormalForm, now: datetime) -> Done:
    receipt = loss.report_formally_at_bank(
        card=seen.card.card, shown=form.papers(), actor=me.actor, at=now
    )
    if receipt.financial_state != "formal_loss":
        return Done(f"{STEM}.formal.done_hr", _back(seen))
    board = losses.board(card=seen.card.card, as_seen_by=me.actor, at=now)
    said = {line.party: line.state for line in board.lines}[f"bank:{board.bank}"]
    done = "done" if said == "confirmed" else "done_unconfirmed"
    return Done(f"{STEM}.formal.{done}", _back(seen))


def _withdraw_temporary(me: Me, seen: Held, form: WithdrawForm, now: datetime) -> Done:
    loss.withdraw_temporary(
        card=seen.card.card,
        version=form.cleaned_data["version"],
        proof=form.proof(),
        shown=form.papers(),
        actor=me.actor,
        at=now,
    )
    return Done(f"{STEM}.withdraw.done", _back(seen))


def _withdraw_formal(me: Me, seen: Held, form: WithdrawForm, now: datetime) -> Done:
    loss.withdraw_formally(
        card=seen.card.card,
        version=form.cleaned_data["version"],
        proof=form.proof(),
        shown=form.papers(),
        actor=me.actor,
        at=now,
    )
    return Done(f"{STEM}.withdraw.done", _back(seen))


def _relink(me: Me, seen: Held, form: RelinkForm, now: datetime) -> Done:
    replacement.relink(
        card=seen.card.card, proof=form.proof(), shown=form.papers(), actor=me.actor, at=now
    )
    return Done(f"{STEM}.relink.done", _back(seen))


ACTS = {
    "activate": DeskAct(f"{STEM}.activate", "C5-03", ActivateForm, _activate),
    "formal": DeskAct(f"{STEM}.formal", "C5-04", FormalForm, _report),
    "withdraw-temporary": DeskAct(f"{STEM}.withdraw", "C5-09", WithdrawForm, _withdraw_temporary),
    "withdraw-formal": DeskAct(f"{STEM}.withdraw", "C5-10", WithdrawForm, _withdraw_formal),
    "relink": DeskAct(f"{STEM}.relink", "C5-08", RelinkForm, _relink),
}


@at_bank
@require_http_methods(["GET", "POST"])
def perform_act(request: HttpRequest, me: Me, person: str, ref: str, act: str) -> HttpResponse:
    """The page of one act: what it does, what it does not, the papers, the button."""
    if act not in ACTS:
        raise Http404
    own_card(me, person, ref)
    board = losses.board(card=ref, as_seen_by=me.actor, at=world().clock.now())
    scanned = draft.resume(purpose=SCANNED, as_seen_by=me.actor, person=person)
    return perform(
        request,
        me,
        ACTS[act],
        held(me, person, ref),
        doors=DOORS,
        back=reverse("bank:card", args=[person, ref]),
        notes=_notes(act, board),
        initial={**(scanned.answers if scanned else {}), "version": board.version},
    )


def _notes(act: str, board: losses.LossBoard) -> tuple[Note, ...]:
    """What the clerk tells the person before the button."""
    if act == "formal":
        money = board.financial_state
        never_used = money in ("none", "opened")
        covers = "covers_hr" if never_used else "covers"
        facts = {"bank": board.bank_name, "hotline": board.bank_hotline}
        return (
            Note("", f"{STEM}.formal.{covers}", facts),
            Note("warn", board.purse.word, {}),
        )
    tone = "warn" if act.startswith("withdraw") else ""
    return (Note(tone, f"{ACTS[act].stem}.says", {}),)
