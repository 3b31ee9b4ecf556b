"""What a fix does: the partner is told anew how a card stands, or we take over what it says."""

from __future__ import annotations

from datetime import datetime

from onecard.actions._history import open_side, transition
from onecard.actions._keeping import tell
from onecard.actions._losing import Paper, figures_on, keep_report
from onecard.actions._telling_of_loss import tell_of_loss
from onecard.domain import loss, partner
from onecard.domain.authority import Actor
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.loss import LossKind, Side
from onecard.domain.reconciliation import BreakKind, FunctionState, Theirs, is_lost
from onecard.records.models import Card, LossReport, OutboxRow
from onecard.seams.clock import local_day
from onecard.seams.world import world

REASON = "reconciled"
SAID_AGAIN, NEW_CARD = "card.state_told", "card.produced"


def tell_again(card: Card, party: str, kind: BreakKind, *, by: Actor, at: datetime) -> None:
    """Tell a partner once more how a held card stands; a loss is awaited as any other.

    A newer version, so that nothing said before undoes it there.
    """
    del by
    bank = bool(partner.bank_of(party))
    _start_anew(card, party, at)
    side = Side.FINANCIAL if bank else Side.HR
    state: FunctionState = card.financial_state if bank else card.state_at(at)
    if bank:
        card.loss_version += 1
        card.save(update_fields=["loss_version"])
    standing = open_side(card, side)
    if standing is not None and is_lost(state) and state is not FinancialState.TEMPORARY_LOSS:
        event = f"loss.{standing.report.kind.value}.created"
        parties = (party,)
        tell_of_loss(event, card, standing.report, at=at, parties=parties, state=state.value)
        return
    new = kind is BreakKind.ABSENT_THERE and not bank
    event = NEW_CARD if new else SAID_AGAIN
    version = card.loss_version
    tell(event, about=card.ref, at=at, parties=(party,), state=state.value, version=version)


def _start_anew(card: Card, party: str, at: datetime) -> None:
    """What was given up goes out once more, in its order, before what is said now."""
    given_up = OutboxRow.objects.filter(subject=card.ref, party=party, delivered_at=None)
    given_up.exclude(gave_up_at=None).update(gave_up_at=None, attempts=0, due_at=at)


def follow(card: Card, party: str, theirs: Theirs, *, by: Actor, at: datetime) -> None:
    """Take over a partner's state of a held card, and the bank's number of it."""
    tell("function.changed", about=card.ref, at=at, parties=())
    if partner.bank_of(party):
        _follow_bank(card, theirs, by=by, at=at)
    elif isinstance(theirs.state, HrState):
        _follow_register(card, theirs.state, by=by, at=at)


def _follow_bank(card: Card, theirs: Theirs, *, by: Actor, at: datetime) -> None:
    if theirs.number and theirs.number != card.bank_card_number:
        card.bank_card_number = theirs.number
        card.bank_card_index = world().custody.blind_index("bank_card", theirs.number)
        card.save(update_fields=["bank_card_number", "bank_card_index"])
    was, now = card.financial_state, theirs.state
    if now is was or not isinstance(now, FinancialState):
        return
    card.financial_state = now
    card.save(update_fields=["financial_state"])
    transition(card, function="financial", was=was, now=now, reason=REASON, by=by, at=at)
    if is_lost(now):
        _open_loss(card, Side.FINANCIAL, now, theirs.loss, by=by, at=at)


def _follow_register(card: Card, now: HrState, *, by: Actor, at: datetime) -> None:
    was = card.state_at(at)
    if now is was:
        return
    kind = LossKind.TEMPORARY if now is HrState.TEMPORARY_LOSS else LossKind.FORMAL
    card.hr_state = now
    card.loss_ends_at = _until(kind, at) if is_lost(now) else None
    card.save(update_fields=["hr_state", "loss_ends_at"])
    transition(card, function="hr", was=was, now=now, reason=REASON, by=by, at=at)
    if is_lost(now):
        _open_loss(card, Side.HR, now, "", by=by, at=at)


def _open_loss(
    card: Card, side: Side, now: FunctionState, name: str, *, by: Actor, at: datetime
) -> None:
    """The paper of a loss that was reported elsewhere; `name` is the bank's own serial."""
    name = next(iter(name.split()), "")
    temporary = now in (FinancialState.TEMPORARY_LOSS, HrState.TEMPORARY_LOSS)
    kind = LossKind.TEMPORARY if temporary else LossKind.FORMAL
    bank = card.bank if side is Side.FINANCIAL else ""
    known = LossReport.objects.filter(ref=name) | LossReport.objects.filter(bank=bank, serial=name)
    serial = "" if known.exists() else name
    until = _until(kind, at) if side is Side.HR else None
    paper = Paper(bank=bank, serial=serial, checked=("reconciliation",))
    keep_report(card, kind, (side,), paper, by=by, at=at, until=until)


def _until(kind: LossKind, at: datetime) -> datetime | None:
    """A formal loss has no end; a temporary one ends as if it had been reported now."""
    if kind is LossKind.FORMAL:
        return None
    return loss.temporary_ends_at(accepted_at=at, figures=figures_on(local_day(at)))
