"""临时挂失: by telephone for so many days, taken back at the card-face bank (20.1, 20.3)."""

from __future__ import annotations

from datetime import datetime, timedelta

from onecard import policy
from onecard.actions._banks import bank_of, card_face_bank, is_in_city
from onecard.actions._history import move_hr
from onecard.actions._keeping import act, note
from onecard.actions._losing import (
    GROUND,
    LossReceipt,
    Paper,
    figures_on,
    is_bank_side_open,
    keep_report,
    open_losses,
    receipt,
)
from onecard.actions._telling_of_loss import tell_of_loss
from onecard.actions.collection.rows import Held, held, must_be_in_hand
from onecard.actions.loss.asking import in_person, may_in_channel
from onecard.actions.loss.calls import held_call
from onecard.domain import loss
from onecard.domain.authority import Actor, Channel
from onecard.domain.channels import ChannelPolicy, Matter, may_use_channel
from onecard.domain.collection import CardInHand, Shown
from onecard.domain.hr_function import HR_FUNCTION, IN_USE, HrEvent, HrState
from onecard.domain.loss import LossKind, Side
from onecard.domain.refusal import NotFound, Notice, Refusal, Refused, require
from onecard.records.models import Card, LossReport
from onecard.seams.clock import LOCAL, local_day


@act("loss.report_temporary")
def report_temporary(*, call: str, card: str, actor: Actor, at: datetime) -> LossReceipt:
    """12333电话临时挂失 of the HR function, for the caller whom this operator has identified.

    Raises `Refused`: `loss.call_over`, `loss.too_many_today`, `loss.card_not_enabled`,
    `hr_function.cancelled`; `NotFound` for a card of somebody else.
    """
    calling = held_call(call, actor=actor, at=at)
    rows = held(card, actor=actor)
    if rows.person.ref != calling.person_id:
        raise NotFound(Card.__name__)
    return _report(rows, Paper(checked=tuple(calling.checked)), actor=actor, at=at)


@act("loss.report_temporary_online")
def report_temporary_online(*, card: str, actor: Actor, at: datetime) -> LossReceipt:
    """The holder reports online, where the city has opened that channel.

    Raises `Refused` as `report_temporary`, and `application.channel_not_open`.
    """
    rows = held(card, actor=actor)
    return _report(rows, Paper(checked=("real_name",)), actor=actor, at=at)


@act("loss.withdraw_temporary")
def withdraw_temporary(
    *, card: str, version: int, proof: CardInHand, shown: Shown, actor: Actor, at: datetime
) -> LossReceipt:
    """临时挂失的解挂: the holder in person, card and document in hand, at the card-face bank.

    Raises `Refused`: `application.channel_not_open`, `loss.wrong_bank`, `collection.*`,
    `authority.in_person_only`, `documents.*`, `loss.is_formal`, `loss.other_report`.
    """
    rows = held(card, actor=actor)
    day = local_day(at)
    require(
        may_in_channel(Matter.WITHDRAW_TEMPORARY_LOSS, actor, day),
        loss.may_withdraw_temporary_here(
            asking=bank_of(actor),
            bank=card_face_bank(rows.card, day),
            in_city=is_in_city(actor.outlet),
            figures=figures_on(day),
        ),
        must_be_in_hand(proof, rows.card),
        *in_person(shown, rows.person, day),
    )
    answer = HR_FUNCTION.ask(rows.card.state_at(at), HrEvent.WITHDRAW_TEMPORARY)
    if isinstance(answer, Refusal):
        raise Refused(answer)
    if isinstance(answer, Notice):
        return receipt(rows.card, notice=answer, at=at)
    require(loss.must_name_the_loss(named=version, standing=rows.card.loss_version))
    return _withdraw(rows.card, actor=actor, at=at)


