"""What may be reported or taken back here and now, and why not: by the acts' own rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard import policy
from onecard.domain import loss
from onecard.domain.application import ApplicationKind
from onecard.domain.authority import AUTHORITY, Actor, Channel, Role
from onecard.domain.channels import ChannelPolicy, Matter, may_use_channel
from onecard.domain.hr_function import HR_FUNCTION, HrEvent
from onecard.domain.loss import LossKind, LossPolicy, Side
from onecard.domain.refusal import Name, Notice, Refusal, first
from onecard.queries._reading import one_moment
from onecard.queries.loss._seeing import card_face_bank, card_for, open_losses
from onecard.records.models import Application, Card, Outlet
from onecard.seams.clock import local_day

TRANSIT = "transit"


@dataclass(frozen=True)
class LossOffer:
    """One thing that could be done. `act` names it, `side` what it covers: hr, financial, both.

    A `refusal` says why the button is grey; `notice` that there is nothing to do.
    """

    act: str
    side: str
    refusal: Refusal | None
    notice: Notice | None = None


def offers(*, card: str, as_seen_by: Actor, at: datetime) -> tuple[LossOffer, ...]:
    """Everything this viewer's door is for, the open and the closed. Raises `NotFound`."""
    with one_moment():
        row = card_for(card, as_seen_by)
        by_phone = _by_phone(row, at) if as_seen_by.role is Role.PHONE_OPERATOR else ()
        acts = tuple(
            _offer(act, row, as_seen_by, at) for act in _ACTS if as_seen_by.role in AUTHORITY[act]
        )
    return (*acts, *by_phone, LossOffer("loss.report_transit", TRANSIT, loss.may_report_transit()))


_ACTS = {
    "loss.report_temporary": (Matter.TEMPORARY_LOSS_HR, HrEvent.REPORT_TEMPORARY, "hr"),
    "loss.report_temporary_online": (Matter.TEMPORARY_LOSS_HR, HrEvent.REPORT_TEMPORARY, "hr"),
    "loss.report_formally_at_bank": (Matter.FORMAL_LOSS, HrEvent.REPORT_FORMAL, "both"),
    "loss.report_formally_at_counter": (Matter.FORMAL_LOSS, HrEvent.REPORT_FORMAL, "hr"),
    "loss.report_formally_online": (Matter.FORMAL_LOSS, HrEvent.REPORT_FORMAL, "hr"),
    "loss.withdraw_temporary": (Matter.WITHDRAW_TEMPORARY_LOSS, HrEvent.WITHDRAW_TEMPORARY, "hr"),
    "loss.withdraw_formally": (Matter.WITHDRAW_FORMAL_LOSS, HrEvent.WITHDRAW_FORMAL, "both"),
    "loss.withdraw_formally_online": (Matter.WITHDRAW_FORMAL_LOSS, HrEvent.WITHDRAW_FORMAL, "hr"),
}


def _offer(act: str, row: Card, viewer: Actor, at: datetime) -> LossOffer:
    matter, event, side = _ACTS[act]
    channels = policy.in_force("channels", ChannelPolicy, on=local_day(at))
    answer = _answer(act, row, event, at)
    refusal = first(
        lambda: may_use_channel(act=matter, channel=viewer.channel, figures=channels),
        lambda: answer if isinstance(answer, Refusal) else None,
        lambda: _closed(row, event, viewer, at),
    )
    notice = answer if refusal is None and isinstance(answer, Notice) else None
    return LossOffer(act, side, refusal, notice)


def _answer(act: str, row: Card, event: HrEvent, at: datetime) -> Notice | Refusal | None:
    """What the tables say, without asking who stands there."""
    hr, money = row.state_at(at), row.financial_state
    if act == "loss.report_formally_at_bank":
        outcome = loss.formal_at_bank(hr=hr, financial=money)
        return outcome.refusal or outcome.notice
    if act == "loss.withdraw_formally":
        outcome = loss.withdrawn_at_bank(hr=hr, financial=money)
        return outcome.refusal or outcome.notice
    answer = HR_FUNCTION.ask(hr, event)
    return answer if isinstance(answer, (Notice, Refusal)) else None


def _closed(row: Card, event: HrEvent, viewer: Actor, at: datetime) -> Refusal | None:
    """Why a formal report cannot be taken back any more, or not here."""
    if event is not HrEvent.WITHDRAW_FORMAL:
        return None
    figures = policy.in_force("loss", LossPolicy, on=local_day(at))
    kind = ApplicationKind.REPLACEMENT
    applied = Application.objects.filter(kind=kind, predecessor=row).exists()
    return first(
        lambda: loss.may_withdraw_after(replacement_applied=applied, figures=figures),
        lambda: _not_here(row, viewer, figures),
    )


def _not_here(row: Card, viewer: Actor, figures: LossPolicy) -> Refusal | None:
    if viewer.channel is Channel.PORTAL:
        return loss.may_withdraw_formal_online(figures=figures)
    standing = open_losses(row)
    if viewer.role is not Role.BANK_CLERK:
        standing.pop(Side.FINANCIAL, None)
    answers = [
        loss.may_withdraw_formal_here(
            loss=one, outlet=viewer.outlet, outlet_name=_named(one.outlet), figures=figures
        )
        for one in standing.values()
    ]
    return None if not answers or None in answers else answers[0]


def _named(outlet: str) -> Name:
    row = Outlet.objects.filter(ref=outlet).first()
    return Name(row.name, row.name_en) if row else Name(outlet)


def _by_phone(row: Card, at: datetime) -> tuple[LossOffer, ...]:
    """What people ask for on the telephone and are told where to go."""
    bank = card_face_bank(row, local_day(at))
    asked = (
        ("loss.report_formally_at_bank", LossKind.FORMAL, Side.HR),
        ("loss.report_temporary_financial", LossKind.TEMPORARY, Side.FINANCIAL),
    )
    return tuple(
        LossOffer(act, side.value, loss.may_report_by_phone(kind=kind, side=side, bank=bank))
        for act, kind, side in asked
    )
