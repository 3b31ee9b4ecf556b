"""正式挂失在卡面银行网点: both functions at once, and both ways in real time (20.2, 20.3).

First the report takes effect here, in one transaction. Then the bank is called, once and not for
long; if it does not answer, the outbox goes on and the screen says that it has not confirmed.
"""

from __future__ import annotations

from datetime import datetime

from onecard.actions import outbox
from onecard.actions._banks import bank_of, card_face_bank, is_in_city
from onecard.actions._keeping import act, walk
from onecard.actions._losing import (
    LossReceipt,
    Paper,
    figures_on,
    receipt,
    report_formally,
)
from onecard.actions.collection.rows import held, must_be_in_hand, must_prove_person
from onecard.actions.loss.asking import in_person, may_in_channel
from onecard.actions.loss.withdrawing import Desk, withdraw_both
from onecard.domain import loss, partner
from onecard.domain.authority import THE_CLOCK, Actor, Role
from onecard.domain.channels import Matter
from onecard.domain.collection import CardInHand, Shown
from onecard.domain.refusal import Refused, require
from onecard.seams.clock import local_day
from onecard.seams.failpoint import failpoint, register

register("loss.before_bank_call")


@walk("loss.report_formally_at_bank_and_tell")
def report_formally_at_bank(*, card: str, shown: Shown, actor: Actor, at: datetime) -> LossReceipt:
    """Report at an outlet of the card-face bank: HR and financial function together.

    Raises `Refused`: `authority.*`, `documents.*`, `loss.wrong_bank`, `loss.outlet_out_of_scope`,
    `loss.card_not_enabled`, `hr_function.cancelled`.
    """
    done = accept_at_bank(card=card, shown=shown, actor=actor, at=at)
    return _told(done, at=at)


@walk("loss.withdraw_formally_and_tell")
def withdraw_formally(
    *, card: str, version: int, proof: CardInHand, shown: Shown, actor: Actor, at: datetime
) -> LossReceipt:
    """Take a formal report back where it was accepted: at a bank both sides, elsewhere the HR side.

    Raises `Refused`: `application.channel_not_open`, `loss.*`, `collection.*`,
    `authority.in_person_only`, `documents.*`.
    """
    done = take_back(card=card, version=version, proof=proof, shown=shown, actor=actor, at=at)
    return _told(done, at=at)


@act("loss.report_formally_at_bank")
def accept_at_bank(*, card: str, shown: Shown, actor: Actor, at: datetime) -> LossReceipt:
    """What of it happens here. The person is proven before anything of the card is told."""
    rows, day = held(card, actor=actor), local_day(at)
    figures, asking = figures_on(day), bank_of(actor)
    require(
        may_in_channel(Matter.FORMAL_LOSS, actor, day),
        loss.may_be_reported_by_agent(by_agent=shown.agent is not None, figures=figures),
        must_prove_person(shown, rows.person, day),
        loss.may_report_formally_here(
            asking=asking,
            bank=card_face_bank(rows.card, day),
            in_city=is_in_city(actor.outlet),
            figures=figures,
        ),
    )
    outcome = loss.formal_at_bank(hr=rows.card.state_at(at), financial=rows.card.financial_state)
    if outcome.refusal is not None:
        raise Refused(outcome.refusal)
    answer = outcome.financial_answer
    if outcome.changes_nothing:
        return receipt(rows.card, at=at, notice=outcome.notice, financial_answer=answer)
    paper = Paper(outlet=actor.outlet, bank=asking, shown=shown)
    report, told = report_formally(rows.card, outcome, paper, by=actor, at=at)
    message = told.get(partner.bank(rows.card.bank), "")
    return receipt(rows.card, at=at, report=report, financial_answer=answer, bank_message=message)


@act("loss.withdraw_formally")
def take_back(
    *, card: str, version: int, proof: CardInHand, shown: Shown, actor: Actor, at: datetime
) -> LossReceipt:
    """What of a withdrawal happens here."""
    rows, day = held(card, actor=actor), local_day(at)
    bank, at_bank = card_face_bank(rows.card, day), actor.role is Role.BANK_CLERK
    require(
        may_in_channel(Matter.WITHDRAW_FORMAL_LOSS, actor, day),
        loss.must_be_card_face_bank(asking=bank_of(actor), bank=bank) if at_bank else None,
        must_be_in_hand(proof, rows.card),
        *in_person(shown, rows.person, day),
    )
    desk = Desk(actor.outlet, at_bank=at_bank)
    return withdraw_both(rows.card, version, desk, actor=actor, at=at)


def _told(done: LossReceipt, *, at: datetime) -> LossReceipt:
    """The bank is called; whether it answered stands on the loss board, not on the receipt."""
    if done.bank_message:
        failpoint("loss.before_bank_call")
        outbox.deliver_message(message=done.bank_message, actor=THE_CLOCK, at=at)
    return done
