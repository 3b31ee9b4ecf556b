"""Whose top-ups somebody may see: the own, or all for whoever serves people or looks after them."""

from __future__ import annotations

from onecard.domain.authority import Actor, Role
from onecard.domain.refusal import NotFound
from onecard.records.models import PurseAccount, TopUpOrder

_ALL = frozenset(
    {
        Role.CARD_OUTLET_CLERK,
        Role.PARTNER,
        Role.PLATFORM_OPERATOR,
        Role.AUDITOR,
        Role.SYSTEM,
    }
)
LOOKS_AFTER = frozenset({Role.PLATFORM_OPERATOR, Role.AUDITOR, Role.SYSTEM})


def order_for(order: str, viewer: Actor) -> TopUpOrder:
    """An order the viewer may see. Raises `NotFound`, for foreign as for absent."""
    row = TopUpOrder.objects.filter(ref=order).select_related("purse").first()
    if row is None or not (viewer.role in _ALL or is_own(row, viewer)):
        raise NotFound(TopUpOrder.__name__)
    return row


def is_own(row: TopUpOrder, viewer: Actor) -> bool:
    """Whether the viewer opened it."""
    return viewer.role is Role.CITIZEN and row.person == viewer.ref


def purse_for(purse: str, viewer: Actor) -> PurseAccount:
    """A purse the viewer may see: of the own card, with an own order, or any. Raises `NotFound`."""
    row = PurseAccount.objects.filter(ref=purse).select_related("card").first()
    if row is None or not (viewer.role in _ALL or _is_holders(row, viewer)):
        raise NotFound(PurseAccount.__name__)
    return row


def must_look_after(viewer: Actor) -> None:
    """Lists over everybody are for whoever looks after them. Raises `NotFound`."""
    if viewer.role not in LOOKS_AFTER:
        raise NotFound(TopUpOrder.__name__)


def _is_holders(row: PurseAccount, viewer: Actor) -> bool:
    if viewer.role is not Role.CITIZEN:
        return False
    holder = row.card is not None and row.card.person_id == viewer.ref
    return holder or row.orders.filter(person=viewer.ref).exists()
