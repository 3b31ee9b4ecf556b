"""银行系统来报: the card-face bank's own system reports a formal loss, or takes one back (3.1).

The bank has seen the person and the papers, and its own side is lost already: its report is its own
confirmation. A card of another bank looks like none.
"""

from __future__ import annotations

from datetime import datetime

from onecard.actions._banks import bank_of
from onecard.actions._keeping import act
from onecard.actions._losing import LossReceipt, Paper, known_by, receipt, report_formally
from onecard.actions.collection.rows import held
from onecard.actions.loss.withdrawing import Desk, withdraw_both
from onecard.domain import loss
from onecard.domain.authority import Actor
from onecard.domain.refusal import NotFound, Refusal, Refused
from onecard.records.models import Card


@act("loss.take_formal_report")
def take_formal_report(
    *, card: str, serial: str, outlet: str = "", actor: Actor, at: datetime
) -> LossReceipt:
    """HR and financial function, as the bank's clerk accepted it. The same `serial` is the same.

    Raises `NotFound` for another bank's card, `Refused` with `hr_function.cancelled`,
    `loss.card_not_enabled`, `request.key_reused` for a serial that names another card's report.
    """
    row, bank = _held_of_bank(card, actor)
    if not serial:
        raise Refused(Refusal("request.field_missing", {"pointer": "serial"}, field="serial"))
    earlier = known_by(bank, serial, row)
    if earlier is not None:
        return receipt(row, at=at, report=earlier)
    outcome = loss.formal_at_bank(hr=row.state_at(at), financial=row.financial_state)
    if outcome.refusal is not None:
        raise Refused(outcome.refusal)
    answer = outcome.financial_answer
    if outcome.changes_nothing:
        return receipt(row, at=at, notice=outcome.notice, financial_answer=answer)
    paper = Paper(outlet=outlet, bank=bank, serial=serial, checked=("bank",))
    report, _ = report_formally(row, outcome, paper, by=actor, at=at)
    return receipt(row, at=at, report=report, financial_answer=answer)


@act("loss.take_withdrawal")
def take_withdrawal(
    *, card: str, version: int, outlet: str = "", actor: Actor, at: datetime
) -> LossReceipt:
    """What the bank accepted the bank lifts, by the version that stands.

    Raises `NotFound`, `Refused`: `loss.other_report`, `loss.replacement_already_applied`,
    `loss.wrong_outlet`.
    """
    row, _ = _held_of_bank(card, actor)
    desk = Desk(outlet, at_bank=True, told_by_bank=True)
    return withdraw_both(row, version, desk, actor=actor, at=at)


def _held_of_bank(card: str, actor: Actor) -> tuple[Card, str]:
    """The card, held with its person, if the asking bank is the one on its face."""
    bank = bank_of(actor)
    row = held(card, actor=actor).card
    if not bank or row.bank != bank:
        raise NotFound(Card.__name__)
    return row, bank
