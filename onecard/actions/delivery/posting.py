"""寄递交接: pack a made card, and hand the parcel over to the courier.

The courier is asked outside of any act, under the message id `<shipment>-<attempt>`. If we die
between its answer and our commit, the relay asks again and is given the same parcel.
"""

from __future__ import annotations

from datetime import datetime

from onecard import policy
from onecard.actions import hold
from onecard.actions._keeping import act, concerning, note, tell, walk
from onecard.actions._message import Message, Undeliverable
from onecard.actions._stepping import step
from onecard.actions.delivery.receipts import (
    ShipmentReceipt,
    ask_courier,
    held,
    receipt,
    take_step,
)
from onecard.actions.delivery.scans import take_early_scans
from onecard.adapters.courier import Parcel
from onecard.adapters.partners import partners
from onecard.domain import delivery
from onecard.domain.application import Collection
from onecard.domain.authority import THE_CLOCK, Actor
from onecard.domain.delivery import DELIVERY, DeliveryEvent, DeliveryState
from onecard.domain.hr_function import HrState
from onecard.domain.production import (
    ProductionEvent,
    ProductionPolicy,
    ProductionState,
    may_leave,
    ready_to_leave,
)
from onecard.domain.refusal import NotFound, Refused, require
from onecard.records.models import Application, Card, Shipment
from onecard.seams.clock import local_day
from onecard.seams.failpoint import failpoint, register
from onecard.seams.world import world

register("delivery.after_courier_call")


@act("delivery.pack")
def pack(*, application: str, actor: Actor, at: datetime) -> ShipmentReceipt:
    """Pack the card of an application that is to be posted; the relay hands it over.

    A card whose application names no address waits, and is shown to the operator and its holder.
    Raises `Refused`: `delivery.not_by_post`, `production.not_in_this_state`.
    """
    row = hold.one(Application, ref=application)
    concerning(row.person_id)
    packed = Shipment.objects.filter(application=row).first()
    if packed is not None:
        return receipt(packed, person=row.person_id, notice="delivery.already_packed")
    require(
        delivery.may_pack(collection=row.collection),
        may_leave(state=row.state, figures=_figures(at)),
    )
    card = Card.objects.filter(application=row).exclude(hr_state=HrState.CANCELLED).first()
    if card is None:
        raise NotFound("Card")
    step(row, ProductionEvent.POST, by=actor, at=at)
    shipment = _new_shipment(row, card, at=at)
    if delivery.must_have_address(address=shipment.address) is None:
        ask_courier(shipment, at=at)
    note(about=shipment.ref, by=actor, at=at, ground="rule book 10; SEED FAQ 6")
    return receipt(shipment, person=row.person_id)


def _new_shipment(application: Application, card: Card, *, at: datetime) -> Shipment:
    told, person = application.key_information, application.person
    shipment = Shipment.objects.create(
        ref=world().ids.new("shp"),
        application=application,
        card=card,
        state=DeliveryState.PACKED,
        recipient=person.name,
        phone=told.get("phone") or person.phone,
        address=told.get("post_to", ""),
        state_since=at,
    )
    take_step(shipment, event="pack", to=DeliveryState.PACKED, at=at)
    return shipment


@walk("delivery.pack_due")
def pack_due(*, actor: Actor, at: datetime, most: int = 50) -> int:
    """Pack every made card that is to be posted; one that cannot be packed stops no other."""
    packed = 0
    for ref in _to_pack(most, at):
        try:
            pack(application=ref, actor=actor, at=at)
        except (Refused, NotFound):
            continue
        packed += 1
    return packed


def _to_pack(most: int, at: datetime) -> list[str]:
    made = Application.objects.filter(
        collection=Collection.POST,
        state__in=ready_to_leave(figures=_figures(at)),
        cards__hr_state=HrState.SEALED,
        shipment=None,
    )
    return list(made.order_by("state_since", "ref").values_list("ref", flat=True)[:most])


def _figures(at: datetime) -> ProductionPolicy:
    return policy.in_force("production", ProductionPolicy, on=local_day(at))


@walk("delivery.hand_over")
def hand_over(*, shipment: str, actor: Actor, at: datetime) -> ShipmentReceipt:
    """Hand a packed or returned parcel over to the courier and keep its EMS number.

    Raises `PartnerSilent`, and `Refused` where the parcel is not waiting to be handed over.
    """
    attempt, parcel = _parcel(shipment)
    ems_number = partners().courier.hand_over(parcel)
    failpoint("delivery.after_courier_call")
    return keep_handed_over(
        shipment=shipment, attempt=attempt, ems_number=ems_number, actor=actor, at=at
    )


def _parcel(shipment_ref: str) -> tuple[int, Parcel]:
    """What leaves: the person's own name, telephone and address, and nothing else."""
    row = Shipment.objects.filter(ref=shipment_ref).first()
    if row is None:
        raise NotFound("Shipment")
    require(delivery.must_have_address(address=row.address))
    message_id = f"{row.ref}-{row.attempt}"
    return row.attempt, Parcel(message_id, row.recipient, row.phone, row.address)


@act("delivery.keep_handed_over")
def keep_handed_over(
    *, shipment: str, attempt: int, ems_number: str, actor: Actor, at: datetime
) -> ShipmentReceipt:
    """The courier has the parcel: keep the number under which it travels."""
    application, row = held(shipment, actor=actor)
    if row.attempt != attempt or row.ems_number == ems_number:
        return receipt(row, person=application.person_id, notice="delivery.already_handed_over")
    again = row.state is DeliveryState.RETURNED
    event = DeliveryEvent.SEND_AGAIN if again else DeliveryEvent.HAND_OVER
    now = DELIVERY.after(row.state, event)
    row.ems_number = ems_number
    row.ems_index = world().custody.blind_index("ems", ems_number)
    row.asked_again_at = None
    row.save(update_fields=["ems_number", "ems_index", "asked_again_at"])
    take_step(row, event=event.value, to=DeliveryState(now), at=at)
    tell("card.posted", about=row.ref, at=at, parties=("sms",), ems_number=ems_number)
    take_early_scans(application, row, actor=actor, at=at)
    note(about=row.ref, by=actor, at=at, ground="rule book 10; SEED FAQ 6", attempt=attempt)
    return receipt(row, person=application.person_id)


def send_parcel(message: Message) -> Undeliverable | None:
    """The relay's way to the courier."""
    asked = Shipment.objects.filter(ref=message.subject, attempt=message.payload["attempt"])
    if not asked.exclude(application__state=ProductionState.RETRACTED).exists():
        return Undeliverable("this parcel is not asked for any more")
    hand_over(shipment=message.subject, actor=THE_CLOCK, at=message.at)
    return None
