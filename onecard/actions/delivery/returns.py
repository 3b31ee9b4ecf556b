"""退件: a parcel came back; its holder or the operator says how the card goes on (rule book 10)."""

from __future__ import annotations

from datetime import datetime

from onecard import policy
from onecard.actions._keeping import act, note, tell
from onecard.actions._stepping import step
from onecard.actions.delivery.receipts import (
    ShipmentReceipt,
    ask_courier,
    has_it,
    held,
    receipt,
    take_step,
)
from onecard.domain import delivery
from onecard.domain.application import ApplicationPolicy, Collection
from onecard.domain.application.key_information import must_fit_label, on_one_line
from onecard.domain.authority import Actor
from onecard.domain.delivery import DeliveryEvent, DeliveryState
from onecard.domain.production import Holder, ProductionEvent, ProductionState
from onecard.domain.refusal import NotFound, Refusal, require
from onecard.domain.stock import SERVING
from onecard.records.models import Application, Outlet, Shipment
from onecard.seams.clock import local_day


@act("delivery.choose_outlet")
def choose_outlet(*, shipment: str, outlet: str, actor: Actor, at: datetime) -> ShipmentReceipt:
    """退件改为网点自取: the returned card is collected in person at an outlet.

    Raises `Refused`: `delivery.not_in_this_state`, `delivery.already_going_again`; `NotFound` for
    somebody else's parcel or an outlet that serves nobody.
    """
    application, row = held(shipment, actor=actor)
    event = DeliveryEvent.CHOOSE_OUTLET
    require(_must_be_wanted(application), _may_decide(row, event))
    place = Outlet.objects.filter(ref=outlet, kind__in=SERVING).first()
    if place is None:
        raise NotFound("Outlet")
    step(
        application,
        ProductionEvent.PICK_UP,
        by=actor,
        at=at,
        collect_at=place,
        collection=Collection.OUTLET,
    )
    take_step(row, event=event.value, to=DeliveryState.AT_OUTLET, at=at)
    tell("card.at_outlet", about=application.ref, at=at, parties=("sms",))
    note(about=row.ref, by=actor, at=at, ground="rule book 10", outlet=outlet)
    return receipt(row, person=application.person_id)


@act("delivery.send_again")
def send_again(*, shipment: str, address: str = "", actor: Actor, at: datetime) -> ShipmentReceipt:
    """退件再次寄送: another parcel, again at the addressee's cost; `address` if it changed.

    Raises `Refused` as `choose_outlet`, and `delivery.address_missing`, `application.address_*`.
    """
    application, row = held(shipment, actor=actor)
    if row.state is DeliveryState.RETURNED and row.asked_again_at:
        notice = "delivery.already_going_again"
        return receipt(row, person=application.person_id, notice=notice)
    row.address = on_one_line(address) or row.address
    require(
        _must_be_wanted(application),
        _may_decide(row, DeliveryEvent.SEND_AGAIN),
        delivery.must_have_address(address=row.address),
        _must_fit(address, at),
    )
    row.attempt += 1
    row.asked_again_at = at
    row.save(update_fields=["address", "attempt", "asked_again_at"])
    has_it(application, Holder.POST)
    ask_courier(row, at=at)
    note(about=row.ref, by=actor, at=at, ground="rule book 10", attempt=row.attempt)
    return receipt(row, person=application.person_id)


@act("delivery.give_address")
def give_address(*, shipment: str, address: str, actor: Actor, at: datetime) -> ShipmentReceipt:
    """补填收件地址: for a card that was packed without one. It goes on its way then.

    Raises `Refused`: `delivery.not_in_this_state`, `delivery.address_missing`.
    """
    application, row = held(shipment, actor=actor)
    require(
        _must_be_wanted(application),
        delivery.may_give_address(state=row.state, address=row.address),
        delivery.must_have_address(address=address),
        _must_fit(address, at),
    )
    row.address = on_one_line(address)
    row.save(update_fields=["address"])
    has_it(application, Holder.POST)
    ask_courier(row, at=at)
    note(about=row.ref, by=actor, at=at, ground="rule book 8.1")
    return receipt(row, person=application.person_id)


def _must_be_wanted(application: Application) -> Refusal | None:
    return delivery.must_be_wanted(card_cancelled=application.state is ProductionState.RETRACTED)


def _must_fit(address: str, at: datetime) -> Refusal | None:
    """A new address goes onto a label as the first one did."""
    figures = policy.in_force("application", ApplicationPolicy, on=local_day(at))
    return must_fit_label(address=address, field="address", figures=figures)


def _may_decide(row: Shipment, event: DeliveryEvent) -> Refusal | None:
    return delivery.may_decide_on_return(
        state=row.state, event=event, asked_again=row.asked_again_at is not None
    )
