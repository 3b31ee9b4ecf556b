"""Deliveries from the supplier, and blank cards on their way from outlet to outlet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard import policy
from onecard.actions._keeping import act, note
from onecard.actions.stock import _blanks
from onecard.domain import contacts as contact_rules
from onecard.domain import stock as rules
from onecard.domain.authority import Actor
from onecard.domain.contacts import Contacts
from onecard.domain.refusal import NotFound, Refusal, Refused, require
from onecard.domain.stock import BlankEvent, BlankState, StockPolicy, place_of
from onecard.records.models import BlankCard, Outlet, StockMovement
from onecard.seams.clock import local_day
from onecard.seams.world import world


@dataclass(frozen=True)
class DeliveryReceipt:
    """Blank cards that lie in an outlet's drawer from now on."""

    outlet: str
    bank: str
    first: str
    last: str
    count: int


@dataclass(frozen=True)
class SendReceipt:
    """Blank cards on their way to another outlet."""

    sender: str
    receiver: str
    count: int


@dataclass(frozen=True)
class ArrivedReceipt:
    """Blank cards that came, and the serials that are still on their way."""

    outlet: str
    count: int
    missing: tuple[str, ...]


@act("stock.receive")
def receive(*, bank: str, first: str, last: str, actor: Actor, at: datetime) -> DeliveryReceipt:
    """Take in a delivery of blank cards, by its first and last serial."""
    day = local_day(at)
    outlet = _blanks.open_outlet(actor.outlet, at)
    contacts = policy.in_force("contacts", Contacts, on=day)
    require(contact_rules.must_be_cooperating(bank=bank, contacts=contacts))
    serials = _range(first, last, at)
    require(_must_be_new(serials))
    blanks = [
        BlankCard(ref=world().ids.new("blk"), serial=serial, bank=bank, outlet=outlet)
        for serial in serials
    ]
    BlankCard.objects.bulk_create(blanks)
    StockMovement.objects.bulk_create([_first_movement(blank, actor, at) for blank in blanks])
    count = len(blanks)
    note(about=outlet.ref, by=actor, at=at, ground="platform B18", bank=bank, count=count)
    return DeliveryReceipt(outlet.ref, bank, serials[0], serials[-1], count)


@act("stock.send")
def send(*, first: str, last: str, receiver: str, actor: Actor, at: datetime) -> SendReceipt:
    """Send blank cards from the actor's outlet to another one; they are in transit until seen."""
    require(rules.may_send_to(sender=actor.outlet, receiver=receiver))
    to = Outlet.objects.filter(ref=receiver).first()
    if to is None:
        raise NotFound(Outlet.__name__)
    _blanks.open_outlet(actor.outlet, at)
    leaving = _blanks.held_serials(_range(first, last, at), actor.outlet)
    for blank in leaving:
        _blanks.move(blank, BlankEvent.SEND, by=actor, at=at, outlet=to)
    count = len(leaving)
    note(about=to.ref, by=actor, at=at, ground="platform B18", sender=actor.outlet, count=count)
    return SendReceipt(actor.outlet, to.ref, count)


@act("stock.confirm_arrival")
def confirm_arrival(*, first: str, last: str, actor: Actor, at: datetime) -> ArrivedReceipt:
    """The receiving outlet has these cards in hand. Whatever did not come is named."""
    outlet = _blanks.open_outlet(actor.outlet, at)
    arrived = _blanks.held_serials(_range(first, last, at), outlet.ref)
    for blank in arrived:
        _blanks.move(blank, BlankEvent.ARRIVE, by=actor, at=at)
    coming = BlankCard.objects.filter(outlet=outlet, state=BlankState.IN_TRANSIT)
    missing = tuple(coming.order_by("serial").values_list("serial", flat=True))
    note(about=outlet.ref, by=actor, at=at, ground="platform B18", count=len(arrived))
    return ArrivedReceipt(outlet.ref, len(arrived), missing)


def _range(first: str, last: str, at: datetime) -> tuple[str, ...]:
    figures = policy.in_force("stock", StockPolicy, on=local_day(at))
    serials = rules.serials_between(first=first, last=last, figures=figures)
    if isinstance(serials, Refusal):
        raise Refused(serials)
    return serials


def _must_be_new(serials: tuple[str, ...]) -> Refusal | None:
    known = BlankCard.objects.filter(serial__in=serials).order_by("serial").first()
    if known is None:
        return None
    return Refusal("stock.serial_known", {"serial": known.serial}, field="first")


def _first_movement(blank: BlankCard, actor: Actor, at: datetime) -> StockMovement:
    return StockMovement(
        ref=world().ids.new("mov"),
        blank=blank,
        from_place=rules.SUPPLIER,
        to_place=place_of(outlet=blank.outlet_id, state=blank.state),
        reason="receive",
        actor_ref=actor.ref,
        at=at,
    )
