"""寄递查询: where a parcel is, what it costs whom, and what may be chosen when it comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from onecard import policy
from onecard.domain import delivery
from onecard.domain.authority import Actor, Role
from onecard.domain.contacts import Contacts
from onecard.domain.delivery import DeliveryEvent, DeliveryPolicy, DeliveryState
from onecard.domain.masking import mask_address, mask_name, mask_phone
from onecard.domain.refusal import NotFound, Refusal
from onecard.queries._reading import one_moment
from onecard.records.models import Shipment
from onecard.seams.clock import local_day

MOST_LINES = 500


@dataclass(frozen=True)
class ShipmentStepSeen:
    """One line of a parcel's history; `what` is the key of the state it led to."""

    at: datetime
    what: str
    place: str
    ems_number: str


@dataclass(frozen=True)
class ShipmentSeen:
    """A parcel. `postage` is the key of who pays; `postage_fen` is None where no amount is known.

    `going_again`: another parcel was asked for and waits to be handed over. The refusals say what
    the holder may not choose, None what may.
    """

    shipment: str
    application: str
    card: str
    state: str
    word: str
    carrier: str
    ems_number: str
    parcel_hotline: str
    postage: str
    postage_fen: int | None
    attempt: int
    going_again: bool
    address_missing: bool
    recipient: str
    phone: str
    address: str
    state_since: datetime
    steps: tuple[ShipmentStepSeen, ...]
    may_choose_outlet: Refusal | None
    may_send_again: Refusal | None
    may_give_address: Refusal | None


def of_application(*, application: str, as_seen_by: Actor, at: datetime) -> ShipmentSeen | None:
    """The parcel of an application (ref or receipt number); None where nothing was posted.

    Raises `NotFound` for whoever may not see it.
    """
    named = Q(application=application) | Q(application__number=application)
    with one_moment():
        row = _rows().filter(named).first()
        if row is None:
            return None
        if as_seen_by.role is Role.CITIZEN and row.application.person_id != as_seen_by.ref:
            raise NotFound("Shipment")
        return _seen(row, at)


def show(*, shipment: str, as_seen_by: Actor, at: datetime) -> ShipmentSeen:
    """A parcel by its own ref. Raises `NotFound`."""
    with one_moment():
        row = _rows().filter(ref=shipment).first()
        if row is None or (
            as_seen_by.role is Role.CITIZEN and row.application.person_id != as_seen_by.ref
        ):
            raise NotFound("Shipment")
        return _seen(row, at)


def returned(*, as_seen_by: Actor, at: datetime) -> tuple[ShipmentSeen, ...]:
    """Parcels that came back and wait for somebody's choice, the longest waiting first."""
    rows = _of_viewer(as_seen_by).filter(state=DeliveryState.RETURNED, asked_again_at=None)
    return _all_seen(rows, at)


def without_address(*, as_seen_by: Actor, at: datetime) -> tuple[ShipmentSeen, ...]:
    """Cards that were packed without an address, the longest waiting first."""
    rows = _of_viewer(as_seen_by).filter(state=DeliveryState.PACKED, address=b"")
    return _all_seen(rows, at)


def on_their_way(*, as_seen_by: Actor, at: datetime) -> tuple[ShipmentSeen, ...]:
    """Parcels the courier has, or is about to get, the oldest news first."""
    under_way = Q(state__in={*delivery.ON_THE_WAY, DeliveryState.PACKED})
    rows = _of_viewer(as_seen_by).filter(under_way | Q(asked_again_at__isnull=False))
    return _all_seen(rows, at)


def without_news(*, as_seen_by: Actor, at: datetime) -> tuple[ShipmentSeen, ...]:
    """Parcels of which the courier has said nothing for long, the longest silence first."""
    figures = policy.in_force("delivery", DeliveryPolicy, on=local_day(at))
    silent = _of_viewer(as_seen_by).filter(
        state__in=delivery.ON_THE_WAY, state_since__lte=at - timedelta(days=figures.no_news_days)
    )
    return _all_seen(silent, at)


def _rows() -> QuerySet[Shipment]:
    return Shipment.objects.select_related("application", "card").prefetch_related("steps")


def _of_viewer(viewer: Actor) -> QuerySet[Shipment]:
    """An operator sees all parcels, a citizen the own, an outlet those that go to people there."""
    rows = _rows()
    if viewer.role is Role.CITIZEN:
        return rows.filter(application__person=viewer.ref)
    if viewer.role is Role.EMPLOYER_AGENT:
        return rows.none()
    return rows.filter(application__outlet=viewer.outlet) if viewer.outlet else rows


def _all_seen(rows: QuerySet[Shipment], at: datetime) -> tuple[ShipmentSeen, ...]:
    with one_moment():
        return tuple(_seen(row, at) for row in rows.order_by("state_since", "ref")[:MOST_LINES])


def _seen(row: Shipment, at: datetime) -> ShipmentSeen:
    day = local_day(at)
    figures = policy.in_force("delivery", DeliveryPolicy, on=day)
    contacts = policy.in_force("contacts", Contacts, on=day)
    steps = sorted(row.steps.all(), key=lambda step: (step.at, step.pk))
    return ShipmentSeen(
        shipment=row.ref,
        application=row.application_id,
        card=row.card_id,
        state=row.state.value,
        word=f"delivery.state.{row.state.value}",
        carrier=figures.carrier,
        ems_number=row.ems_number,
        parcel_hotline=contacts.parcel_hotline,
        postage=f"delivery.postage.{figures.postage}",
        postage_fen=figures.postage_shown_fen,
        attempt=row.attempt,
        going_again=row.asked_again_at is not None,
        address_missing=not row.address,
        recipient=mask_name(row.recipient),
        phone=mask_phone(row.phone),
        address=mask_address(row.address),
        state_since=row.state_since,
        steps=tuple(
            ShipmentStepSeen(
                step.at, f"delivery.state.{step.to_state}", step.place, step.ems_number
            )
            for step in steps
        ),
        may_choose_outlet=_may(row, DeliveryEvent.CHOOSE_OUTLET),
        may_send_again=_may(row, DeliveryEvent.SEND_AGAIN),
        may_give_address=delivery.may_give_address(state=row.state, address=row.address),
    )


def _may(row: Shipment, event: DeliveryEvent) -> Refusal | None:
    return delivery.may_decide_on_return(
        state=row.state, event=event, asked_again=row.asked_again_at is not None
    )
