"""Replacements, exchanges and parcels as partners see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from onecard.domain.application import ApplicationKind
from onecard.domain.partner_scope import PartnerCaller, Reach
from onecard.domain.refusal import NotFound
from onecard.records.models import Application, Shipment


@dataclass(frozen=True)
class OrderSeen:
    """A replacement or an exchange: which card it replaces, how far the new one is."""

    id: str
    kind: str
    state: str
    reason: str
    old_card_id: str
    new_card_id: str
    bank: str
    created_at: datetime
    promised_on: date | None


@dataclass(frozen=True)
class ParcelSeen:
    """A card's way by post; no name, no address."""

    id: str
    card_id: str
    application_id: str
    state: str
    ems_number: str
    attempt: int
    state_since: datetime
    delivered_at: datetime | None


def orders(
    *, caller: PartnerCaller, kind: ApplicationKind, card: str, after: str, limit: int
) -> list[OrderSeen]:
    """The next orders of a kind after an id, of one old card or of all."""
    rows = _orders(caller, kind).filter(ref__gt=after)
    if card:
        rows = rows.filter(predecessor=card)
    return [_order(row) for row in rows.order_by("ref")[: limit + 1]]


def order(*, caller: PartnerCaller, kind: ApplicationKind, order: str) -> OrderSeen:
    """One order. Raises `NotFound`."""
    row = _orders(caller, kind).filter(ref=order).first()
    if row is None:
        raise NotFound("Application")
    return _order(row)


def shipments(*, caller: PartnerCaller, after: str, limit: int) -> list[ParcelSeen]:
    """The next parcels after an id."""
    rows = _parcels(caller).filter(ref__gt=after).order_by("ref")
    return [_parcel(row) for row in rows[: limit + 1]]


def shipment(*, caller: PartnerCaller, shipment: str) -> ParcelSeen:
    """One parcel. Raises `NotFound`."""
    row = _parcels(caller).filter(ref=shipment).first()
    if row is None:
        raise NotFound("Shipment")
    return _parcel(row)


def _orders(caller: PartnerCaller, kind: ApplicationKind) -> QuerySet[Application]:
    rows = Application.objects.filter(kind=kind).prefetch_related("cards")
    if caller.rights.reach is Reach.EVERY_CARD:
        return rows
    if caller.rights.reach is Reach.OWN_BANK and caller.bank:
        return rows.filter(Q(bank=caller.bank) | Q(predecessor__bank=caller.bank))
    return rows.none()


def _parcels(caller: PartnerCaller) -> QuerySet[Shipment]:
    if caller.rights.reach is Reach.EVERY_CARD:
        return Shipment.objects.all()
    if caller.rights.reach is Reach.PARCELS:
        return Shipment.objects.exclude(ems_number="")
    if caller.rights.reach is Reach.OWN_BANK and caller.bank:
        return Shipment.objects.filter(application__bank=caller.bank)
    return Shipment.objects.none()


def _order(row: Application) -> OrderSeen:
    new = [card.ref for card in row.cards.all()]
    return OrderSeen(
        id=row.ref,
        kind=row.kind.value,
        state=row.state.value,
        reason=row.reason,
        old_card_id=row.predecessor_id or "",
        new_card_id=new[-1] if new else "",
        bank=row.bank,
        created_at=row.submitted_at,
        promised_on=row.promised_on,
    )


def _parcel(row: Shipment) -> ParcelSeen:
    return ParcelSeen(
        id=row.ref,
        card_id=row.card_id,
        application_id=row.application_id,
        state=row.state.value,
        ems_number=row.ems_number,
        attempt=row.attempt,
        state_since=row.state_since,
        delivered_at=row.delivered_at,
    )
