"""正式挂失仅人社侧: online or at an HR counter, with the compulsory word on the bank (20.2)."""

from __future__ import annotations

from datetime import datetime

from onecard.actions._keeping import act
from onecard.actions._losing import (
    LossReceipt,
    Paper,
    figures_on,
    is_bank_side_open,
    receipt,
    report_formally,
)
from onecard.actions.collection.rows import held, must_prove_person
from onecard.actions.loss.asking import may_in_channel
from onecard.actions.loss.withdrawing import withdraw_hr_side
from onecard.actions.step_up import used
from onecard.domain import loss
from onecard.domain.authority import Actor
from onecard.domain.channels import Matter
from onecard.domain.collection import Shown
from onecard.domain.refusal import Refused, require
from onecard.domain.step_up import Purpose
from onecard.records.models import Card
from onecard.seams.clock import local_day


@act("loss.report_formally_online")
def report_formally_online(*, card: str, actor: Actor, at: datetime) -> LossReceipt:
    """The holder, signed in by the real-name service, reports the HR side lost.

    Raises `Refused`: `application.channel_not_open`, `loss.card_not_enabled`,
    `hr_function.cancelled`.
    """
    rows, day = held(card, actor=actor), local_day(at)
    require(may_in_channel(Matter.FORMAL_LOSS, actor, day))
    return _report(rows.card, Paper(checked=("real_name",)), actor=actor, at=at)


@act("loss.report_formally_at_counter")
def report_formally_at_counter(
    *, card: str, shown: Shown, actor: Actor, at: datetime
) -> LossReceipt:
    """Holder or agent at an HR counter or a service outlet. Raises `Refused` as online, and papers.

    `documents.*`, `authority.*`.
    """
    rows, day = held(card, actor=actor), local_day(at)
    by_agent = shown.agent is not None
    require(
        may_in_channel(Matter.FORMAL_LOSS, actor, day),
        loss.may_be_reported_by_agent(by_agent=by_agent, figures=figures_on(day)),
        must_prove_person(shown, rows.person, day),
    )
    return _report(rows.card, Paper(outlet=actor.outlet, shown=shown), actor=actor, at=at)


@act("loss.withdraw_formally_online")
def withdraw_formally_online(
    *,
    card: str,
    version: int,
    step_up: str,
    signed_in_at: datetime | None,
    actor: Actor,
    at: datetime,
) -> LossReceipt:
    """The holder lifts the HR side online, proven once more: a fresh sign-in and a one-time code.

    Raises `Refused`: `application.channel_not_open`, `step_up.needed`, `loss.*`.
    """
    rows, day = held(card, actor=actor), local_day(at)
    require(may_in_channel(Matter.WITHDRAW_FORMAL_LOSS, actor, day))
    used(
        step_up,
        purpose=Purpose.WITHDRAW_LOSS,
        about=card,
        signed_in_at=signed_in_at,
        actor=actor,
        at=at,
    )
    return withdraw_hr_side(rows.card, version, actor=actor, at=at)


def _report(card: Card, paper: Paper, *, actor: Actor, at: datetime) -> LossReceipt:
    figures = figures_on(local_day(at))
    hr, money = card.state_at(at), card.financial_state
    outcome = loss.formal_hr_only(hr=hr, financial=money)
    if outcome.refusal is not None:
        raise Refused(outcome.refusal)
    not_covered = figures.online_formal_must_warn or is_bank_side_open(card)
    answer = outcome.financial_answer
    if outcome.changes_nothing:
        notice = outcome.notice
        return receipt(card, at=at, notice=notice, financial_answer=answer, not_covered=not_covered)
    report, _ = report_formally(card, outcome, paper, by=actor, at=at)
    return receipt(card, at=at, report=report, financial_answer=answer, not_covered=not_covered)
