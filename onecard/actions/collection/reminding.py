"""提醒: a card that waits for its holder says so again, every so many days, and then falls silent.

It waits at an outlet, came back by post, was received but never enabled, or was enabled while its
bank function was not activated (rule book 11, 12).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import act, concerning, note, tell, walk
from onecard.domain.authority import Actor
from onecard.domain.collection import ReminderPolicy, is_reminder_due
from onecard.domain.delivery import DeliveryState
from onecard.domain.financial_function import FinancialState
from onecard.domain.hr_function import HrState
from onecard.domain.production import ProductionState
from onecard.records.models import Card, Shipment
from onecard.seams.clock import local_day

AT_OUTLET = (ProductionState.AT_OUTLET, ProductionState.INSTANT_MADE)


@dataclass(frozen=True)
class ReminderReceipt:
    """Of what the holder was reminded; empty if it was not time."""

    card: str
    reminder: str


@dataclass(frozen=True)
class _Waiting:
    """What a card waits for, since when, and how often its holder hears of it."""

    event: str
    since: datetime
    every_days: int


@act("collection.remind")
def remind(*, card: str, actor: Actor, at: datetime) -> ReminderReceipt:
    """Remind the holder of a card that waits, if it is time."""
    row = hold.one(Card, ref=card)
    concerning(row.person_id)
    figures = policy.in_force("delivery", ReminderPolicy, on=local_day(at))
    waiting = _what_it_waits_for(row, figures, at)
    if waiting is None or not is_reminder_due(
        since=waiting.since,
        reminded_at=row.reminded_at,
        every_days=waiting.every_days,
        end_days=figures.reminders_end_days,
        at=at,
    ):
        return ReminderReceipt(card, "")
    row.reminded_at = at
    row.save(update_fields=["reminded_at"])
    tell(waiting.event, about=row.ref, at=at, parties=("sms",))
    note(about=row.ref, by=actor, at=at, ground="rule book 11", reminder=waiting.event)
    return ReminderReceipt(card, waiting.event)


@walk("collection.remind_due")
def remind_due(*, actor: Actor, at: datetime, most: int = 200) -> int:
    """Remind everybody whose card waits and for whom it is time."""
    figures = policy.in_force("delivery", ReminderPolicy, on=local_day(at))
    reminded = 0
    for card in _candidates(figures, at, most):
        reminded += bool(remind(card=card, actor=actor, at=at).reminder)
    return reminded


def _what_it_waits_for(card: Card, figures: ReminderPolicy, at: datetime) -> _Waiting | None:
    state = card.state_at(at)
    if state is HrState.NORMAL and card.financial_state is FinancialState.OPENED:
        return _waiting("card.activate_reminder", card.enabled_at, figures.activation_reminder_days)
    if state is not HrState.SEALED:
        return None
    shipment = Shipment.objects.filter(card=card).first()
    if shipment and shipment.state is DeliveryState.RETURNED and not shipment.asked_again_at:
        days = figures.returned_reminder_days
        return _waiting("card.return_reminder", shipment.state_since, days)
    received = card.collected_at or (shipment.delivered_at if shipment else None)
    if received:
        return _waiting("card.enable_reminder", received, figures.enabling_reminder_days)
    if card.application and card.application.state in AT_OUTLET:
        days = figures.uncollected_reminder_days
        return _waiting("card.collect_reminder", card.application.state_since, days)
    return None


def _waiting(event: str, since: datetime | None, every_days: int) -> _Waiting | None:
    return _Waiting(event, since, every_days) if since else None


def _candidates(figures: ReminderPolicy, at: datetime, most: int) -> list[str]:
    """Cards that may be due, roughly: the act looks closely."""
    sealed = Q(hr_state=HrState.SEALED)
    waiting = (
        _since("enabled_at", figures.activation_reminder_days, figures, at)
        & (Q(hr_state=HrState.NORMAL) | Q(loss_ends_at__lte=at))
        & Q(financial_state=FinancialState.OPENED)
        | sealed & _since("collected_at", figures.enabling_reminder_days, figures, at)
        | sealed
        & Q(collected_at=None)
        & _since("shipments__delivered_at", figures.enabling_reminder_days, figures, at)
        | sealed
        & Q(shipments__state=DeliveryState.RETURNED, shipments__asked_again_at=None)
        & _since("shipments__state_since", figures.returned_reminder_days, figures, at)
        | sealed
        & Q(application__state__in=AT_OUTLET)
        & _since("application__state_since", figures.uncollected_reminder_days, figures, at)
    )
    rows = Card.objects.filter(waiting, application__isnull=False).order_by("ref")
    return list(rows.values_list("ref", flat=True).distinct()[:most])


def _since(column: str, every_days: int, figures: ReminderPolicy, at: datetime) -> Q:
    """Waiting long enough, not for too long, and not reminded since."""
    due = at - timedelta(days=every_days)
    over = at - timedelta(days=figures.reminders_end_days)
    not_lately = Q(reminded_at=None) | Q(reminded_at__lte=due)
    return Q(**{f"{column}__lte": due, f"{column}__gt": over}) & not_lately
