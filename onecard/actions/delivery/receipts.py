"""What acts about parcels answer, and the rows they have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions import hold
from onecard.actions._keeping import concerning, tell
from onecard.domain.authority import Actor, Role
from onecard.domain.delivery import DeliveryState
from onecard.domain.production import Holder
from onecard.domain.refusal import NotFound
from onecard.records.models import Application, Shipment, ShipmentStep


@dataclass(frozen=True)
class ShipmentReceipt:
    """Where a shipment stands after the act; `notice` is a code when nothing had to change."""

    shipment: str
    application: str
    person: str
    state: str
    attempt: int
    ems_number: str
    notice: str = ""


@dataclass(frozen=True)
class ScansRead:
    """What became of the courier's news: counts."""

    applied: int = 0
    late: int = 0
    repeated: int = 0
    discrepancies: int = 0


def receipt(shipment: Shipment, *, person: str, notice: str = "") -> ShipmentReceipt:
    """The receipt for a shipment as it is now."""
    return ShipmentReceipt(
        shipment=shipment.ref,
        application=shipment.application_id,
        person=person,
        state=shipment.state.value,
        attempt=shipment.attempt,
        ems_number=shipment.ems_number,
        notice=notice,
    )


def held(shipment_ref: str, *, actor: Actor) -> tuple[Application, Shipment]:
    """Hold a shipment and its application. A citizen finds only the own one, else `NotFound`."""
    application_ref = (
        Shipment.objects.filter(ref=shipment_ref).values_list("application_id", flat=True).first()
    )
    if application_ref is None:
        raise NotFound("Shipment")
    application = hold.one(Application, ref=application_ref)
    if actor.role is Role.CITIZEN and application.person_id != actor.ref:
        raise NotFound("Shipment")
    concerning(application.person_id)
    return application, hold.one(Shipment, ref=shipment_ref)


def take_step(
    shipment: Shipment, *, event: str, to: DeliveryState, at: datetime, place: str = ""
) -> None:
    """Move the shipment and write the line in its history."""
    shipment.state, shipment.state_since = to, at
    shipment.save(update_fields=["state", "state_since"])
    ShipmentStep.objects.create(
        shipment=shipment,
        event=event,
        to_state=to.value,
        ems_number=shipment.ems_number,
        place=place,
        at=at,
    )


def has_it(application: Application, holder: Holder) -> None:
    """Write down in whose hands the matter lies now (novel B24)."""
    application.holder_of_the_moment = holder.value
    application.save(update_fields=["holder_of_the_moment"])


def ask_courier(shipment: Shipment, *, at: datetime) -> None:
    """Let the relay hand the parcel over: its message names the shipment and the attempt."""
    tell(
        "delivery.parcel_ready",
        about=shipment.ref,
        at=at,
        parties=("courier",),
        attempt=shipment.attempt,
    )
