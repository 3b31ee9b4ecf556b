"""正式挂失的解挂: each side is lifted by whoever may lift it; what may not stays (20.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions._banks import name_of
from onecard.actions._history import move_financial, move_hr
from onecard.actions._keeping import note
from onecard.actions._losing import (
    LossReceipt,
    figures_on,
    is_bank_side_open,
    open_losses,
    receipt,
)
from onecard.actions._telling_of_loss import tell_bank, tell_of_loss
from onecard.actions.loss.asking import is_replacement_applied
from onecard.domain import loss, partner
from onecard.domain.authority import Actor
from onecard.domain.financial_function import FinancialEvent, FinancialState
from onecard.domain.hr_function import IN_USE, HrEvent, HrState
from onecard.domain.loss import FormalOutcome, LossPolicy, OpenLoss, Side
from onecard.domain.refusal import Refusal, Refused, require
from onecard.records.models import Card, LossReport
from onecard.seams.clock import local_day

GROUND = "rule book 20.3"


@dataclass(frozen=True)
class Desk:
    """Where a loss is taken back: at the bank both sides; the bank's own system told us itself."""

    outlet: str
    at_bank: bool = False
    told_by_bank: bool = False


def withdraw_both(
    card: Card, version: int, desk: Desk, *, actor: Actor, at: datetime
) -> LossReceipt:
    """At a desk: every side that this desk may lift. A desk lifts what it accepted itself."""
    outcome = _outcome(card, at_bank=desk.at_bank, at=at)
    if outcome.changes_nothing:
        return _nothing(card, outcome, at=at)
    figures = figures_on(local_day(at))
    _must_be_open_to_withdrawal(card, version, figures)
    standing = open_losses(card)
    asked = {side: standing.get(side) for side in _changing(outcome)}
    refused = {side: _may_here(one, desk.outlet, figures) for side, one in asked.items()}
    lifted = tuple(side for side, refusal in refused.items() if refusal is None)
    if not lifted:
        require(*refused.values())
    return _lift(card, lifted, standing, desk, actor=actor, at=at)


def withdraw_hr_side(card: Card, version: int, *, actor: Actor, at: datetime) -> LossReceipt:
    """Online: the HR side alone; what the bank took in stays until the bank lifts it."""
    outcome = _outcome(card, at_bank=False, at=at)
    if outcome.changes_nothing:
        return _nothing(card, outcome, at=at)
    figures = figures_on(local_day(at))
    require(loss.may_withdraw_formal_online(figures=figures))
    _must_be_open_to_withdrawal(card, version, figures)
    return _lift(card, (Side.HR,), open_losses(card), Desk(""), actor=actor, at=at)


def _lift(
    card: Card,
    sides: tuple[Side, ...],
    standing: dict[Side, OpenLoss],
    desk: Desk,
    *,
    actor: Actor,
    at: datetime,
) -> LossReceipt:
    """Lift the loss of these sides of a held card and tell the others."""
    if Side.HR in sides:
        others = Card.objects.filter(person=card.person_id, hr_state__in=IN_USE)
        in_use = others.exclude(ref=card.ref).exists()
        require(loss.may_be_only_card_in_use(others_in_use=in_use))
        move_hr(card, HrEvent.WITHDRAW_FORMAL, reason="withdrawn", by=actor, at=at)
    if Side.FINANCIAL in sides:
        event = FinancialEvent.WITHDRAW_FORMAL
        move_financial(card, event, reason="withdrawn", by=actor, at=at)
    told = _tell(card, sides, standing, told_by_bank=desk.told_by_bank, at=at)
    covers = tuple(side.value for side in sides)
    note(about=card.ref, by=actor, at=at, ground=GROUND, covers=covers, version=card.loss_version)
    first = standing.get(sides[0])
    return receipt(
        card,
        at=at,
        report=_report(first),
        not_covered=card.financial_state is FinancialState.FORMAL_LOSS,
        bank_message=told.get(partner.bank(card.bank), ""),
    )


def _outcome(card: Card, *, at_bank: bool, at: datetime) -> FormalOutcome:
    withdrawn = loss.withdrawn_at_bank if at_bank else loss.withdrawn_hr_only
    return withdrawn(hr=card.state_at(at), financial=card.financial_state)


def _nothing(card: Card, outcome: FormalOutcome, *, at: datetime) -> LossReceipt:
    if outcome.refusal is not None:
        raise Refused(outcome.refusal)
    return receipt(card, at=at, notice=outcome.notice, not_covered=is_bank_side_open(card))


def _must_be_open_to_withdrawal(card: Card, version: int, figures: LossPolicy) -> None:
    """The loss that stands is the one that was named, and nobody applied for a new card."""
    applied = is_replacement_applied(card)
    require(
        loss.may_withdraw_after(replacement_applied=applied, figures=figures),
        loss.must_name_the_loss(named=version, standing=card.loss_version),
    )


def _changing(outcome: FormalOutcome) -> tuple[Side, ...]:
    changes = ((Side.HR, outcome.changes_hr), (Side.FINANCIAL, outcome.changes_financial))
    return tuple(side for side, changed in changes if changed)


def _may_here(standing: OpenLoss | None, outlet: str, figures: LossPolicy) -> Refusal | None:
    """A loss without a report of ours was accepted elsewhere in the province."""
    if standing is None:
        return Refusal("loss.accepted_elsewhere")
    return loss.may_withdraw_formal_here(
        loss=standing, outlet=outlet, outlet_name=name_of(standing.outlet), figures=figures
    )


def _tell(
    card: Card,
    sides: tuple[Side, ...],
    standing: dict[Side, OpenLoss],
    *,
    told_by_bank: bool,
    at: datetime,
) -> dict[str, str]:
    event = "loss.formal.withdrawn"
    told: dict[str, str] = {}
    if Side.HR in sides:
        report, state = _report(standing.get(Side.HR)), HrState.NORMAL.value
        parties: tuple[str, ...] = (partner.HR_DATABASE,)
        told |= tell_of_loss(event, card, report, at=at, parties=parties, state=state)
    if Side.FINANCIAL in sides:
        report, state = _report(standing.get(Side.FINANCIAL)), FinancialState.ACTIVATED.value
        told |= tell_bank(event, card, report, state=state, told_by_bank=told_by_bank, at=at)
    still_lost = card.financial_state is FinancialState.FORMAL_LOSS
    said = "loss.formal.hr_withdrawn" if still_lost else event
    return told | tell_of_loss(said, card, None, at=at, parties=(partner.SMS,))


def _report(standing: OpenLoss | None) -> LossReport | None:
    return LossReport.objects.filter(ref=standing.report).first() if standing else None
