"""Made cards on their way to their outlets: what the factory may send, what an outlet awaits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from onecard import policy
from onecard.domain.application import Collection, grouped
from onecard.domain.authority import Actor
from onecard.domain.masking import mask_name
from onecard.domain.production import ProductionPolicy, ProductionState, ready_to_leave
from onecard.queries._reading import one_moment
from onecard.queries.production._seeing import MOST, applications
from onecard.records.models import Application, Card
from onecard.seams.clock import local_day


@dataclass(frozen=True)
class CardOnItsWay:
    """A made card, its place in the vendor's boxes and the outlet where it is collected."""

    application: str
    number: str
    name: str
    bank: str
    batch: str
    box_position: str
    outlet: str
    outlet_name: str
    since: datetime


def ready_to_distribute(*, as_seen_by: Actor, at: datetime) -> tuple[CardOnItsWay, ...]:
    """Made cards that wait to be sent to their outlets, by outlet and box."""
    figures = policy.in_force("production", ProductionPolicy, on=local_day(at))
    states = ready_to_leave(figures=figures)
    ready = applications(as_seen_by).filter(state__in=states).exclude(collection=Collection.POST)
    return _by_box(ready)


def coming_in(*, as_seen_by: Actor) -> tuple[CardOnItsWay, ...]:
    """Cards on their way to the asker's outlet (网点待收卡); for operators, to all outlets."""
    coming = applications(as_seen_by).filter(state=ProductionState.AT_BRANCH)
    return _by_box(coming.filter(collect_at=as_seen_by.outlet) if as_seen_by.outlet else coming)


def _by_box(rows: QuerySet[Application]) -> tuple[CardOnItsWay, ...]:
    with one_moment():
        found = list(rows.order_by("state_since", "ref")[:MOST])
        boxes = dict(
            Card.objects.filter(application__in=found).values_list("application", "box_position")
        )
    seen = (_seen(row, boxes.get(row.ref, "")) for row in found)
    return tuple(sorted(seen, key=lambda one: (one.outlet, one.box_position, one.number)))


def _seen(row: Application, box_position: str) -> CardOnItsWay:
    return CardOnItsWay(
        application=row.ref,
        number=grouped(row.number),
        name=mask_name(row.person.name),
        bank=row.bank,
        batch=row.batch_id or "",
        box_position=box_position,
        outlet=row.collect_at_id or "",
        outlet_name=row.collect_at.name if row.collect_at else "",
        since=row.state_since,
    )
