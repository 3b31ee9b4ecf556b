"""临时挂失到期: the holder is reminded before it, and told after it (20.1, platform B7).

The card works again at that very instant, whoever reads it; what happens here is only the line in
the history and the messages. A late worker changes no answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from onecard.actions import hold
from onecard.actions._history import lapse_if_over, open_side
from onecard.actions._keeping import act, concerning, note, walk
from onecard.actions._losing import GROUND, figures_on
from onecard.actions._telling_of_loss import tell_of_loss
from onecard.domain import loss, partner
from onecard.domain.authority import Actor
from onecard.domain.hr_function import HrState
from onecard.domain.loss import Side
from onecard.records.models import Card, LossSide
from onecard.seams.clock import local_day

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class LapseReceipt:
    """Whether something was written; `hours` is the reminder given, None if none was due."""

    card: str
    lapsed: bool = False
    hours: int | None = None


@act("loss.lapse")
def lapse(*, card: str, actor: Actor, at: datetime) -> LapseReceipt:
    """Write down that a temporary report is over, if it is."""
    row = hold.one(Card, ref=card)
    concerning(row.person_id)
    lapsed = lapse_if_over(row, at=at)
    if lapsed:
        note(about=row.ref, by=actor, at=at, ground=GROUND, version=row.loss_version)
    return LapseReceipt(card, lapsed=lapsed)


@act("loss.remind")
def remind(*, card: str, actor: Actor, at: datetime) -> LapseReceipt:
    """Remind the holder that a temporary report ends soon, if it is time for it."""
    row = hold.one(Card, ref=card)
    concerning(row.person_id)
    side = open_side(row, Side.HR)
    if side is None or side.until is None:
        return LapseReceipt(card)
    report = side.report
    hours = loss.reminder_due(
        accepted_at=report.accepted_at,
        until=side.until,
        reminded_hours=report.reminded_hours,
        figures=figures_on(local_day(at)),
        at=at,
    )
    if hours is None:
        return LapseReceipt(card)
    report.reminded_hours = hours
    report.save(update_fields=["reminded_hours"])
    until, parties = side.until.isoformat(), (partner.SMS,)
    event = "loss.temporary.lapsing"
    tell_of_loss(event, row, report, at=at, parties=parties, until=until, hours=hours)
    note(about=row.ref, by=actor, at=at, ground="platform B7", hours=hours)
    return LapseReceipt(card, hours=hours)


@walk("loss.lapse_due")
def lapse_due(*, actor: Actor, at: datetime) -> int:
    """Write down every temporary report that is over; returns how many."""
    over = Card.objects.filter(hr_state=HrState.TEMPORARY_LOSS, loss_ends_at__lte=at)
    refs = list(over.order_by("loss_ends_at", "ref").values_list("ref", flat=True)[:MOST_AT_ONCE])
    return sum(lapse(card=ref, actor=actor, at=at).lapsed for ref in refs)


@walk("loss.remind_due")
def remind_due(*, actor: Actor, at: datetime) -> int:
    """Remind everybody whose temporary report ends soon; returns how many."""
    longest = max(figures_on(local_day(at)).temporary_reminder_hours, default=0)
    soon = at + timedelta(hours=longest)
    sides = LossSide.objects.filter(ended_at=None, function=Side.HR, until__lte=soon, until__gt=at)
    refs = list(sides.order_by("until", "ref").values_list("card_id", flat=True)[:MOST_AT_ONCE])
    reminded = (remind(card=ref, actor=actor, at=at).hours for ref in refs)
    return sum(hours is not None for hours in reminded)
