"""Which bank stands behind an actor, which one is on a card, and which outlets are of this city."""

from __future__ import annotations

from datetime import date

from onecard import policy
from onecard.domain.authority import Actor, Role
from onecard.domain.contacts import Contacts, CoopBank
from onecard.domain.refusal import Name
from onecard.records.models import ApiClient, Card, Outlet


def bank_of(actor: Actor) -> str:
    """The key of the bank whose clerk or whose system acts; empty for anybody else."""
    if actor.role is Role.PARTNER:
        client = ApiClient.objects.filter(ref=actor.ref, revoked_at=None)
        return client.values_list("bank", flat=True).first() or ""
    outlet = Outlet.objects.filter(ref=actor.outlet)
    return outlet.values_list("bank", flat=True).first() or ""


def card_face_bank(card: Card, day: date) -> CoopBank | None:
    """The bank on the card's face, as the city names it."""
    return policy.in_force("contacts", Contacts, on=day).bank(card.bank)


def is_in_city(outlet: str) -> bool:
    """Whether an outlet of our list is of this city; one we do not keep is elsewhere."""
    city = Outlet.objects.filter(ref=outlet).values_list("city", flat=True).first()
    return city in ("", policy.pack_name())


def name_of(outlet: str) -> Name:
    """An outlet as a fact."""
    row = Outlet.objects.filter(ref=outlet).first()
    return Name(row.name, row.name_en) if row else Name(outlet)
