"""Moving one blank card: its state, and the movement with its two ends, in one place.

Every act here holds the outlet first, so that nothing moves while a day is being closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from onecard import policy
from onecard.actions import hold
from onecard.domain import stock
from onecard.domain.authority import Actor
from onecard.domain.contacts import Contacts
from onecard.domain.refusal import Fix, FixKind, NotFound, Refusal, Refused, require
from onecard.domain.stock import BLANK, BlankEvent, BlankState, SpoilReason
from onecard.records.models import Application, BlankCard, Outlet, StockCount, StockMovement
from onecard.seams.clock import local_day
from onecard.seams.world import world


def open_outlet(outlet: str, at: datetime) -> Outlet:
    """Hold an outlet whose day is not closed yet. Raises `NotFound`, `Refused`."""
    held = hold.one(Outlet, ref=outlet)
    closed = StockCount.objects.filter(outlet=held, day=local_day(at)).exists()
    require(stock.may_move_today(day_is_closed=closed))
    return held


def held_serials(serials: Sequence[str], outlet: str) -> list[BlankCard]:
    """Hold these blank cards of an outlet; somebody else's look like none. Raises `NotFound`."""
    blanks = hold.many(BlankCard.objects.filter(serial__in=serials, outlet=outlet))
    if len(blanks) != len(set(serials)):
        raise NotFound(BlankCard.__name__)
    return blanks


def move(
    blank: BlankCard,
    event: BlankEvent,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    approved_by: str = "",
    **columns: Any,
) -> None:
    """Let a held blank card take one step. Raises `Refused("stock.not_in_this_state")`."""
    before = _place(blank)
    after = BLANK.after(blank.state, event)
    if not isinstance(after, BlankState):
        raise TypeError(after)
    changed = {"state": after, **columns}
    for column, value in changed.items():
        setattr(blank, column, value)
    blank.save(update_fields=list(changed))
    StockMovement.objects.create(
        ref=world().ids.new("mov"),
        blank=blank,
        from_place=before,
        to_place=_place(blank),
        reason=reason or event.value,
        actor_ref=by.ref,
        approved_by=approved_by,
        at=at,
    )


def take(
    application: Application, outlet: str, *, serial: str = "", by: Actor, at: datetime
) -> BlankCard:
    """Take a blank card of the application's bank out of the drawer, into the printer.

    The one that was scanned, or the first one there. Raises `Refused("stock.no_blank")`.
    """
    here = open_outlet(outlet, at)
    drawer = BlankCard.objects.filter(
        outlet=here, bank=application.bank, state=BlankState.IN_STOCK
    ).order_by("serial")
    wanted = drawer.filter(serial=serial) if serial else drawer
    found = hold.next_of(wanted, most=1)
    if not found:
        raise Refused(_no_blank(application.bank, serial, at))
    move(found[0], BlankEvent.TAKE, by=by, at=at, application=application)
    return found[0]


def taken_for(application: Application) -> BlankCard | None:
    """The blank card that is in the printer for this application."""
    return hold.maybe(BlankCard, application=application, state=BlankState.TAKEN)


def put_back(blank: BlankCard, *, by: Actor, at: datetime) -> None:
    """Back into the drawer unused: the account was not opened."""
    move(blank, BlankEvent.PUT_BACK, by=by, at=at, application=None)


def issue(blank: BlankCard, *, by: Actor, at: datetime) -> None:
    """It has become somebody's card."""
    move(blank, BlankEvent.ISSUE, by=by, at=at)


def reject(blank: BlankCard, reason: SpoilReason, *, by: Actor, at: datetime) -> None:
    """Into the reject box; a second person has still to look at it."""
    move(
        blank,
        BlankEvent.REPORT_SPOILED,
        by=by,
        at=at,
        reason=reason.value,
        application=None,
        spoil_reason=reason.value,
        spoiled_by=by.ref,
    )


def _place(blank: BlankCard) -> str:
    holder = blank.application_id or ""
    return stock.place_of(outlet=blank.outlet_id, state=blank.state, holder=holder)


def _no_blank(bank: str, serial: str, at: datetime) -> Refusal:
    contacts = policy.in_force("contacts", Contacts, on=local_day(at))
    known = contacts.bank(bank)
    facts = {"bank": known.name if known else bank, "serial": serial}
    return Refusal("stock.no_blank", facts, fix=Fix(FixKind.DO_FIRST, {"act": "stock.receive"}))
