"""Every route that names an object, and how one object of each bank is made for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from onecard.actions import event
from onecard.domain.application import ApplicationKind
from onecard.domain.authority import THE_CLOCK
from onecard.domain.delivery import DeliveryState
from onecard.domain.partner_scope import (
    CARD_READ,
    EVENT_READ,
    FUNCTION_READ,
    FUNCTION_WRITE,
    LOSS_READ,
    LOSS_WRITE,
    RECONCILIATION_READ,
    REPLACEMENT_READ,
    SCAN_WRITE,
    SHIPMENT_READ,
)
from onecard.records.models import Card, Event, Reconciliation, Shipment
from onecard.seams.world import world
from tests import cast, made_card
from tests.api.partner import stage
from tests.api.partner.calling import a_bank


@dataclass(frozen=True)
class Route:
    """One address with an object in it."""

    path: str
    scope: str
    make: Callable[[Card], str]
    body: dict[str, Any] | None = None
    status: int = 200
    function: str = ""
    needs_version: bool = False

    def __str__(self) -> str:
        return self.path


def objects_of(route: Route) -> dict[str, str]:
    """One object of a card of each bank."""
    return {card.bank: route.make(card) for card in stage.two_cards()}


def _card(card: Card) -> str:
    return card.ref


def _loss(card: Card) -> str:
    answer = a_bank(card.bank).post("/v1/losses", {"card_id": card.ref, "kind": "formal"})
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def _order(kind: ApplicationKind) -> Callable[[Card], str]:
    def make(card: Card) -> str:
        made = made_card.an_application(card.person, bank=card.bank, kind=kind, predecessor=card)
        return made.ref

    return make


def _parcel(card: Card) -> str:
    application = made_card.an_application(card.person, bank=card.bank)
    number = f"EZ{card.ref[-1]}23456789CN"
    return Shipment.objects.create(
        ref=world().ids.new("shp"),
        application=application,
        card=card,
        state=DeliveryState.HANDED_OVER,
        ems_number=number,
        ems_index=made_card.index("ems", number),
        state_since=cast.MONDAY_9AM,
    ).ref


def _event(card: Card) -> str:
    _loss(card)
    event.place_new(actor=THE_CLOCK, at=world().clock.now())
    return Event.objects.get(type="loss.formal.created", about=card.ref).ref


def _comparison(card: Card) -> str:
    now = world().clock.now()
    row = Reconciliation.objects.create(
        ref=world().ids.new("rec"),
        party=f"bank:{card.bank}",
        business_on=now.date(),
        begun_at=now,
        ended_at=now,
    )
    return row.ref


_NEWS = {
    "event": "close",
    "sequence": 1,
    "happened_at": "2026-03-02T08:00:00+08:00",
    "biz_serial_no": "0001",
}
_SCAN = {"scan_id": "s1", "event": "scan", "at": "2026-03-02T08:00:00+08:00"}

ROUTES = (
    Route("/v1/cards/{}", CARD_READ, _card),
    Route("/v1/cards/{}/functions/hr", FUNCTION_READ, _card, function="hr"),
    Route("/v1/cards/{}/functions/fin", FUNCTION_READ, _card, function="fin"),
    Route("/v1/cards/{}/functions/transit", FUNCTION_READ, _card, function="transit"),
    Route("/v1/cards/{}/functions/fin/news", FUNCTION_WRITE, _card, body=_NEWS),
    Route("/v1/losses/{}", LOSS_READ, _loss),
    Route("/v1/losses/{}/withdrawal", LOSS_WRITE, _loss, body={}, needs_version=True),
    Route("/v1/replacements/{}", REPLACEMENT_READ, _order(ApplicationKind.REPLACEMENT)),
    Route("/v1/exchanges/{}", REPLACEMENT_READ, _order(ApplicationKind.EXCHANGE)),
    Route("/v1/shipments/{}", SHIPMENT_READ, _parcel),
    Route("/v1/shipments/{}/scans", SCAN_WRITE, _parcel, body=_SCAN),
    Route("/v1/reconciliations/{}", RECONCILIATION_READ, _comparison),
    Route("/v1/events/{}", EVENT_READ, _event),
)
