"""卡的经过: everything that happened on the way to a person's card and since, in one line each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from onecard.domain.authority import Actor, Role
from onecard.domain.hr_function import HrState
from onecard.domain.masking import mask_name, mask_number, mask_phone
from onecard.domain.refusal import Facts, NotFound
from onecard.queries._reading import one_moment
from onecard.records.models import Card, Person, ShipmentStep, Step, Transition

ROOMS = {"hr": "hr_function", "financial": "financial_function", "transit": "transit_purse"}
MOST_LINES = 500


@dataclass(frozen=True)
class TimelineLine:
    """What happened: `what` is the key of the state that was reached, `about` what it concerns.

    `because` is the event that led there, for a state can be reached on several ways.
    """

    at: datetime
    what: str
    about: str
    channel: str = ""
    because: str = ""
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class ToEnable:
    """A card somebody has and never enabled; `how` it came there: post, outlet, employer."""

    card: str
    person: str
    number: str
    name: str
    phone: str
    since: datetime
    days: int
    how: str
    reminded_at: datetime | None


def timeline(
    *, person: str, as_seen_by: Actor, before: datetime | None = None
) -> tuple[TimelineLine, ...]:
    """One life, one line: a person's applications, parcels and cards, the newest first.

    It belongs to the person and runs on across cards (21.4, platform B10); the page behind this one
    begins `before` the time of its last line. Raises `NotFound`.
    """
    citizen = as_seen_by.role is Role.CITIZEN
    if as_seen_by.role is Role.EMPLOYER_AGENT or (citizen and person != as_seen_by.ref):
        raise NotFound("Person")
    with one_moment():
        if not Person.objects.filter(ref=person).exists():
            raise NotFound("Person")
        until = {"at__lt": before} if before else {}
        every = (_applications(person, until), _parcels(person, until), _cards(person, until))
        lines = sorted((line for some in every for line in some), key=_newest_first)
    return _one_page(lines)


def to_enable(*, as_seen_by: Actor, at: datetime) -> tuple[ToEnable, ...]:
    """Cards delivered or collected but never enabled, the longest waiting first.

    An outlet sees its own, an employer's agent those of the employer, an operator all.
    """
    received = Q(collected_at__isnull=False) | Q(shipments__delivered_at__isnull=False)
    rows = Card.objects.filter(received, hr_state=HrState.SEALED).distinct()
    rows = rows.select_related("person", "application").prefetch_related("shipments")
    if as_seen_by.outlet:
        rows = rows.filter(application__collect_at=as_seen_by.outlet)
    elif as_seen_by.employer:
        rows = rows.filter(application__employer=as_seen_by.employer)
    elif as_seen_by.role is Role.CITIZEN:
        rows = rows.filter(person=as_seen_by.ref)
    waiting = [_waiting(row, at) for row in rows.order_by("ref")[:MOST_LINES]]
    return tuple(sorted(waiting, key=lambda line: (line.since, line.card)))


def _newest_first(line: TimelineLine) -> float:
    return -line.at.timestamp()


def _one_page(lines: list[TimelineLine]) -> tuple[TimelineLine, ...]:
    """A page ends between two instants, so that what happened at once is never torn apart."""
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    page, cut = lines[:MOST_LINES], lines[MOST_LINES].at
    whole = tuple(line for line in page if line.at > cut)
    return whole or tuple(page)


def _applications(person: str, until: Facts) -> Iterator[TimelineLine]:
    steps = Step.objects.filter(application__person=person, **until).select_related("application")
    for step in steps.order_by("-at", "-id")[: MOST_LINES + 1]:
        facts = {"number": step.application.number, "kind": step.application.kind.value}
        yield TimelineLine(
            step.at,
            f"production.state.{step.to_state}",
            step.application_id,
            step.application.channel.value if step.event == "submit" else "",
            facts=facts,
        )


def _parcels(person: str, until: Facts) -> Iterator[TimelineLine]:
    steps = ShipmentStep.objects.filter(shipment__application__person=person, **until)
    for step in steps.order_by("-at", "-id")[: MOST_LINES + 1]:
        facts = {"place": step.place, "ems_number": step.ems_number}
        yield TimelineLine(
            step.at, f"delivery.state.{step.to_state}", step.shipment_id, facts=facts
        )


def _cards(person: str, until: Facts) -> Iterator[TimelineLine]:
    moves = Transition.objects.filter(card__person=person, **until).select_related("card")
    for move in moves.order_by("-at", "-card", "-sequence")[: MOST_LINES + 1]:
        what = f"{ROOMS.get(move.function, move.function)}.state.{move.to_state}"
        facts = {
            "card": mask_number(move.card.card_number),
            "bank": move.card.bank,
            "function": move.function,
            "number": move.sequence,
        }
        yield TimelineLine(move.at, what, move.card_id, move.channel, move.reason, facts)


def _waiting(row: Card, at: datetime) -> ToEnable:
    delivered = next((parcel.delivered_at for parcel in row.shipments.all()), None)
    since = row.collected_at or delivered or at
    if row.application and row.application.employer_id:
        how = "employer"
    else:
        how = "outlet" if row.collected_at else "post"
    return ToEnable(
        card=row.ref,
        person=row.person_id,
        number=mask_number(row.card_number),
        name=mask_name(row.person.name),
        phone=mask_phone(row.person.phone),
        since=since,
        days=(at - since).days,
        how=how,
        reminded_at=row.reminded_at,
    )
