"""Repairs: a card that failed is made again on the same account; a discrepancy is settled.

A bank failure is repaired by correcting the application (`application.correct`), after which it is
accepted again and goes into a later batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions import hold
from onecard.actions._keeping import act, note
from onecard.actions.production import _orders
from onecard.actions.production.ordering import FileReceipt, order_cards
from onecard.domain.application import MakingMode
from onecard.domain.authority import Actor
from onecard.domain.production import ProductionEvent
from onecard.domain.refusal import NotFound, Refusal, require
from onecard.records.models import Discrepancy


@dataclass(frozen=True)
class SettleReceipt:
    """A discrepancy that somebody has dealt with."""

    discrepancy: str
    settlement: str


@act("production.remake")
def remake(*, applications: tuple[str, ...], actor: Actor, at: datetime) -> FileReceipt:
    """Order cards that failed at the vendor once more (重新制卡), in one file; no second account.

    Raises `Refused("production.not_in_this_state")` if any of them did not fail.
    """
    people = hold.many(_orders.people(ref__in=applications, making_mode=MakingMode.FACTORY))
    if len(people) != len(set(applications)):
        raise NotFound("Application")
    return order_cards(people, ProductionEvent.REMAKE, batch=None, by=actor, at=at)


@act("production.settle_discrepancy")
def settle_discrepancy(
    *, discrepancy: str, settlement: str, actor: Actor, at: datetime
) -> SettleReceipt:
    """Say how a discrepancy was dealt with, in words. Nothing else changes by it."""
    held = hold.one(Discrepancy, ref=discrepancy)
    require(_must_say_how(settlement), _must_be_open(held))
    held.settled_at, held.settled_by, held.settlement = at, actor.ref, settlement.strip()
    held.save(update_fields=["settled_at", "settled_by", "settlement"])
    note(about=held.ref, by=actor, at=at, ground="rule book 9.2", kind=held.kind)
    return SettleReceipt(held.ref, held.settlement)


def _must_say_how(settlement: str) -> Refusal | None:
    longest = Discrepancy._meta.get_field("settlement").max_length or 0
    length = len(settlement.strip())
    if 0 < length <= longest:
        return None
    measured, allowed = {"length": length}, {"longest": longest}
    return Refusal("production.settlement_missing", {}, measured, allowed, field="settlement")


def _must_be_open(discrepancy: Discrepancy) -> Refusal | None:
    if discrepancy.settled_at is None:
        return None
    return Refusal("production.already_settled", {"day": discrepancy.settled_at})
