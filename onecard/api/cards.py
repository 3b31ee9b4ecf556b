"""The citizen's own cards and parcels."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from onecard.actions import collection, delivery
from onecard.api.asked import AddressAsked, CardNumberAsked, OutletAsked
from onecard.api.caller import caller_of, done_once
from onecard.api.told import CardTold, EnabledTold, ShipmentTold
from onecard.queries import card as queries
from onecard.seams.world import world

router = Router(tags=["cards"])
READ, WRITE = "card.read", "card.write"


@router.get("/cards", response=list[CardTold], operation_id="my_cards")
def mine(request: HttpRequest) -> object:
    """Every card of the signed-in citizen with its three functions, the live one first."""
    caller = caller_of(request, READ)
    return list(queries.my_cards(as_seen_by=caller.actor, at=world().clock.now()).cards)


@router.post("/cards/{card}/enabling", response=EnabledTold, operation_id="enable_online")
@done_once
def enable(request: HttpRequest, card: str, asked: CardNumberAsked) -> object:
    """Confirm receipt and enable: only in the channel in which the card was applied for."""
    caller = caller_of(request, WRITE)
    return collection.enable_online(
        card=card, card_number=asked.card_number, actor=caller.actor, at=world().clock.now()
    )


@router.post("/shipments/{shipment}/outlet", response=ShipmentTold, operation_id="choose_outlet")
@done_once
def choose_outlet(request: HttpRequest, shipment: str, asked: OutletAsked) -> object:
    """Collect a returned parcel at an outlet instead."""
    caller = caller_of(request, WRITE)
    return delivery.choose_outlet(
        shipment=shipment, outlet=asked.outlet, actor=caller.actor, at=world().clock.now()
    )


@router.post("/shipments/{shipment}/resend", response=ShipmentTold, operation_id="send_again")
@done_once
def send_again(request: HttpRequest, shipment: str, asked: AddressAsked) -> object:
    """Have a returned parcel sent again; the postage is paid by the addressee again."""
    caller = caller_of(request, WRITE)
    return delivery.send_again(
        shipment=shipment, address=asked.address, actor=caller.actor, at=world().clock.now()
    )
