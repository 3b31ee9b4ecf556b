"""Which cards somebody may see the losses of: the own, those of the own bank, a desk's all."""

from __future__ import annotations

from datetime import date

from onecard import policy
from onecard.domain.authority import Actor, Role
from onecard.domain.contacts import Contacts, CoopBank
from onecard.domain.loss import OpenLoss, Side
from onecard.domain.refusal import NotFound
from onecard.records.models import ApiClient, Card, LossSide, Outlet

_DESKS = frozenset(
    {
        Role.OUTLET_CLERK,
        Role.OUTLET_SUPERVISOR,
        Role.HR_CLERK,
        Role.PHONE_OPERATOR,
        Role.PLATFORM_OPERATOR,
        Role.SYSTEM,
    }
)
_BANKS = frozenset({Role.BANK_CLERK, Role.PARTNER})


def card_for(card: str, viewer: Actor) -> Card:
    """A card whose losses the viewer may see. Raises `NotFound`, for foreign as for absent."""
    row = Card.objects.filter(ref=card).select_related("person").first()
    if row is None or not may_see(row, viewer):
        raise NotFound(Card.__name__)
    return row


def may_see(row: Card, viewer: Actor) -> bool:
    """Whether losses of this card are the viewer's business."""
    if viewer.role is Role.CITIZEN:
        return row.person_id == viewer.ref
    if viewer.role in _BANKS:
        return bank_of(viewer) == row.bank
    return viewer.role in _DESKS


def bank_of(viewer: Actor) -> str:
    """The key of the bank whose clerk or whose system looks."""
    if viewer.role is Role.PARTNER:
        clients = ApiClient.objects.filter(ref=viewer.ref, revoked_at=None)
        return clients.values_list("bank", flat=True).first() or ""
    outlets = Outlet.objects.filter(ref=viewer.outlet)
    return outlets.values_list("bank", flat=True).first() or ""


def card_face_bank(row: Card, day: date) -> CoopBank:
    """The bank on the card's face, as the city names it; by its key where the city does not."""
    known = policy.in_force("contacts", Contacts, on=day).bank(row.bank)
    return known or CoopBank(row.bank, row.bank, row.bank, row.bank, "")


def open_losses(row: Card) -> dict[Side, OpenLoss]:
    """What stands reported lost, by function; whether time has ended it is asked of the card."""
    sides = LossSide.objects.filter(card=row, ended_at=None).select_related("report")
    return {
        side.function: OpenLoss(
            report=side.report_id,
            side=side.function,
            kind=side.report.kind,
            version=side.version,
            since=side.since,
            until=side.until,
            outlet=side.report.outlet,
        )
        for side in sides
    }
