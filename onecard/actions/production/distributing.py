"""Distribution: made cards go by box position to the branch, then to the outlet (9.2).

Cards that travel by post are packed by the delivery room, not here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import act, concerning, note, tell
from onecard.actions._stepping import step
from onecard.domain.application import Collection
from onecard.domain.authority import Actor
from onecard.domain.production import (
    ProductionEvent,
    ProductionPolicy,
    ProductionState,
    may_load_finance,
    ready_to_leave,
)
from onecard.domain.refusal import NotFound, require
from onecard.records.models import Application, Card
from onecard.seams.clock import local_day


@dataclass(frozen=True)
class Parcel:
    """The cards for one outlet, in the order of the vendor's boxes."""

    outlet: str
    positions: tuple[str, ...]
    applications: tuple[str, ...]


@dataclass(frozen=True)
class PackingList:
    """What was sent on its way to the branches, one parcel for each outlet."""

    parcels: tuple[Parcel, ...]
    size: int


@dataclass(frozen=True)
class ArrivalReceipt:
    """The cards an outlet has now; `missing` were said to come and did not."""

    outlet: str
    arrived: tuple[str, ...]
    missing: tuple[str, ...]


@act("production.distribute")
def distribute(*, batch: str, actor: Actor, at: datetime) -> PackingList:
    """Send the made cards of a batch to the outlets where they are collected (分行领卡)."""
    states = ready_to_leave(figures=_figures(at))
    ready = Application.objects.filter(batch=batch, state__in=states)
    people = hold.many(ready.exclude(collection=Collection.POST).exclude(collect_at=None))
    for application in people:
        concerning(application.person_id)
        step(application, ProductionEvent.DISTRIBUTE, by=actor, at=at)
        note(about=application.ref, by=actor, at=at, ground="rule book 9.2")
    return PackingList(_parcels(people), len(people))


@act("production.arrive")
def arrive(*, applications: tuple[str, ...], actor: Actor, at: datetime) -> ArrivalReceipt:
    """An outlet has received these cards (网点领卡); their holders are told to come.

    What was sent to the outlet and is not among them is named as missing and stays at the branch.
    """
    expected = Application.objects.filter(
        collect_at=actor.outlet, state=ProductionState.AT_BRANCH
    ).exclude(collect_at=None)
    people = hold.many(expected.filter(ref__in=applications))
    if len(people) != len(set(applications)):
        raise NotFound(Application.__name__)
    for application in people:
        concerning(application.person_id)
        step(application, ProductionEvent.ARRIVE, by=actor, at=at)
        note(about=application.ref, by=actor, at=at, ground="rule book 9.2")
        tell("card.at_outlet", about=application.ref, at=at, parties=("sms",))
    missing = expected.order_by("state_since", "number").values_list("ref", flat=True)
    return ArrivalReceipt(actor.outlet, tuple(hold.refs(people)), tuple(missing))


@act("production.ask_finance_loading")
def ask_finance_loading(*, batch: str, actor: Actor, at: datetime) -> PackingList:
    """The bank loads its application onto the cards, where the vendor does not (金融待加载)."""
    require(may_load_finance(figures=_figures(at)))
    return _all_step(batch, ProductionState.MADE, ProductionEvent.LOAD_FINANCE, actor, at)


@act("production.record_finance_loaded")
def record_finance_loaded(*, batch: str, actor: Actor, at: datetime) -> PackingList:
    """The bank has loaded its application (金融已加载); the cards may be distributed."""
    state, event = ProductionState.FINANCE_LOADING, ProductionEvent.FINANCE_LOADED
    return _all_step(batch, state, event, actor, at)


def _figures(at: datetime) -> ProductionPolicy:
    return policy.in_force("production", ProductionPolicy, on=local_day(at))


def _all_step(
    batch: str, state: ProductionState, event: ProductionEvent, actor: Actor, at: datetime
) -> PackingList:
    people = hold.many(Application.objects.filter(batch=batch, state=state))
    for application in people:
        concerning(application.person_id)
        step(application, event, by=actor, at=at)
        note(about=application.ref, by=actor, at=at, ground="rule book 9.2")
    return PackingList(_parcels(people), len(people))


def _parcels(people: Sequence[Application]) -> tuple[Parcel, ...]:
    boxes = {
        card.application_id: card.box_position
        for card in Card.objects.filter(application__in=[one.ref for one in people])
    }
    entries = sorted((one.collect_at_id or "", boxes.get(one.ref, ""), one.ref) for one in people)
    return tuple(
        Parcel(outlet, tuple(box for _, box, _ in these), tuple(ref for _, _, ref in these))
        for outlet, these in (
            (outlet, list(group)) for outlet, group in groupby(entries, key=lambda e: e[0])
        )
    )
