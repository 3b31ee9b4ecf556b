"""Replacements, exchanges and parcels: how far a new card is, and what EMS says of its way."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import ConfigDict, Field

from onecard.actions import delivery
from onecard.api.house import Asked
from onecard.api.partner.asking import (
    CardPageAsked,
    Page,
    PageAsked,
    done_once,
    page,
    place_in,
)
from onecard.api.partner.door import allowed
from onecard.api.partner.told import OrderTold, ParcelTold, ScanTold
from onecard.domain.application import ApplicationKind
from onecard.domain.delivery import DeliveryEvent
from onecard.domain.partner_scope import REPLACEMENT_READ, SCAN_WRITE, SHIPMENT_READ
from onecard.queries import partner as queries
from onecard.seams.world import world

router = Router(tags=["orders"])
REPLACEMENTS, EXCHANGES, SHIPMENTS = "replacements", "exchanges", "shipments"
SCANS = {event.value: event for event in DeliveryEvent}


class ScanAsked(Asked):
    """One scan of a parcel; the same `scan_id` again changes nothing."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "scan_id": "EMS-20260302-0001",
                    "event": "scan",
                    "place": "南京",
                    "at": "2026-03-02T08:59:00+08:00",
                }
            ]
        },
    )
    scan_id: Annotated[str, Field(min_length=1, max_length=80, pattern="^[!-~]+$")]
    event: Annotated[DeliveryEvent, Field(description="`scan`, `deliver`, `refuse` or `return`.")]
    place: Annotated[str, Field(max_length=80)] = ""
    at: datetime


@router.get("/replacements", response=Page[OrderTold], operation_id="list_replacements")
def list_replacements(request: HttpRequest, asked: Query[CardPageAsked]) -> object:
    """Replacements of lost cards, of one old card or of all you may know of."""
    return _orders(request, ApplicationKind.REPLACEMENT, REPLACEMENTS, asked)


@router.get("/replacements/{order_id}", response=OrderTold, operation_id="read_replacement")
def read_replacement(request: HttpRequest, order_id: str) -> object:
    """One replacement."""
    caller = allowed(request, REPLACEMENT_READ)
    return queries.order(caller=caller, kind=ApplicationKind.REPLACEMENT, order=order_id)


@router.get("/exchanges", response=Page[OrderTold], operation_id="list_exchanges")
def list_exchanges(request: HttpRequest, asked: Query[CardPageAsked]) -> object:
    """Exchanges of cards in hand, of one old card or of all you may know of."""
    return _orders(request, ApplicationKind.EXCHANGE, EXCHANGES, asked)


@router.get("/exchanges/{order_id}", response=OrderTold, operation_id="read_exchange")
def read_exchange(request: HttpRequest, order_id: str) -> object:
    """One exchange."""
    caller = allowed(request, REPLACEMENT_READ)
    return queries.order(caller=caller, kind=ApplicationKind.EXCHANGE, order=order_id)


@router.get("/shipments", response=Page[ParcelTold], operation_id="list_shipments")
def list_shipments(request: HttpRequest, asked: Query[PageAsked]) -> object:
    """Parcels you may know of."""
    caller = allowed(request, SHIPMENT_READ)
    after = place_in(asked.after, of=SHIPMENTS, client=caller.ref)
    found = queries.shipments(caller=caller, after=after, limit=asked.limit)
    return page(found, asked.limit, of=SHIPMENTS, client=caller.ref)


@router.get("/shipments/{shipment_id}", response=ParcelTold, operation_id="read_shipment")
def read_shipment(request: HttpRequest, shipment_id: str) -> object:
    """One parcel."""
    caller = allowed(request, SHIPMENT_READ)
    return queries.shipment(caller=caller, shipment=shipment_id)


@router.post("/shipments/{shipment_id}/scans", response=ScanTold, operation_id="tell_scan")
@done_once
def tell_scan(request: HttpRequest, shipment_id: str, asked: ScanAsked) -> object:
    """Tell what happened to a parcel. A scan that does not fit is kept and moves nothing."""
    caller = allowed(request, SCAN_WRITE)
    parcel = queries.shipment(caller=caller, shipment=shipment_id)
    return delivery.take_told_scan(
        scan_id=asked.scan_id,
        ems_number=parcel.ems_number,
        event=asked.event,
        place=asked.place,
        happened_at=asked.at,
        actor=caller.actor,
        at=world().clock.now(),
    )


def _orders(request: HttpRequest, kind: ApplicationKind, name: str, asked: CardPageAsked) -> object:
    caller = allowed(request, REPLACEMENT_READ)
    after = place_in(asked.after, of=name, client=caller.ref)
    found = queries.orders(
        caller=caller, kind=kind, card=asked.card_id, after=after, limit=asked.limit
    )
    return page(found, asked.limit, of=name, client=caller.ref)