def _report(rows: Held, paper: Paper, *, actor: Actor, at: datetime) -> LossReceipt:
    card, figures = rows.card, figures_on(local_day(at))
    channels = policy.in_force("channels", ChannelPolicy, on=local_day(at))
    matter = Matter.TEMPORARY_LOSS_HR
    require(may_use_channel(act=matter, channel=actor.channel, figures=channels))
    answer = HR_FUNCTION.ask(card.state_at(at), HrEvent.REPORT_TEMPORARY)
    if isinstance(answer, Refusal):
        raise Refused(answer)
    if isinstance(answer, Notice):
        _extend(card, answer, actor=actor, at=at)
        return _receipt(card, at=at, notice=answer)
    reported = _reported_today(rows, at) if actor.channel is Channel.PHONE else 0
    require(loss.may_report_again_today(reported=reported, figures=figures))
    until = loss.temporary_ends_at(accepted_at=at, figures=figures)
    move_hr(card, HrEvent.REPORT_TEMPORARY, reason="reported_temporary", by=actor, at=at)
    card.loss_ends_at = until
    card.save(update_fields=["loss_ends_at"])
    kind, sides = LossKind.TEMPORARY, (Side.HR,)
    report = keep_report(card, kind, sides, paper, by=actor, at=at, until=until)
    tell_of_loss(
        "loss.temporary.created",
        card,
        report,
        at=at,
        state=HrState.TEMPORARY_LOSS.value,
        until=until.isoformat(),
        days=figures.temporary_valid_days,
    )
    note(about=card.ref, by=actor, at=at, ground=GROUND, report=report.ref, until=until)
    return _receipt(card, at=at, report=report)


def _extend(card: Card, notice: Notice, *, actor: Actor, at: datetime) -> None:
    """重复挂失不延长, unless the city says that it does."""
    figures = figures_on(local_day(at))
    standing = open_losses(card).get(Side.HR)
    if notice.code != "loss.already_temporary" or not figures.temporary_repeat_extends:
        return
    until = loss.temporary_ends_at(accepted_at=at, figures=figures)
    if standing is None or card.loss_ends_at is None or until <= card.loss_ends_at:
        return
    card.loss_ends_at = until
    card.save(update_fields=["loss_ends_at"])
    report = LossReport.objects.get(ref=standing.report)
    report.until, report.reminded_hours = until, None
    report.save(update_fields=["until", "reminded_hours"])
    side = report.sides.get(ended_at=None)
    side.until = until
    side.save(update_fields=["until"])
    note(about=card.ref, by=actor, at=at, ground=GROUND, report=report.ref, until=until)


def _withdraw(card: Card, *, actor: Actor, at: datetime) -> LossReceipt:
    others = Card.objects.filter(person=card.person_id, hr_state__in=IN_USE).exclude(ref=card.ref)
    require(loss.may_be_only_card_in_use(others_in_use=others.exists()))
    standing = open_losses(card).get(Side.HR)
    report = LossReport.objects.filter(ref=standing.report).first() if standing else None
    move_hr(card, HrEvent.WITHDRAW_TEMPORARY, reason="withdrawn", by=actor, at=at)
    tell_of_loss("loss.temporary.withdrawn", card, report, at=at, state=HrState.NORMAL.value)
    note(about=card.ref, by=actor, at=at, ground="rule book 20.3", version=card.loss_version)
    return receipt(card, at=at, report=report)


def _reported_today(rows: Held, at: datetime) -> int:
    """How often this person's cards were reported by telephone on this day of the city."""
    start = at.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    reports = LossReport.objects.filter(card__person=rows.person, channel=Channel.PHONE)
    return reports.filter(accepted_at__gte=start, accepted_at__lt=start + timedelta(days=1)).count()


def _receipt(
    card: Card, *, at: datetime, report: LossReport | None = None, notice: Notice | None = None
) -> LossReceipt:
    """The bank side is never covered by a temporary report of the HR function."""
    not_covered = is_bank_side_open(card)
    return receipt(card, at=at, report=report, notice=notice, not_covered=not_covered)
