"""Loss reports as rows: the paper is written, its sides are opened, the others are told.

Shared by everybody who may report a loss: the telephone, the desks, the portal, the banks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from onecard import policy
from onecard.actions._banks import card_face_bank
from onecard.actions._history import move_financial, move_hr, open_side
from onecard.actions._keeping import note, policy_version
from onecard.actions._telling_of_loss import tell_bank, tell_of_loss
from onecard.domain import partner
from onecard.domain.authority import Actor
from onecard.domain.collection import Shown
from onecard.domain.financial_function import FinancialEvent, FinancialState
from onecard.domain.hr_function import HrEvent, HrState
from onecard.domain.identity import canonical
from onecard.domain.loss import FormalOutcome, LossKind, LossPolicy, OpenLoss, Side
from onecard.domain.refusal import Notice, Refusal, Refused
from onecard.records.models import Card, LossReport, LossSide
from onecard.seams.clock import local_day
from onecard.seams.world import world

GROUND = "rule book 20"
MADE_FORMAL = "reported_formal"
"""Why a temporary loss is over that a formal report has replaced."""


@dataclass(frozen=True)
class Elsewhere:
    """Where the financial side is seen to: it is not covered by what was done here."""

    bank: str
    bank_en: str
    hotline: str


@dataclass(frozen=True)
class LossReceipt:
    """A card's loss as it stands after an act.

    `version` is what a withdrawal has to name. `elsewhere` is filled where the financial side is
    not covered. `notice` and `financial_answer` are codes, empty where the side changed;
    `bank_message` is the outbox message that tells the bank, if it is told.
    """

    report: str
    card: str
    person: str
    kind: str
    version: int
    hr_state: str
    financial_state: str
    accepted_at: datetime | None
    until: datetime | None
    elsewhere: Elsewhere | None = None
    notice: str = ""
    financial_answer: str = ""
    bank_message: str = ""


@dataclass(frozen=True)
class Paper:
    """What stands on a loss report beside its kind and its time."""

    outlet: str = ""
    bank: str = ""
    serial: str = ""
    shown: Shown | None = None
    checked: tuple[str, ...] = ()


def figures_on(day: date) -> LossPolicy:
    """The figures in force for losses on the local day."""
    return policy.in_force("loss", LossPolicy, on=day)


def keep_report(
    card: Card,
    kind: LossKind,
    sides: tuple[Side, ...],
    paper: Paper,
    *,
    by: Actor,
    at: datetime,
    until: datetime | None = None,
) -> LossReport:
    """Write the report and open what it covers; the functions have been moved before.

    A bank's report that is known by its serial already goes on.
    """
    report = known_by(paper.bank, paper.serial, card) or _written(
        card, kind, paper, by=by, at=at, until=until
    )
    card.loss_version += 1
    card.save(update_fields=["loss_version"])
    for side in sides:
        _open(report, card, side, at=at, until=until)
    return report


def known_by(bank: str, serial: str, card: Card) -> LossReport | None:
    """The report a bank has given this name. Raises `Refused` for one name on two cards."""
    if not serial:
        return None
    report = LossReport.objects.filter(bank=bank, serial=serial).first()
    if report is not None and report.card_id != card.ref:
        raise Refused(Refusal("request.key_reused", field="serial"))
    return report


def _written(
    card: Card, kind: LossKind, paper: Paper, *, by: Actor, at: datetime, until: datetime | None
) -> LossReport:
    agent = paper.shown.agent if paper.shown else None
    return LossReport.objects.create(
        ref=world().ids.new("loss"),
        card=card,
        kind=kind,
        channel=by.channel,
        accepted_at=at,
        until=until,
        actor_role=by.role,
        actor_ref=by.ref,
        outlet=paper.outlet,
        bank=paper.bank,
        serial=paper.serial,
        by_agent=agent is not None,
        agent_name=paper.shown.agent_name if paper.shown else "",
        agent_document=f"{agent.kind.value} {canonical(agent.number)}" if agent else "",
        checked=list(paper.checked),
        policy_version=policy_version(),
    )


def report_formally(
    card: Card, outcome: FormalOutcome, paper: Paper, *, by: Actor, at: datetime
) -> tuple[LossReport, dict[str, str]]:
    """Make a held card formally lost on every side that changes, and tell the others.

    Returns the report and the message of each party. The bank is not told what it told us.
    """
    if outcome.changes_hr:
        move_hr(card, HrEvent.REPORT_FORMAL, reason=MADE_FORMAL, by=by, at=at)
    if outcome.changes_financial:
        event = FinancialEvent.REPORT_FORMAL
        move_financial(card, event, reason=MADE_FORMAL, by=by, at=at)
    sides = tuple(
        side
        for side, changes in (
            (Side.HR, outcome.changes_hr),
            (Side.FINANCIAL, outcome.changes_financial),
        )
        if changes
    )
    report = keep_report(card, LossKind.FORMAL, sides, paper, by=by, at=at)
    told = _tell_formal(card, report, outcome, told_by_bank=bool(paper.serial), at=at)
    covers = tuple(side.value for side in sides)
    note(about=card.ref, by=by, at=at, ground=GROUND, report=report.ref, covers=covers)
    return report, told


def elsewhere(card: Card, day: date) -> Elsewhere:
    """The card-face bank and its number, for whatever only the bank can do."""
    bank = card_face_bank(card, day)
    return Elsewhere(bank.zh, bank.en, bank.hotline) if bank else Elsewhere(card.bank, "", "")


def receipt(
    card: Card,
    *,
    at: datetime,
    report: LossReport | None = None,
    notice: Notice | None = None,
    financial_answer: Notice | Refusal | None = None,
    not_covered: bool = False,
    bank_message: str = "",
) -> LossReceipt:
    """The receipt of a held card: of the report just made, or of the one that stands."""
    report = report or _standing_report(card)
    return LossReceipt(
        report=report.ref if report else "",
        card=card.ref,
        person=card.person_id,
        kind=report.kind.value if report else "",
        version=card.loss_version,
        hr_state=card.state_at(at).value,
        financial_state=card.financial_state.value,
        accepted_at=report.accepted_at if report else None,
        until=report.until if report else None,
        elsewhere=elsewhere(card, local_day(at)) if not_covered else None,
        notice=notice.code if notice else "",
        financial_answer=financial_answer.code if financial_answer else "",
        bank_message=bank_message,
    )


def open_losses(card: Card) -> dict[Side, OpenLoss]:
    """What stands reported lost on a held card, by function."""
    rows = LossSide.objects.filter(card=card, ended_at=None).select_related("report")
    return {
        row.function: OpenLoss(
            report=row.report_id,
            side=row.function,
            kind=row.report.kind,
            version=row.version,
            since=row.since,
            until=row.until,
            outlet=row.report.outlet,
        )
        for row in rows
    }


def is_bank_side_open(card: Card) -> bool:
    """Whether there is an account on the card that could be misused and is not reported lost."""
    return card.financial_state in (FinancialState.ACTIVATED, FinancialState.TEMPORARY_LOSS)


def _open(
    report: LossReport, card: Card, side: Side, *, at: datetime, until: datetime | None
) -> None:
    LossSide.objects.create(
        ref=world().ids.new("lsd"),
        report=report,
        card=card,
        function=side,
        version=card.loss_version,
        since=at,
        until=until,
    )


def _tell_formal(
    card: Card, report: LossReport, outcome: FormalOutcome, *, told_by_bank: bool, at: datetime
) -> dict[str, str]:
    messages: dict[str, str] = {}
    event = "loss.formal.created"
    if outcome.changes_hr:
        parties = (partner.HR_DATABASE,)
        state = HrState.FORMAL_LOSS.value
        messages |= tell_of_loss(event, card, report, at=at, parties=parties, state=state)
    if outcome.changes_financial:
        state = FinancialState.FORMAL_LOSS.value
        messages |= tell_bank(event, card, report, state=state, told_by_bank=told_by_bank, at=at)
    said = event if outcome.financial is FinancialState.FORMAL_LOSS else "loss.formal.hr_only"
    return messages | tell_of_loss(said, card, report, at=at, parties=(partner.SMS,))


def _standing_report(card: Card) -> LossReport | None:
    """The report of the HR side that stands, else of the financial side."""
    side = open_side(card, Side.HR) or open_side(card, Side.FINANCIAL)
    return side.report if side else None
